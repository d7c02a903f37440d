#include "ci/fit.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include "base/utf8.h"
#include "ci/ci.h"

enum { SHA_MIN = 40, HEAD = 8, TAIL = 4 }; /* hex digits */

size_t
fit_columns(FILE *file)
{
	struct winsize size = { 0 };
	int fd = fileno(file);

	if (fd < 0 || !isatty(fd) || ioctl(fd, TIOCGWINSZ, &size) < 0)
		return 0;
	return size.ws_col;
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

/* A whole number of up to 4 digits, or 0. */
static size_t
small_number(const char *text)
{
	size_t n = 0, i = 0;

	for (; text && i < 4 && text[i] >= '0' && text[i] <= '9'; i++)
		n = n * 10 + (size_t)(text[i] - '0');
	return text && text[i] == '\0' ? n : 0;
}

size_t
ci_width(const struct ci *ci)
{
	size_t width = small_number(env_get(ci->env, "COLUMNS"));
	struct winsize size = { 0 };
	int fd = fileno(ci->out);

	if (width == 0 && fd >= 0 && isatty(fd) && ioctl(fd, TIOCGWINSZ, &size) == 0)
		width = size.ws_col;
	if (width == 0)
		width = USUAL_WIDTH;
	if (width < LEAST_WIDTH)
		return LEAST_WIDTH;
	return width < MOST_WIDTH ? width : MOST_WIDTH;
}
