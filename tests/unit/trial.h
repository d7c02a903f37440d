/* trial.h: one spec text read, for the tests of the format room. */
#ifndef TESTS_UNIT_TRIAL_H
#define TESTS_UNIT_TRIAL_H

#include "base/arena.h"
#include "format/doc.h"
#include "tap.h"

/* One parse of a text in its own arena. */
struct trial {
	struct arena *a;
	struct diags d;
	struct doc *doc;
};

static inline struct trial
trial_str(const char *file, struct str text)
{
	struct trial t = { .a = arena_new(no_memory) };

	t.d = diags_in(t.a);
	t.doc = doc_parse(t.a, file, text, &t.d);
	diags_sort(&t.d);
	return t;
}

static inline struct trial
trial(const char *text)
{
	return trial_str("x.json", str_of(text));
}

/* A mistake as people see it: line:col: what */
static inline const char *
reported(const struct trial *t, size_t i)
{
	const struct diag *one = &t->d.list[i];

	if (i >= t->d.count)
		return "(nothing)";
	return arena_fmt(t->a, "%u:%u: %.*s", one->at.line, one->at.col, STR_FMT(one->what)).ptr;
}

#endif
