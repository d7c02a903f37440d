#include "retag/splice.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "format/yaml_scalar.h"

/* The largest length of a text in quotes, with an escape for each byte. */
static size_t
room_for(struct str text)
{
	return 6 * text.len + 2;
}

/* *out gets the bytes; false when there was no memory for all of them. */
static bool
take_all(struct buf *made, struct arena *a, struct str *out)
{
	bool whole = !buf_is_full(made);

	*out = buf_take(made, a);
	return whole;
}

static bool
json_text(struct arena *a, struct str text, struct str *out)
{
	struct buf made = BUF_INIT(room_for(text));

	json_write_string(&made, text);
	return take_all(&made, a, out);
}

/* Characters that need no escape in YAML (YAML 1.2, 5.1); not those that it reads as line ends. */
static bool
is_printable(uint32_t c)
{
	return (c >= 0x20 && c <= 0x7e)
	       || (c >= 0xa0 && c != 0x2028 && c != 0x2029 && c != 0xfeff && c < 0xfffe)
	       || c >= 0x10000;
}

static bool
double_text(struct arena *a, struct str text, struct str *out)
{
	struct buf made = BUF_INIT(room_for(text));
	uint32_t c = 0;
	size_t len;

	buf_add_char(&made, '"');
	for (struct str rest = text; rest.len > 0; rest = str_tail(rest, len)) {
		len = utf8_first(rest, &c);
		if (c == '"' || c == '\\')
			buf_fmt(&made, "\\%c", (int)c);
		else if (is_printable(c))
			buf_add(&made, str_head(rest, len));
		else
			buf_fmt(&made, "\\u%04x", (unsigned)c);
	}
	buf_add_char(&made, '"');
	return take_all(&made, a, out);
}

static bool
is_all_printable(struct str text)
{
	uint32_t c = 0;

	while (text.len > 0) {
		text = str_tail(text, utf8_first(text, &c));
		if (!is_printable(c))
			return false;
	}
	return true;
}

/* Lines are folded in single quotes, and blanks at their ends with them. */
static bool
single_text(struct arena *a, struct str text, struct str *out)
{
	struct buf made = BUF_INIT(room_for(text));

	if (!is_all_printable(text))
		return double_text(a, text, out);
	buf_add_char(&made, '\'');
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '\'')
			buf_add_char(&made, '\'');
		buf_add_char(&made, text.ptr[i]);
	}
	buf_add_char(&made, '\'');
	return take_all(&made, a, out);
}

/* Text that is itself without quotes, in any place: of few characters, which all images consist of. */
static bool
is_plain(struct arena *a, struct str text)
{
	struct yaml_plain value = yaml_plain_read(a, text);

	return str_is_of(text, CHARS_ALNUM "._/@:+-") && str_span(text, CHARS_ALNUM) > 0
	       && text.ptr[text.len - 1] != ':' && value.kind == NODE_STRING && !value.is_date
	       && !value.fault && !yaml_is_ambiguous(text);
}

/* A block scalar's text is in it as it is, behind the header's line. */
static bool
splice_block(struct str source, const struct node *n, struct str text, struct edit *out)
{
	struct str all = str_head(str_tail(source, n->at.offset), n->at.len),
	           old = str_trim(n->text);
	size_t head = str_find(all, '\n'), at = head, end;

	at += str_span(str_tail(all, at), " \t\r\n");
	end = at + old.len;
	if (old.len == 0 || head >= all.len || end > all.len || !is_all_printable(text)
	    || str_trim(text).len != text.len || text.len == 0
	    || memcmp(all.ptr + at, old.ptr, old.len) != 0 || str_find(old, '\n') < old.len
	    || str_trim(str_tail(all, end)).len > 0)
		return false;
	*out = (struct edit){
		.at = { .offset = n->at.offset + at, .len = old.len, .line = n->at.line },
		.text = text,
	};
	return true;
}

/* Lines of blanks with tabs belong to a plain scalar before them, but are an error behind a quoted one. */
static bool
is_before_tabs(struct str source, const struct node *n)
{
	struct str rest = str_tail(source, n->at.offset + n->at.len);
	bool has_tab = false, is_next_line = false;

	for (size_t i = 0; i < rest.len && strchr(" \t\r\n", rest.ptr[i]); i++) {
		is_next_line = is_next_line || rest.ptr[i] == '\n' || rest.ptr[i] == '\r';
		has_tab = has_tab || (is_next_line && rest.ptr[i] == '\t');
	}
	return has_tab;
}

/* Not YAML's empty value, nor one that is glued to its anchor ("&a:b"), nor one behind a stray BOM, of
 * which libyaml makes a column. */
static bool
has_own_place(struct str source, const struct node *n)
{
	char before = n->at.offset ? source.ptr[n->at.offset - 1] : ' ';

	return n->at.len > 0 && !str_starts(str_tail(source, n->at.offset), "\xef\xbb\xbf")
	       && before != '\xbf' && !strchr(CHARS_ALNUM "_-", before);
}

bool
splice_scalar(
    struct arena *a, struct str source, const struct node *n, struct str text, struct edit *out)
{
	*out = (struct edit){ .at = n->at };
	if (!has_own_place(source, n))
		return false;
	switch (n->style) {
	case STYLE_JSON:
		return json_text(a, text, &out->text);
	case STYLE_PLAIN:
		out->text = text;
		return is_plain(a, text)
		       || (!is_before_tabs(source, n) && double_text(a, text, &out->text));
	case STYLE_SINGLE:
		return single_text(a, text, &out->text);
	case STYLE_DOUBLE:
		return double_text(a, text, &out->text);
	case STYLE_BLOCK:
		return splice_block(source, n, text, out);
	case STYLE_OTHER:
		return false;
	}
	return false;
}

static int
by_offset(const void *left, const void *right)
{
	const struct edit *a = left, *b = right;
	int order = (a->at.offset > b->at.offset) - (a->at.offset < b->at.offset);

	/* what is put in between comes before what is replaced there */
	return order ? order : (a->at.len > b->at.len) - (a->at.len < b->at.len);
}

static char *
put(char *to, struct str text)
{
	if (text.len > 0)
		memcpy(to, text.ptr, text.len);
	return to + text.len;
}

/* How long the text becomes; SIZE_MAX: the edits, which are sorted, cannot be made. */
static size_t
spliced_len(struct str source, const struct edit *edits, size_t count)
{
	size_t len = source.len, end = 0;

	for (size_t i = 0; i < count; i++) {
		const struct span *at = &edits[i].at;

		if (at->offset < end || at->offset > source.len
		    || at->len > source.len - at->offset)
			return SIZE_MAX;
		end = at->offset + at->len;
		len += edits[i].text.len - at->len;
	}
	return len;
}

struct str
splice(struct arena *a, struct str source, const struct edit *edits, size_t count)
{
	struct edit *sorted = ARENA_ARRAY(a, count, struct edit);
	size_t len, from = 0;
	char *text, *to;

	if (count > 0)
		memcpy(sorted, edits, count * sizeof(*edits));
	if (count > 1)
		qsort(sorted, count, sizeof(*sorted), by_offset);
	len = spliced_len(source, sorted, count);
	if (len == SIZE_MAX)
		return (struct str){ NULL, 0 };
	text = to = arena_alloc(a, len + 1);
	for (size_t i = 0; i < count; i++) {
		to = put(to, (struct str){ source.ptr + from, sorted[i].at.offset - from });
		to = put(to, sorted[i].text);
		from = sorted[i].at.offset + sorted[i].at.len;
	}
	to = put(to, str_tail(source, from));
	*to = '\0';
	return (struct str){ text, len };
}
