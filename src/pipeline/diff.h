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
 * One field. Values are compact JSON; ptr NULL: the field is missing. What looks like a credential (credential.h)
 * is replaced by a string "(hidden, 20 bytes)": by the names of variables below an "env" and of objects with
 * "name" and "value", as Kubernetes writes them, and by the form of values anywhere.
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
 * Appends the differences between two documents to `out`, in `a`; either may be NULL. Members of objects are
 * compared by key: first those of `now` in their order, then those that only `old` has. In lists, the elements
 * that both have in the same order are matched, and those between them are compared one by one, so that an added
 * element is one difference; its index is that in `now`, that of a removed one in `old`. Scalars are equal when
 * kind and text are. Recursion is as deep as the documents, whose readers limit it.
 */
void diff_trees(
    struct arena *a, const struct node *old, const struct node *now, struct differences *out);

/* True when diff_trees() would find nothing: kinds and texts are equal, elements in order, members in any order.
 * Uses memory of `a` for objects with many members. */
bool diff_is_empty(struct arena *a, const struct node *x, const struct node *y);

/* A copy of the document in `a`, whose credentials are replaced as in differences. */
struct node *diff_hidden_copy(struct arena *a, const struct node *document);

/* A copy in `a`, texts included. */
struct differences differences_copy(struct arena *a, const struct differences *from);

#endif
