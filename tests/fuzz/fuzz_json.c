/*
 * Whatever doc_parse() accepts: every span lies in the text and in its parent's, a string's span
 * decodes to the node's text, every other scalar's is its text; json_write() of each document
 * parses again, without an error, to an equal tree. Whatever it refuses has a place and a hint.
 */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "format/doc.h"

#include "fuzz.h"

static unsigned
hex4(const char *p)
{
	char digits[5] = { 0 };

	memcpy(digits, p, 4);
	return (unsigned)strtoul(digits, NULL, 16);
}

static void
add_utf8(struct buf *out, unsigned c)
{
	if (c < 0x80) {
		buf_add_char(out, (char)c);
	} else if (c < 0x800) {
		buf_add_char(out, (char)(0xc0 | c >> 6));
		buf_add_char(out, (char)(0x80 | (c & 0x3f)));
	} else if (c < 0x10000) {
		buf_add_char(out, (char)(0xe0 | c >> 12));
		buf_add_char(out, (char)(0x80 | (c >> 6 & 0x3f)));
		buf_add_char(out, (char)(0x80 | (c & 0x3f)));
	} else {
		buf_add_char(out, (char)(0xf0 | c >> 18));
		buf_add_char(out, (char)(0x80 | (c >> 12 & 0x3f)));
		buf_add_char(out, (char)(0x80 | (c >> 6 & 0x3f)));
		buf_add_char(out, (char)(0x80 | (c & 0x3f)));
	}
}

/* True when the string's source at `at` means `value`. */
static bool
decodes_to(struct str text, struct span at, struct str value)
{
	static const char from[] = "bfnrt\"\\/", to[] = "\b\f\n\r\t\"\\/";
	struct str s = str_head(str_tail(text, at.offset), at.len);
	struct buf out = BUF_INIT(1 << 24);
	bool same;

	must(s.len >= 2 && s.ptr[0] == '"' && s.ptr[s.len - 1] == '"');
	for (size_t i = 1; i < s.len - 1; i++) {
		unsigned c;

		if (s.ptr[i] != '\\') {
			buf_add_char(&out, s.ptr[i]);
			continue;
		}
		i++;
		must(i < s.len - 1);
		if (s.ptr[i] != 'u') {
			const char *letter = strchr(from, s.ptr[i]);

			must(letter && *letter);
			buf_add_char(&out, to[letter - from]);
			continue;
		}
		must(i + 4 < s.len - 1);
		c = hex4(s.ptr + i + 1);
		i += 4;
		if (c >= 0xd800 && c < 0xdc00) {
			must(i + 6 < s.len - 1);
			c = 0x10000 + ((c - 0xd800) << 10) + (hex4(s.ptr + i + 3) - 0xdc00);
			i += 6;
		}
		add_utf8(&out, c);
	}
	same = str_eq(buf_str(&out), value);
	buf_free(&out);
	return same;
}

static bool
is_inside(struct span inner, size_t from, size_t to)
{
	return inner.line > 0 && inner.col > 0 && inner.offset >= from
	       && inner.offset + inner.len <= to && inner.len > 0;
}

/* The line and column of the offset, counted anew. */
static bool
is_placed(struct str text, struct span at)
{
	uint32_t line = 1;
	size_t start = str_starts(text, "\xef\xbb\xbf") ? 3 : 0;

	for (size_t i = 0; i < at.offset; i++) {
		if (text.ptr[i] == '\n') {
			line++;
			start = i + 1;
		}
	}
	return at.line == line && at.col == at.offset - start + 1;
}

static void
check(struct arena *a, struct str text, const struct node *n)
{
	size_t count = 0, from = n->at.offset;

	must(is_inside(n->at, 0, text.len) && is_placed(text, n->at));
	if (n->kind == NODE_STRING)
		must(decodes_to(text, n->at, n->text));
	if (n->kind == NODE_NUMBER || n->kind == NODE_BOOL)
		must(str_eq(str_head(str_tail(text, n->at.offset), n->at.len), n->text));
	for (const struct node *m = n->first; m; m = m->next, count++) {
		if (n->kind == NODE_OBJECT) {
			must(
			    is_inside(m->key_at, from, m->at.offset) && is_placed(text, m->key_at));
			must(decodes_to(text, m->key_at, m->key));
			must(n->count > 100 || m->is_twice
			     || node_get(n, arena_cstr(a, m->key)) == m);
		}
		must(is_inside(m->at, from, n->at.offset + n->at.len));
		from = m->at.offset + m->at.len;
		check(a, text, m);
	}
	must(count == n->count);
}

static bool
is_same(const struct node *a, const struct node *b)
{
	const struct node *x = a->first, *y = b->first;

	if (a->kind != b->kind || a->count != b->count || !str_eq(a->text, b->text)
	    || !str_eq(a->key, b->key))
		return false;
	for (; x && y; x = x->next, y = y->next)
		if (!is_same(x, y))
			return false;
	return !x && !y;
}

/* Written and read again. A document that is not an object or array is put into an array. */
static void
write_and_read(
    struct arena *a, const struct node *n, void (*write)(struct buf *, const struct node *))
{
	struct diags d = diags_in(a);
	struct buf out = BUF_INIT(1 << 26);
	struct doc *again;

	buf_add_char(&out, '[');
	write(&out, n);
	buf_add_char(&out, ']');
	must(!buf_is_full(&out));
	again = doc_parse(a, "again.json", buf_str(&out), &d);
	/* the array around it may be the one level too many */
	if (d.count == 1 && str_starts(d.list[0].what, "values nest deeper"))
		n = NULL;
	must(!n || (d.errors == 0 && again->count == 1 && is_same(n, again->first)));
	buf_free(&out);
}

/* What begins with no bracket may be read as YAML, which fuzz_yaml looks after. */
static bool
is_json(struct str text)
{
	text = str_trim(str_starts(text, "\xef\xbb\xbf") ? str_tail(text, 3) : text);
	return str_starts(text, "{") || str_starts(text, "[");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena *a = arena_new(no_memory);
	struct diags d = diags_in(a);
	char *exact = malloc(len ? len : 1); /* no byte behind it */
	struct str text = { exact, len };
	struct doc *doc;
	size_t count = 0;

	must(exact != NULL);
	memcpy(exact, data, len);
	doc = doc_parse(a, "x.json", text, &d);
	for (size_t i = 0; i < d.count; i++)
		must(d.list[i].at.line > 0 && d.list[i].hint.len > 0 && d.list[i].at.offset <= len
		     && is_placed(text, d.list[i].at));
	for (const struct node *n = doc->first; n; n = n->next, count++) {
		if (d.errors > 0 || !is_json(text))
			continue;
		check(a, text, n);
		must(is_same(n, node_copy(a, n)));
		write_and_read(a, n, json_write);
		write_and_read(a, n, json_write_pretty);
	}
	must(count == doc->count);
	free(exact);
	arena_free(a);
	return 0;
}
