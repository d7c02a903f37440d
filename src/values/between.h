/* between.h: the smallest values that turn one set of specs into another one. Pure. */
#ifndef VALUES_BETWEEN_H
#define VALUES_BETWEEN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/str.h"
#include "format/doc.h"
#include "wire/shape.h"

struct arena;

/*
 * Whether two values of a spec mean the same: members may be in any order, fields in either spelling, null is a
 * member that is not there, and 1 is "1" unless they are values of a map. Recursion is as deep as the documents,
 * which readers limit.
 */
bool spec_same(struct arena *a, struct shape shape, const struct node *x, const struct node *y);

/*
 * The patch, an object in `a`, with which patches_apply() makes `old` mean what `now` means; inputs are patched by
 * their names where the input trees differ only in their leaves. NULL where both mean the same. "pipeline", which
 * values cannot change, is left out.
 */
struct node *patch_between(struct arena *a, const struct node *old, const struct node *now);

/* One pipeline on both sides; NULL: that side does not have it. */
struct pair {
	struct str project, name;
	const struct node *old, *now;
};

/*
 * A values file for all pairs, {"pipelines": {…}} in `a`: what all pipelines of `now` share is in "*", the rest
 * below their names (PROJECT/NAME outside of the default project), with null for those that `now` lacks. Those that
 * only `now` has are left out, as values cannot add pipelines. NULL where nothing differs.
 */
struct node *values_between(struct arena *a, const struct pair *list, size_t count);

#endif
