#include "drawing/label.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"

enum {
	TEXT_MAX = 1 << 20,
	WIDE_FROM = 0x1100
}; /* from Hangul on characters may take two columns */

const int label_sizes[LABEL_KIND_COUNT] = {
	[LABEL_TITLE] = 13, [LABEL_NOTE] = 11, [LABEL_BRANCH] = 10
};

/* in characters */
static const size_t longest[LABEL_KIND_COUNT] = {
	[LABEL_TITLE] = 40, [LABEL_NOTE] = 44, [LABEL_BRANCH] = 16
};

/* Takes the first character off and returns how many columns it has. */
static size_t
take_character(struct str *text)
{
	uint32_t point = 0;
	size_t len = utf8_first(*text, &point);

	*text = str_tail(*text, len ? len : 1);
	return len && point >= WIDE_FROM ? 2 : 1;
}

static size_t
columns_of(struct str text, size_t most)
{
	size_t columns = 0;

	while (text.len > 0 && columns < most)
		columns += take_character(&text);
	return columns;
}

int
label_width(struct str text, enum label kind)
{
	int columns = (int)columns_of(text, longest[kind]);

	return (columns * label_sizes[kind] * 6 + 9) / 10;
}

/* Drops characters from the front until `count` columns are left. */
static struct str
last_columns(struct str text, size_t count)
{
	while (columns_of(text, count + 1) > count)
		(void)take_character(&text);
	return text;
}

static struct str
first_columns(struct str text, size_t count)
{
	struct str rest = text, next = text;
	size_t columns = 0;

	while (next.len > 0 && (columns += take_character(&next)) <= count)
		rest = next;
	return str_head(text, text.len - rest.len);
}

struct str
label_short(struct arena *a, struct str text, enum label kind)
{
	size_t half = longest[kind] / 2;

	if (columns_of(text, longest[kind] + 1) <= longest[kind])
		return text;
	return arena_fmt(a, "%.*s…%.*s", STR_FMT(first_columns(text, half)),
	    STR_FMT(last_columns(text, half - 1)));
}

/* Controls, marks of the direction of text, and what XML does not allow. */
static bool
is_unseen(uint32_t point)
{
	return point < ' ' || (point >= 0x7f && point < 0xa0)
	       || (point >= 0x200b && point <= 0x200f) || (point >= 0x2028 && point <= 0x202e)
	       || (point >= 0x2066 && point <= 0x2069) || point == 0x061c || point == 0xfeff
	       || (point & 0xfffe) == 0xfffe;
}

void
label_clean(struct buf *out, struct str text, bool has_lines)
{
	uint32_t point = 0;

	while (text.len > 0) {
		size_t len = utf8_first(text, &point);

		if (len == 0)
			buf_fmt(out, "\\x%02x", (unsigned char)*text.ptr);
		else if ((point == '\n' && has_lines) || !is_unseen(point))
			buf_add(out, str_head(text, len));
		else
			buf_fmt(out, point < 0x80 ? "\\x%02x" : "\\u%04x", (unsigned)point);
		text = str_tail(text, len ? len : 1);
	}
}

void
label_xml(struct buf *out, struct str text)
{
	struct buf clean = BUF_INIT(TEXT_MAX);

	label_clean(&clean, text, false);
	for (size_t i = 0; i < clean.len; i++)
		switch (clean.ptr[i]) {
		case '&':
		case '<':
		case '>':
		case '"':
		case '\'':
			buf_fmt(out, "&#%d;", clean.ptr[i]);
			break;
		default:
			buf_add_char(out, clean.ptr[i]);
		}
	buf_free(&clean);
}
