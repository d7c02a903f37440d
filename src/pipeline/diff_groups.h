/* diff_groups.h: differences that several pipelines share, and sentences about them. Pure. */
#ifndef PIPELINE_DIFF_GROUPS_H
#define PIPELINE_DIFF_GROUPS_H

#include <stddef.h>

#include "base/base.h"
#include "base/str.h"
#include "pipeline/diff.h"

struct arena;

/* One difference and the pipelines that have it. */
struct diff_group {
	const struct difference *what;
	const size_t *owners; /* ascending */
	size_t count;
};

struct diff_groups {
	/* the most shared ones first, then by path; those of a single pipeline come last, by pipeline */
	struct diff_group *list;
	size_t count, shared; /* the first `shared` belong to at least two pipelines */
};

/* Groups the differences of `count` pipelines; NULL in `all`: a pipeline without differences. Differences with the
 * same path and the same values are equal. In `a`; borrows the differences. */
struct diff_groups diff_groups_make(
    struct arena *a, const struct differences *const *all, size_t count);

/* "adds env PROD=true", "changes parallelism_spec.constant 1 -> 4", "removes env END=x"; long values are cut. In
 * `a`. */
struct str difference_sentence(struct arena *a, const struct difference *what);

/* The same of a group and the titles of its first `most` pipelines: "adds env PROD=true to 16 pipelines: a, b, c,
 * ...". */
struct str diff_group_sentence(
    struct arena *a, const struct diff_group *group, const struct str *titles, size_t most);

#endif
