/*
 * template.h: references with variables in them, "team/app:${TAG}", and the edits that make them another reference.
 *
 * Forms: $NAME, ${NAME}, ${NAME:-DEFAULT}, ${NAME-DEFAULT} (Dockerfile reference, "Environment replacement"; compose
 * specification, "Interpolation"). The value of a variable is its default, or that of a variable of the caller's.
 */
#ifndef RETAG_TEMPLATE_H
#define RETAG_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/str.h"
#include "pipeline/image.h"

struct arena;

struct variable {
	struct str name, value; /* a value with a NULL ptr is unknown */
};

struct variables {
	struct variable *list;
	size_t count, room;
};

enum { MAX_PIECES = 16, MAX_PIECE_EDITS = 2 };

/* A part of the reference that is written in one place. */
struct piece {
	struct str text;
	size_t at;                   /* its offset in the word, or in the variable's value */
	const struct variable *from; /* NULL: the word itself */
	size_t word_at, word_len;    /* where it, or its variable ("${TAG:-1}"), is in the word */
};

struct template
{
	struct str whole; /* the reference that it makes */
	struct piece pieces[MAX_PIECES];
	size_t count;
};

/* A change of the word (`from` NULL) or of a variable's value. */
struct piece_edit {
	const struct variable *from;
	size_t at, len;
	struct str text;
};

/* Reads a word; `out` borrows from it and from the variables. False: a variable is unknown or has another form, or there are
 * more than MAX_PIECES pieces. */
bool template_read(
    struct arena *a, struct str word, const struct variables *known, struct template *out);

/* Whether the word mentions the variable. */
bool template_uses(struct str word, struct str name);

/* The edits that make it `then`; the result is how many. 0: a part that has to change is written in more than one place. */
size_t template_edits(struct arena *a, const struct template *t, const struct image *then,
    struct piece_edit edits[MAX_PIECE_EDITS]);

#endif
