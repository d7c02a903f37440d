/* between.h: the smallest values that make one set of specs mean what another one means. Pure. */
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
 * Whether two values of a spec mean the same: members in any order, fields in either spelling, null as not there, 1 and
 * "1" alike where they are not values of a map. Depth is that of the documents, which their readers bound.
 */
bool spec_same(struct arena *a, struct shape shape, const struct node *x, const struct node *y);

/*
 * The patch, an object in `a`, with which patches_apply() makes `old` mean what `now` means; inputs are patched by their
 * names where the input trees differ in no more than their leaves. NULL where both mean the same. What values
 * cannot change ("pipeline") is left out.
 */
struct node *patch_between(struct arena *a, const struct node *old, const struct node *now);

/* One pipeline on both sides; NULL: it is not there. */
struct pair {
	struct str project, name;
	const struct node *old, *now;
};

/*
 * A values file for all pairs, {"pipelines": {…}} in `a`: what all pipelines of `now` share is in "*", the rest below
 * their names (PROJECT/NAME outside of the default project), and null for those that `now` lacks. Those that only `now` has are left out:
 * values cannot make them. NULL where nothing differs.
 */
struct node *values_between(struct arena *a, const struct pair *list, size_t count);

#endif
