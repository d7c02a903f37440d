/*
 * assign.h: sets one value of a file to a text: "[KIND[/NAME]:]PATH=VALUE", or removes it: "[KIND[/NAME]:]PATH". In the
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

/* The document in which the path of an assignment without a value gets furthest. */
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
	size_t used;      /* how many values it has changed, or found to be right already */
	struct miss miss; /* where that is 0 */
};

struct assigns {
	struct assign *list;
	size_t count, room;
};

/* Adds an assignment; its texts live in `a` or borrow `text`. -1 with ERR_USAGE: it is malformed or not UTF-8, has an unknown
 * or empty placeholder, or an earlier one gives the same path another value. */
int assigns_add(struct assigns *all, struct arena *a, struct str text,
    const struct tag_facts *facts, struct err *err) NODISCARD;

/* The same for a value that is to be removed: "[KIND[/NAME]:]PATH". */
int assigns_remove(
    struct assigns *all, struct arena *a, struct str text, struct err *err) NODISCARD;

/* After ASSIGN_MISSES in a document of `file`: keeps its fault and hint, in `a`, where the path got further than before. */
void assign_note_miss(
    struct assign *one, struct arena *a, const char *file, const struct assigned *got);

/* -1 with ERR_USAGE: an assignment has not met any value. */
int assigns_check(const struct assigns *all, struct err *err) NODISCARD;

enum assign_result {
	ASSIGN_OTHER,  /* the document is of another kind or name */
	ASSIGN_MISSES, /* the document has no such value */
	ASSIGN_FAULT,  /* the value cannot be set to this text */
	ASSIGN_SAME,   /* the value is this text already */
	ASSIGN_CHANGES,
};

struct assigned {
	struct span at;
	struct str old, new;
	struct edit edit;       /* ASSIGN_CHANGES */
	size_t steps;           /* ASSIGN_MISSES: how many steps of the path are there */
	struct str fault, hint; /* ASSIGN_MISSES, ASSIGN_FAULT: one clause, and what to do */
};

/* Finds the value in one document of the file `source` and makes the edit for it. Everything lives in `a` or borrows from the
 * tree. */
enum assign_result assign_to(struct assigned *out, struct arena *a, struct str source,
    const struct assign *one, const struct node *document);

/* The same in the tree: changes `document`; out->edit is not used. */
enum assign_result assign_in_tree(
    struct assigned *out, struct arena *a, const struct assign *one, struct node *document);

/* Whether the assignment names an object of Kubernetes (metadata.name); two objects of a kind cannot share a name. */
bool assign_names(const struct assign *one);

#endif
