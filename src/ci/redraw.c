/* A table that is drawn again and again in its place on a terminal. */
#include "base/utf8.h"
#include "ci/ci.h"
#include "ci/fit.h"
#include "ci/say.h"

enum { USUAL_ROWS = 24, USUAL_COLUMNS = 80 };

bool
ci_can_redraw(const struct ci *ci)
{
	return !ci->quiet && !ci_is_runner(ci) && !env_get(ci->env, "CI")
	       && fit_takes_escapes(ci->env, ci->log);
}

void
redraw_erase(struct ci *ci)
{
	if (ci->drawn_rows == 0)
		return;
	/* moves to the start of the table's first row and erases everything from there on */
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

/* Automatic margins are off meanwhile: some characters are wider than one column, and a row that is then too wide must
 * not take a second one. */
void
ci_redraw(struct ci *ci, const struct str *lines, size_t count)
{
	size_t rows = fit_rows(ci->log), most = (rows > 0 ? rows : USUAL_ROWS) - 1;
	size_t shown = count <= most ? count : most, columns = ci_redraw_columns(ci);
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
