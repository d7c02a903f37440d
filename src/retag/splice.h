/*
 * splice.h: replaces scalars of a file by other texts, with every other byte as it was.
 *
 * A scalar keeps its quotes where the new text allows it: text that YAML would not read as that text without quotes gets
 * double ones, and so does text that single quotes cannot hold.
 */
#ifndef RETAG_SPLICE_H
#define RETAG_SPLICE_H

#include "base/base.h"
#include "base/str.h"
#include "diag/diag.h"
#include "format/doc.h"

struct arena;

/* Replaces bytes of a file. */
struct edit {
	struct span at;  /* the bytes that are replaced; of length 0: the text is inserted there */
	struct str text; /* as bytes of the file */
};

/*
 * The edit that makes the scalar `n` of the file `source` hold `text` (UTF-8). False for a block
 * scalar ('|', '>') that does not hold its text in one piece on one line, for `text` with a line end
 * that is to go there, and for what is not a scalar. out->text lives in `a`.
 */
bool splice_scalar(
    struct arena *a, struct str source, const struct node *n, struct str text, struct edit *out);

/* The source with all edits made, in `a`; the edits may come in any order. Its ptr is NULL where two of them overlap, or one
 * lies outside of the source. */
struct str splice(struct arena *a, struct str source, const struct edit *edits, size_t count);

#endif
