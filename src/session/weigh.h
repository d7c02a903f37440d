/* severity.h: what becomes of the mistakes that were found: which are reported, and how much they weigh. */
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

/* The texts that were read, for remarks and for showing lines. */
struct sources {
	struct source {
		const char *file; /* the very pointer that mistakes name */
		struct str text;
		bool
		    is_left_out; /* input `ignore` silences an error of it that leaves nothing to send */
	} * list;
	size_t count, room;
};

void sources_add(struct sources *s, struct arena *a, const char *file, struct str text);

/* Checks input `ignore`. -1 with ERR_USAGE: a code that there is none of, or one that can be silenced for single files
 * only and names none. */
int severity_check_inputs(const struct run *run, struct err *err) NODISCARD;

/*
 * Weighs run->diags: takes out what input `ignore` or a remark "pachup: ignore CODE…" in the line or the
 * one before silences (what is firm only by the input, which leaves the file out), makes errors of warnings where input `strict` says so, gives
 * each its line, and sorts them.
 */
void severity_apply(struct run *run);

#endif
