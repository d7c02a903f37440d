/* weigh.h: which of the mistakes that were found are reported, and at which level. */
#ifndef SESSION_WEIGH_H
#define SESSION_WEIGH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "diag/diag.h"

struct arena;
struct run;

/* The texts of the files that were read, for comments "pachup: ignore" and for showing lines. */
struct sources {
	struct source {
		const char *file; /* the very pointer that mistakes name */
		struct str text;
		bool is_left_out; /* input `ignore` silences a firm error of it */
	} * list;
	size_t count, room;
};

void sources_add(struct sources *s, struct arena *a, const char *file, struct str text);

/* Checks input `ignore`. -1 with ERR_USAGE: an unknown code, or one without a file that can be ignored for single files
 * only. */
int weigh_check_inputs(const struct run *run, struct err *err) NODISCARD;

/*
 * Weighs run->diags: removes those that input `ignore` silences or a comment "# pachup: ignore CODE…" in their line or the
 * line before (firm ones: only the input, which leaves the whole file out), makes warnings errors with input `strict`, gives
 * each its line, sorts them, and folds those with one cause.
 */
void weigh_diags(struct run *run);

#endif
