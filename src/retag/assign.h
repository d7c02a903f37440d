/*
 * assign.h: one value of a file set to a text: "[KIND[/NAME]:]PATH=VALUE", or removed: "[KIND[/NAME]:]PATH". In the
 * bytes of the file for set-image, in the tree of a spec for push.
 *
 * A value keeps its type: a string stays one, whatever the text looks like, a number takes only a number and a
 * boolean only true or false; null becomes a string. Names of Kubernetes objects (metadata.name) are checked by
 * Kubernetes' own rules (kubernetes.io, "Object Names and IDs"; RFC 1123, RFC 1035).
 */
#ifndef RETAG_ASSIGN_H
#define RETAG_ASSIGN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "diag/diag.h"
#include "format/dotted.h"
#include "retag/splice.h"

struct arena;
struct assigned;
struct node;
struct tag_facts;

/* Where the path of an assignment that has met no value goes furthest. */
struct miss {
	const char *file; /* NULL: no document was of its kind and name */
	struct span at;
	size_t steps;
	struct str fault, hint;
};

struct assign {
	struct str text; /* as given, for messages */
	struct str kind,
	    name; /* only objects of this kind and name; empty: any. Kind "pipeline" is a spec */
	struct dotted path;
	struct str value; /* with its places filled in */
	bool removes;     /* there is no value */
	size_t used;      /* how many values it has changed or found right already */
	struct miss miss; /* if there were none */
};

struct assigns {
	struct assign *list;
	size_t count, room;
};

/* Adds one; texts live in `a` or borrow `text`. -1 with ERR_USAGE: it is malformed, no UTF-8, has an unknown or
 * empty place, or sets what an earlier one sets. */
int assigns_add(struct assigns *all, struct arena *a, struct str text,
    const struct tag_facts *facts, struct err *err) NODISCARD;

/* The same for a value that is to go: "[KIND[/NAME]:]PATH". */
int assigns_remove(
    struct assigns *all, struct arena *a, struct str text, struct err *err) NODISCARD;

/* Keeps what `got` says of a document of `file` without the value, if it is the one that gets furthest. In `a`. */
void assign_note_miss(
    struct assign *one, struct arena *a, const char *file, const struct assigned *got);

/* ERR_USAGE for the first that has met no value. */
int assigns_check(const struct assigns *all, struct err *err) NODISCARD;

enum assign_result {
	ASSIGN_OTHER,  /* the document is of another kind or name */
	ASSIGN_MISSES, /* it has no such value */
	ASSIGN_FAULT,  /* it has, but it cannot be set to this */
	ASSIGN_SAME,   /* it is right already */
	ASSIGN_CHANGES,
};

struct assigned {
	struct span at;
	struct str old, new;
	struct edit edit;       /* ASSIGN_CHANGES */
	size_t steps;           /* ASSIGN_MISSES: how many steps of the path are there */
	struct str fault, hint; /* ASSIGN_MISSES, ASSIGN_FAULT: one clause, and what to do */
};

/* What becomes of one document of the file `source`. Everything lives in `a` or borrows from the tree. */
enum assign_result assign_to(struct assigned *out, struct arena *a, struct str source,
    const struct assign *one, const struct node *document);

/* The same in the tree itself: `document` changes, and out->edit says nothing. */
enum assign_result assign_in_tree(
    struct assigned *out, struct arena *a, const struct assign *one, struct node *document);

/* Whether it gives an object of Kubernetes its name, which two of a kind cannot share. */
bool assign_names(const struct assign *one);

#endif
