/*
 * splice.h: other texts in the place of scalars, with every other byte as it was.
 *
 * How a scalar is quoted stays where the new text allows it: text that YAML would take for something
 * else without quotes gets double ones, and so does what single quotes cannot hold.
 */
#ifndef RETAG_SPLICE_H
#define RETAG_SPLICE_H

#include "base/base.h"
#include "base/str.h"
#include "diag/diag.h"
#include "format/doc.h"

struct arena;

/* Bytes in the place of bytes. */
struct edit {
	struct span at;  /* what goes; a length of 0 puts something in between */
	struct str text; /* what comes, as bytes of the file */
};

/*
 * The edit that makes the scalar `n` of the file `source` hold `text` (UTF-8). False for a block
 * scalar ('|', '>') that does not hold its text in one piece on one line, for `text` with a line end
 * that is to go there, and for what is not a scalar. out->text lives in `a`.
 */
bool splice_scalar(
    struct arena *a, struct str source, const struct node *n, struct str text, struct edit *out);

/* The source with all edits made, in `a`; they may come in any order. Its ptr is NULL where two of them overlap, or one
 * is not of this source. */
struct str splice(struct arena *a, struct str source, const struct edit *edits, size_t count);

#endif
