/*
 * Input: a text to put in, a NUL, then a file, read as YAML or, by the first byte, as JSON. Each string of
 * it is replaced by the text, all by themselves: the new file must read as the old one with just that
 * value replaced (and what an alias makes of it), and putting the old bytes back must give the old file.
 */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "format/doc.h"
#include "retag/splice.h"

#include "fuzz.h"

enum { MAX_TRIED = 20, MAX_VALUES = 1 << 20 };

struct trial {
	struct arena *arena;
	const char *file;
	struct str source, text;
	struct doc *doc;
	size_t tried;
};

/* The tree as JSON, with `to` as the value of every string at `offset`. */
static void
write_values(struct buf *out, const struct node *n, size_t offset, const struct str *to)
{
	struct node copy = *n;

	if (n->kind == NODE_ARRAY || n->kind == NODE_OBJECT) {
		buf_add_char(out, n->kind == NODE_ARRAY ? '[' : '{');
		for (const struct node *m = n->first; m; m = m->next) {
			json_write_string(out, m->key);
			write_values(out, m, offset, to);
		}
		buf_add_char(out, n->kind == NODE_ARRAY ? ']' : '}');
		return;
	}
	if (to && n->kind == NODE_STRING && n->at.offset == offset)
		copy.text = *to;
	json_write(out, &copy);
	buf_add_char(out, ',');
}

static struct str
values(struct trial *t, const struct doc *doc, size_t offset, const struct str *to)
{
	struct buf out = BUF_INIT(MAX_VALUES);

	for (const struct node *n = doc->first; n; n = n->next)
		write_values(&out, n, offset, to);
	return buf_take(&out, t->arena);
}

static void
try_one(struct trial *t, const struct node *n)
{
	struct diags d = diags_in(t->arena);
	struct edit edit, back;
	struct str after;
	struct doc *doc;

	if (n->kind != NODE_STRING || n->style == STYLE_OTHER || t->tried++ >= MAX_TRIED
	    || !splice_scalar(t->arena, t->source, n, t->text, &edit))
		return;
	after = splice(t->arena, t->source, &edit, 1);
	doc = doc_parse_any(t->arena, t->file, after, &d);
	must(d.errors == 0);
	/* a block scalar keeps the line end behind its text */
	if (n->style != STYLE_BLOCK)
		must(str_eq(values(t, doc, 0, NULL), values(t, t->doc, n->at.offset, &t->text)));
	back = (struct edit){ .at = { .offset = edit.at.offset, .len = edit.text.len },
		.text = str_head(str_tail(t->source, edit.at.offset), edit.at.len) };
	must(str_eq(splice(t->arena, after, &back, 1), t->source));
}

static void
try_all(struct trial *t, const struct node *n)
{
	try_one(t, n);
	for (const struct node *m = n->first; m; m = m->next)
		try_all(t, m);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena *a = arena_new(no_memory);
	struct diags d = diags_in(a);
	struct str all = arena_str(a, (struct str){ (const char *)data, len });
	size_t cut = str_find(all, '\0'), bad;
	struct trial t = { .arena = a, .file = "x.yaml", .text = str_head(all, cut) };

	t.source = str_tail(all, cut + 1);
	if (t.source.len > 0 && (t.source.ptr[0] == '{' || t.source.ptr[0] == '['))
		t.file = "x.json";
	if (cut < all.len && utf8_is_valid(t.text, &bad)) {
		t.doc = doc_parse_any(a, t.file, t.source, &d);
		/* one of two equal members would differ from the other, which is why none is edited */
		for (const struct node *n = t.doc->first; d.count == 0 && n; n = n->next)
			try_all(&t, n);
	}
	arena_free(a);
	return 0;
}
