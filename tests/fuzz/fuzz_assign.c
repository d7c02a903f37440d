/*
 * Input: an assignment, a NUL, then a file, read as YAML or, by the first byte, as JSON. A value that is set is
 * there when the new file is read: the same assignment finds it right, its type is the old one's (null's is a
 * string), and the file keeps its documents. What is not set has a reason.
 */
#include "base/arena.h"
#include "format/doc.h"
#include "retag/assign.h"
#include "retag/tag.h"

#include "fuzz.h"

enum { MAX_TRIED = 20 };

static const struct node *
document_at(const struct doc *doc, size_t place)
{
	const struct node *n = doc->first;

	while (n && place-- > 0)
		n = n->next;
	return n;
}

static enum node_kind
kind_at(const struct assign *one, const struct node *document)
{
	struct dotted_end end = dotted_follow(&one->path, document);

	must(end.steps == one->path.count);
	return end.node->kind;
}

static void
try_document(struct arena *a, const char *file, struct str source, const struct doc *doc,
    const struct assign *one, size_t place)
{
	const struct node *old = document_at(doc, place);
	struct diags d = diags_in(a);
	struct assigned got, again;
	enum assign_result is = assign_to(&got, a, source, one, old);
	const struct doc *after;
	enum node_kind kind;

	if (is == ASSIGN_MISSES || is == ASSIGN_FAULT)
		must(got.fault.len > 0 && got.hint.len > 0);
	if (is != ASSIGN_CHANGES)
		return;
	kind = kind_at(one, old);
	source = splice(a, source, &got.edit, 1);
	after = doc_parse_any(a, file, source, &d);
	must(d.errors == 0 && after->count == doc->count);
	/* its kind or name may be what was set */
	is = assign_to(&again, a, source, one, document_at(after, place));
	must(is == ASSIGN_SAME || (one->kind.len > 0 && is == ASSIGN_OTHER));
	/* a block scalar keeps the line ends around its text */
	if (is == ASSIGN_SAME)
		must(str_eq(again.old, one->value) || str_eq(str_trim(again.old), one->value));
	if (is == ASSIGN_SAME)
		must(kind_at(one, document_at(after, place))
		     == (kind == NODE_NULL ? NODE_STRING : kind));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const struct tag_facts facts = { STR("0123456789012345678901234567890123456789"),
		STR("main"), STR("v1") };
	struct arena *a = arena_new(no_memory);
	struct diags d = diags_in(a);
	struct str all = arena_str(a, (struct str){ (const char *)data, len });
	size_t cut = str_find(all, '\0');
	struct str source = str_tail(all, cut + 1);
	bool is_json = source.len > 0 && (source.ptr[0] == '{' || source.ptr[0] == '[');
	const char *file = is_json ? "x.json" : "x.yaml";
	struct assigns sets = { 0 };
	struct err err = { 0 };

	if (assigns_add(&sets, a, str_head(all, cut), &facts, &err) < 0) {
		must(err.kind == ERR_USAGE && err.text[0] && err.hint[0]);
	} else {
		const struct doc *doc = doc_parse_any(a, file, source, &d);

		for (size_t i = 0; d.errors == 0 && i < doc->count && i < MAX_TRIED; i++)
			try_document(a, file, source, doc, sets.list, i);
	}
	arena_free(a);
	return 0;
}
