#include "ci/say.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "ci/ci.h"

/* C1 controls end lines or begin escape sequences on terminals; U+2028 and U+2029 end lines; the
 * others show text in another order than it is read. */
static bool
is_hidden(uint32_t point)
{
	return (point >= 0x80 && point <= 0x9f) || (point >= 0x2028 && point <= 0x202e)
	       || (point >= 0x2066 && point <= 0x2069);
}

/* JSON knows no \xNN. */
static void
add_json_point(struct buf *out, struct str bytes, uint32_t point)
{
	if ((point < 0x20 && point != '\t') || point == 0x7f || is_hidden(point))
		buf_fmt(out, "\\u%04x", (unsigned)point);
	else
		buf_add(out, bytes);
}

static void
add_point(struct buf *out, struct str bytes, uint32_t point)
{
	if (point == '\n')
		buf_add(out, STR("\\n"));
	else if (point == '\r')
		buf_add(out, STR("\\r"));
	else if ((point < 0x20 && point != '\t') || point == 0x7f)
		buf_fmt(out, "\\x%02x", (unsigned)point);
	else if (is_hidden(point))
		buf_fmt(out, "\\u%04x", (unsigned)point);
	else
		buf_add(out, bytes);
}

static void
add_visible(struct buf *out, struct str text, bool is_json)
{
	while (text.len > 0) {
		uint32_t point = 0;
		size_t len = utf8_first(text, &point);

		if (len == 0 && is_json)
			buf_add(out, STR("\\ufffd"));
		else if (len == 0)
			buf_fmt(out, "\\x%02x", (unsigned)(unsigned char)text.ptr[0]);
		else if (is_json)
			add_json_point(out, str_head(text, len), point);
		else
			add_point(out, str_head(text, len), point);
		text = str_tail(text, len > 0 ? len : 1);
	}
}

/* "##VSO[" too: no system promises that it will always be particular about case. */
static bool
is_letter(char c, char small)
{
	return c == small || (small >= 'a' && small <= 'z' && c == small - 'a' + 'A');
}

/* True when `s` starts with the characters of `word`, perhaps with bytes outside ASCII between them;
 * *after gets the offset behind the second character. */
static bool
reads_as(struct str s, const char *word, size_t *after)
{
	size_t at = 0;

	for (size_t i = 0; word[i]; i++) {
		while (i > 0 && at < s.len && (unsigned char)s.ptr[at] >= 0x80)
			at++;
		if (at >= s.len || !is_letter(s.ptr[at], word[i]))
			return false;
		at++;
		if (i == 1)
			*after = at;
	}
	return true;
}

static bool
is_command(struct str s, size_t *after)
{
	return reads_as(s, "##[", after) || reads_as(s, "##vso[", after)
	       || reads_as(s, "##teamcity[", after);
}

/* Buildkite's folds. */
static bool
is_fold(struct str s)
{
	return str_starts(s, "--- ") || str_starts(s, "+++ ") || str_starts(s, "~~~ ")
	       || str_starts(s, "^^^ ");
}

static void
break_start(struct buf *out, struct str *s)
{
	size_t at = 0, after = 0;

	while (at < s->len && (strchr(" \t", s->ptr[at]) || (unsigned char)s->ptr[at] >= 0x80))
		at++;
	if (!reads_as(str_tail(*s, at), "::", &after) && !is_fold(*s))
		return;
	buf_add(out, str_head(*s, at));
	buf_add_char(out, '\\');
	*s = str_tail(*s, at);
}

/* `s` has no NUL and no control but tab any more. */
static void
add_broken(struct buf *out, struct str s, enum say_place place)
{
	size_t after = 0;

	if (place == SAY_START)
		break_start(out, &s);
	while (s.len > 0) {
		size_t at = str_find(s, '#');

		buf_add(out, str_head(s, at));
		s = str_tail(s, at);
		if (s.len == 0)
			return;
		if (!is_command(s, &after)) {
			buf_add_char(out, '#');
			s = str_tail(s, 1);
			continue;
		}
		if (place == SAY_JSON) {
			buf_add(out, str_head(s, after - 1));
			buf_add(out, STR("\\u0023"));
		} else {
			buf_add(out, str_head(s, after));
			buf_add_char(out, '\\');
		}
		s = str_tail(s, after);
	}
}

void
say_clean(struct buf *out, struct str text, enum say_place place)
{
	struct buf visible = BUF_INIT(SAY_LINE_MAX);

	add_visible(&visible, text, place == SAY_JSON);
	add_broken(out, buf_str(&visible), place);
	buf_free(&visible);
}

void
say_vfmt(struct buf *out, enum say_place place, const char *fmt, va_list args)
{
	char few[1024], *text = few;
	size_t room = sizeof(few), len;
	va_list again;
	int all;

	va_copy(again, args);
	all = vsnprintf(few, sizeof(few), fmt, args);
	len = all > 0 ? (size_t)all : 0;
	if (len >= sizeof(few)) {
		room = len < SAY_MAX ? len + 1 : SAY_MAX + 1;
		text = malloc(room);
		if (text)
			(void)vsnprintf(text, room, fmt, again);
		else
			text = few, room = sizeof(few);
	}
	va_end(again);
	say_clean(out, (struct str){ text, len < room ? len : room - 1 }, place);
	if (len >= room)
		buf_fmt(out, "... (cut here, %zu bytes in all)", len);
	if (text != few)
		free(text);
}

void
say_fmt(struct buf *out, enum say_place place, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say_vfmt(out, place, fmt, args);
	va_end(args);
}

const char *
say_escape_of(const struct say_escape *escapes, char c)
{
	for (; escapes && escapes->text; escapes++)
		if (escapes->c == c)
			return escapes->text;
	return NULL;
}

static void
add_field_line(struct buf *out, struct str text, const struct say_escape *escapes)
{
	struct buf clean = BUF_INIT(SAY_LINE_MAX);

	say_clean(&clean, text, SAY_INSIDE);
	for (size_t i = 0; i < clean.len; i++) {
		const char *other = say_escape_of(escapes, clean.ptr[i]);

		if (other)
			buf_add(out, str_of(other));
		else
			buf_add_char(out, clean.ptr[i]);
	}
	buf_free(&clean);
}

void
say_field(struct buf *out, struct str text, const struct say_escape *escapes)
{
	const char *line_end = say_escape_of(escapes, '\n');
	size_t end = line_end ? str_find(text, '\n') : text.len;

	add_field_line(out, str_head(text, end), escapes);
	while (end < text.len) {
		text = str_tail(text, end + 1);
		end = str_find(text, '\n');
		if (end == 0)
			continue;
		buf_add(out, str_of(line_end));
		add_field_line(out, str_head(text, end), escapes);
	}
}

void
say_line(struct ci *ci, FILE *to, struct buf *line)
{
	redraw_erase(ci);
	/* a runner reads both through pipes and shows lines as they come */
	(void)fflush(to == ci->log ? ci->out : ci->log);
	buf_add_char(line, '\n');
	if (line->len > 0)
		(void)fwrite(line->ptr, 1, line->len, to);
	if (buf_is_full(line)) /* no memory: a cut line still ends before the next begins */
		(void)fputc('\n', to);
	buf_free(line);
}

void
say_command(
    struct ci *ci, FILE *to, const char *command, struct str text, const struct say_escape *escapes)
{
	struct buf line = BUF_INIT(SAY_LINE_MAX);

	buf_add(&line, str_of(command));
	say_field(&line, text, escapes);
	say_line(ci, to, &line);
}
