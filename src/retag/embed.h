/*
 * embed.h: documents that are the text of a scalar of another document, and their bytes in the file.
 *
 * An edit of the inner document becomes one of the file: through escapes of quoted texts, and the indent of '|'.
 */
#ifndef RETAG_EMBED_H
#define RETAG_EMBED_H

#include <stdbool.h>

#include "base/base.h"
#include "base/str.h"
#include "format/doc.h"
#include "retag/splice.h"

struct arena;

struct embedded {
	const struct node *scalar;    /* its text is the document */
	const struct embedded *outer; /* what the scalar's own document is in; NULL: the file */
};

/* The bytes of the document: the scalar's text, or with `in` NULL the file. */
struct str embed_source(const struct embedded *in, struct str file);

/* The edit of `file` that makes `one` in the document; with `in` NULL that is `one`. False where the scalar's bytes are
 * not its text piece by piece: folded texts, texts of several lines in quotes. In `a`. */
bool embed_edit(struct arena *a, struct str file, const struct embedded *in, const struct edit *one,
    struct edit *out);

/* Where a place of the document is in the file; the scalar's own place where that cannot be said. */
struct span embed_span(struct arena *a, struct str file, const struct embedded *in, struct span at);

#endif
