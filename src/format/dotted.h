/*
 * dotted.h: the way to a value in a document, "spec.containers[0].image". A key that holds '.', '[', ']', '=' or
 * ':' has a backslash before each: metadata.annotations.example\.com/owner (as in Helm's --set).
 */
#ifndef FORMAT_DOTTED_H
#define FORMAT_DOTTED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/str.h"
#include "diag/diag.h"

struct arena;
struct node;

/* A key, or an element's place from 0. */
struct dotted_step {
	struct str key; /* ptr NULL: it is a place */
	size_t place;
	size_t end; /* where the step ends in the text */
};

struct dotted {
	struct str text; /* as written */
	struct dotted_step *steps;
	size_t count;
};

enum { MAX_DOTTED_STEPS = 64 };

/* Where `c` first is without a backslash before it; text.len when it does not. */
size_t dotted_find(struct str text, char c);

/* Reads a path into `out`, which lives in `a` and borrows `text`. Returns what is wrong with it, in one clause,
 * or NULL. */
const char *dotted_read(struct arena *a, struct str text, struct dotted *out);

/* How far a path goes in a document. */
struct dotted_end {
	const struct node *node; /* the last value that is there */
	size_t steps;            /* how many steps led to it; all of them: it is the value */
	struct span alias;       /* the last alias on the way; line 0: none */
	bool is_twice;           /* a key of the way is there twice */
};

struct dotted_end dotted_follow(const struct dotted *path, const struct node *document);

/* Why the path does not go on behind `end`, and what to do about it; both in `a`. */
struct str dotted_stop(struct arena *a, const struct dotted *path, const struct dotted_end *end);
struct str dotted_advice(struct arena *a, const struct dotted *path, const struct dotted_end *end);

#endif
