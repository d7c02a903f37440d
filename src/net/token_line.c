#include "net/token_line.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "secret/base64.h"
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

/* Base64 of the secret. */
static int
make_pair(void *ctx, struct str bytes)
{
	struct making *m = ctx;

	m->line = malloc(m->before.len + base64_len(bytes.len, BASE64_PADDED) + 1);
	if (!m->line)
		return -1;
	memcpy(m->line, m->before.ptr, m->before.len);
	base64_write(m->line + m->before.len, bytes, BASE64_PADDED);
	return 0;
}

char *
token_line_pair(const struct secret *token)
{
	struct making m = { .before = STR("Authorization: Basic ") };

	return secret_lend(token, make_pair, &m) < 0 ? NULL : m.line;
}

/* Base64 of ":" and the secret. */
static int
make_basic(void *ctx, struct str bytes)
{
	size_t len = bytes.len + 1;
	char *pair = malloc(len);
	int rc;

	if (!pair)
		return -1;
	pair[0] = ':';
	memcpy(pair + 1, bytes.ptr, bytes.len);
	rc = make_pair(ctx, (struct str){ pair, len });
	secret_wipe(pair, len);
	free(pair);
	return rc;
}

char *
token_line_basic(const struct secret *token)
{
	struct making m = { .before = STR("Authorization: Basic ") };

	return secret_lend(token, make_basic, &m) < 0 ? NULL : m.line;
}

void
token_line_free(char *line)
{
	if (line)
		secret_wipe(line, strlen(line));
	free(line);
}
