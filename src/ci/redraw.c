/* A table that is drawn again and again in its place on a terminal. */
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/utf8.h"
#include "ci/ci.h"
#include "ci/fit.h"
#include "ci/say.h"

enum { USUAL_ROWS = 24, USUAL_COLUMNS = 80 };

/* Somebody sits at a terminal: `log` is one, and neither a runner nor anything that calls itself CI has started
 * us. */
static bool
is_interactive(const struct ci *ci)
{
	int fd = fileno(ci->log);

	return !ci->quiet && !ci_is_runner(ci) && !env_get(ci->env, "CI") && fd >= 0 && isatty(fd);
}

bool
ci_can_redraw(const struct ci *ci)
{
	const char *term = env_get(ci->env, "TERM");

	return is_interactive(ci) && term && *term && strcmp(term, "dumb") != 0;
}

static size_t
rows_of(const struct ci *ci)
{
	struct winsize size = { 0 };
	int fd = fileno(ci->log);

	if (fd < 0 || ioctl(fd, TIOCGWINSZ, &size) < 0 || size.ws_row == 0)
		return USUAL_ROWS;
	return size.ws_row;
}

void
redraw_erase(struct ci *ci)
{
	if (ci->drawn_rows == 0)
		return;
	/* to the start of the first row of the table, and everything below it away */
	(void)fprintf(ci->log, "\x1b[%zuA\r\x1b[J", ci->drawn_rows);
	(void)fflush(ci->log);
	ci->drawn_rows = 0;
}

size_t
ci_redraw_columns(const struct ci *ci)
{
	size_t columns = fit_columns(ci->log);

	return columns > 0 ? columns : USUAL_COLUMNS;
}

static void
add_row(struct buf *text, struct str line, size_t columns)
{
	struct buf clean = BUF_INIT(SAY_LINE_MAX);

	say_clean(&clean, line, SAY_START);
	utf8_add_cut(text, buf_str(&clean), columns);
	buf_free(&clean);
}

/* Some characters are wider than one column: the terminal must not begin another row for them. */
void
ci_redraw(struct ci *ci, const struct str *lines, size_t count)
{
	size_t most = rows_of(ci) - 1, shown = count <= most ? count : most;
	size_t columns = ci_redraw_columns(ci);
	struct buf text = BUF_INIT(SAY_LINE_MAX);

	redraw_erase(ci);
	if (shown == 0)
		return;
	buf_add(&text, STR("\x1b[?7l"));
	for (size_t i = 0; i < shown; i++) {
		if (i + 1 == shown && shown < count)
			buf_fmt(&text, "  and %zu more", count - i);
		else
			add_row(&text, lines[i], columns);
		buf_add_char(&text, '\n');
	}
	buf_add(&text, STR("\x1b[?7h"));
	(void)fflush(ci->out);
	(void)fwrite(text.ptr, 1, text.len, ci->log);
	(void)fflush(ci->log);
	ci->drawn_rows = shown;
	buf_free(&text);
}
