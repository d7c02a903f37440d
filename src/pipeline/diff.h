/* diff.h: what differs between two specs, field by field. Pure. */
#ifndef PIPELINE_DIFF_H
#define PIPELINE_DIFF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/str.h"
#include "format/doc.h"

struct arena;

/*
 * One field. Values are compact JSON; a view without ptr: the field is not there. What looks like a
 * credential (credential.h) is not shown: a string "(hidden, 20 bytes)" means it. Names count for
 * variables below an "env" and for objects with "name" and "value", as Kubernetes writes them; the form of
 * values counts anywhere.
 */
struct difference {
	struct str path; /* "transform.env.MODE", "input.cross[1].pfs.glob", "env[\"a.b\"]" */
	struct str old_value, new_value;
};

struct differences {
	struct difference *list;
	size_t count, room;
};

/*
 * Appends to `out` what makes `now` another document than `old`; either may be NULL. Members of objects
 * are compared by key, in any order, and reported in that of `now`, then those that went in that of `old`.
 * Of lists, what both have in the same order is left aside, and what is between is compared one by one,
 * so that one more element is one difference; its index is that in `now`, or in `old` when it went. Scalars are the same when kind and text are. All in
 * `a`. Depth is that of the documents, which their readers bound.
 */
void diff_trees(
    struct arena *a, const struct node *old, const struct node *now, struct differences *out);

/* True when diff_trees() would find nothing: kinds and texts are equal, elements in order, members in any order. What it
 * needs for many members lives in `a`. */
bool diff_is_empty(struct arena *a, const struct node *x, const struct node *y);

/* A copy of the document without what differences do not show either; in `a`. */
struct node *diff_hidden_copy(struct arena *a, const struct node *document);

/* The same in another arena, texts included. */
struct differences differences_copy(struct arena *a, const struct differences *from);

#endif
