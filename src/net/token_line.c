#include "net/token_line.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "secret/secret.h"

struct making {
	struct str before;
	char *line;
};

static int
make_line(void *ctx, struct str bytes)
{
	struct making *m = ctx;

	m->line = malloc(m->before.len + bytes.len + 1);
	if (!m->line)
		return -1;
	memcpy(m->line, m->before.ptr, m->before.len);
	memcpy(m->line + m->before.len, bytes.ptr, bytes.len);
	m->line[m->before.len + bytes.len] = '\0';
	return 0;
}

char *
token_line_new(const char *before, const struct secret *token)
{
	struct making m = { .before = str_of(before) };

	return secret_lend(token, make_line, &m) < 0 ? NULL : m.line;
}

void
token_line_free(char *line)
{
	if (line)
		secret_wipe(line, strlen(line));
	free(line);
}
