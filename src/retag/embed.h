/*
 * embed.h: documents that are the text of a scalar of another document: turns edits of the inner document into edits of
 * the file, through the escapes of quoted texts and the indent of '|'.
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

/* *out gets the edit of `file`, in `a`, that has the effect of `one` in the document; with `in` NULL that is `one`. False: the
 * bytes of the scalar do not hold the edited text in one piece, as in folded texts. */
bool embed_edit(struct arena *a, struct str file, const struct embedded *in, const struct edit *one,
    struct edit *out);

/* The place in the file of a place in the document; the place of the outermost scalar where it is not in one piece. */
struct span embed_span(struct arena *a, struct str file, const struct embedded *in, struct span at);

#endif
