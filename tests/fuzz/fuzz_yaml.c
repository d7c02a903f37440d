/* Whatever the YAML reader takes, its JSON reads as the same tree, and every span lies in the text. */
#include "base/arena.h"
#include "base/buf.h"
#include "format/doc.h"

#include "fuzz.h"

static void
check_spans(const struct node *n, size_t len)
{
	if (n->at.offset > len || n->at.len > len - n->at.offset || n->at.line == 0)
		abort();
	if (n->kind == NODE_ARRAY || n->kind == NODE_OBJECT)
		for (const struct node *member = n->first; member; member = member->next)
			check_spans(member, len);
}

static void
check_document(struct arena *a, const struct node *n)
{
	struct buf one = BUF_INIT(64 << 20), two = BUF_INIT(64 << 20);
	struct diags d = diags_in(a);
	struct doc *again;

	json_write(&one, n);
	again = doc_parse(a, "x.json", arena_str(a, buf_str(&one)), &d);
	if (d.errors > 0 || again->count != 1)
		abort();
	json_write(&two, again->first);
	if (!str_eq(buf_str(&one), buf_str(&two)))
		abort();
	buf_free(&one);
	buf_free(&two);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena *a = arena_new(no_memory);
	struct str text = arena_str(a, (struct str){ (const char *)data, len });
	struct diags d = diags_in(a);
	struct doc *doc = doc_parse(a, "x.yaml", text, &d);

	for (const struct node *n = doc->first; n; n = n->next) {
		check_spans(n, len);
		if (d.errors == 0 && n->kind == NODE_OBJECT)
			check_document(a, n);
	}
	arena_free(a);
	return 0;
}
