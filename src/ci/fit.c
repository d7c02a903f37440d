#include "ci/fit.h"

#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/utf8.h"
#include "ci/ci.h"

enum { SHA_MIN = 40, HEAD = 8, TAIL = 4 }; /* hex digits */

static bool
is_terminal(FILE *file)
{
	int fd = fileno(file);

	return fd >= 0 && isatty(fd);
}

static struct winsize
size_of(FILE *file)
{
	struct winsize size = { 0 };

	if (!is_terminal(file) || ioctl(fileno(file), TIOCGWINSZ, &size) < 0)
		return (struct winsize){ 0 };
	return size;
}

size_t
fit_columns(FILE *file)
{
	return size_of(file).ws_col;
}

size_t
fit_rows(FILE *file)
{
	return size_of(file).ws_row;
}

bool
fit_takes_escapes(const struct env *env, FILE *file)
{
	const char *term = env_get(env, "TERM");

	return term && strcmp(term, "dumb") != 0 && is_terminal(file);
}

static bool
is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

static size_t
hex_run(struct str s)
{
	size_t len = 0;

	while (len < s.len && is_hex(s.ptr[len]))
		len++;
	return len;
}

void
fit_line(struct buf *out, struct str line, size_t columns)
{
	size_t width = utf8_count(line); /* how wide a character is drawn is unknown */

	while (line.len > 0) {
		size_t run = hex_run(line);

		if (run >= SHA_MIN && columns > 0 && width > columns) {
			buf_fmt(out, "%.*s…%.*s", HEAD, line.ptr, TAIL, line.ptr + run - TAIL);
			width -= run - HEAD - TAIL - 1;
		} else {
			run = run > 0 ? run : 1;
			buf_add(out, str_head(line, run));
		}
		line = str_tail(line, run);
	}
}

enum { USUAL_WIDTH = 80, LEAST_WIDTH = 40, MOST_WIDTH = 120 };

size_t
ci_width(const struct ci *ci)
{
	uint64_t width;

	if (!str_number(str_of(env_get(ci->env, "COLUMNS")), &width) || width == 0)
		width = fit_columns(ci->out);
	if (width == 0)
		width = USUAL_WIDTH;
	if (width < LEAST_WIDTH)
		return LEAST_WIDTH;
	return width < MOST_WIDTH ? (size_t)width : MOST_WIDTH;
}
