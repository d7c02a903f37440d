/*
 * Input: a condition, a line feed, a JSON document. What is read is bounded, decided or refused with a text; the
 * same condition gives the same answer twice, and its opposite the opposite one.
 */
#include <string.h>

#include "base/arena.h"
#include "data/condition.h"
#include "format/doc.h"

#include "fuzz.h"

static enum condition_op
opposite(enum condition_op op)
{
	static const enum condition_op of[] = { OP_AT_LEAST, OP_MORE, OP_AT_MOST, OP_LESS, OP_OTHER,
		OP_EQUAL };

	return of[op];
}

static void
decide(struct arena *a, struct condition *c, const struct node *document)
{
	struct err err = { 0 }, other = { 0 };
	struct str found;
	bool holds = false, differs = false;
	int rc = condition_holds(a, c, document, &holds, &found, &err);

	c->op = opposite(c->op);
	if (condition_holds(a, c, document, &differs, &found, &other) != rc)
		abort();
	if (rc == 0 && holds == differs)
		abort();
	if (rc < 0 && (err.kind != ERR_REFUSED || err.text[0] == '\0'))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena *a = arena_new(no_memory);
	struct str all = { (const char *)data, len }, head = str_head(all, str_find(all, '\n'));
	struct diags d = diags_in(a);
	struct err err = { 0 };
	struct condition c;
	struct doc *doc = doc_parse_any(a, "f.json", str_tail(all, head.len + 1), &d);

	if (condition_parse(a, arena_cstr(a, head), &c, &err) < 0) {
		if (err.kind != ERR_USAGE || err.text[0] == '\0')
			abort();
	} else if (c.counts) {
		bool holds = condition_holds_count(&c, len);

		c.op = opposite(c.op);
		if (holds == condition_holds_count(&c, len))
			abort();
	} else if (doc->first) {
		decide(a, &c, doc->first);
	}
	arena_free(a);
	return 0;
}
