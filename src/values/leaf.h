/* leaf.h: the leaves of a spec's input tree, and which of them a name means; inside values/ only. */
#ifndef VALUES_LEAF_H
#define VALUES_LEAF_H

#include <stddef.h>

#include "base/base.h"
#include "base/str.h"
#include "format/doc.h"

struct arena;

/* One {pfs: {…}}, {cron: {…}} or {git: {…}} of an input tree. */
struct leaf {
	struct node *holder; /* the object with the one member */
	struct node *body;   /* that member */
	struct str name;     /* its own name; empty: none */
	struct str repo;
};

struct leaves {
	struct arena *arena;
	struct leaf *list;
	size_t count, room;
};

/* Adds the leaves of an input tree (NULL: none), in their order. */
void leaves_collect(struct node *input, struct leaves *out);

/*
 * Puts the leaves that a key means in front of the list, and returns how many: those of that name; else the unnamed
 * ones of that repo, or with "REPO[2]" the second one of them. *unnamed: how many unnamed ones the repo has; if
 * several, a key should have a place.
 */
size_t leaves_choose(struct leaves *all, struct str key, size_t *unnamed);

#endif
