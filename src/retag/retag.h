/* retag.h: applies image lines to the files that hold the images. */
#ifndef RETAG_RETAG_H
#define RETAG_RETAG_H

#include "base/base.h"
#include "base/str.h"
#include "retag/dockerfile.h"
#include "retag/rule.h"
#include "retag/select.h"
#include "retag/splice.h"

struct arena;

enum { MAX_RETAG_EDITS = 6, MAX_RETAG_PARTS = 4 };

/* The change of one image. */
struct retag {
	struct span at;           /* where the image is */
	struct str project, name; /* the pipeline's, or empty */
	struct str old, new;      /* whole references */
	struct edit edits[MAX_RETAG_EDITS];
	size_t edit_count;
	bool is_template;  /* it stays, as another program fills a part of it in: `old` at `at` */
	const char *fault; /* why the change cannot be made in the file; NULL: it can */
	const char *hint;
};

/* True: *out is the change, in bytes of the file, or has the fault for which it cannot be made. False: no rule is for the
 * image, or it is right already (which counts as a use of the rule). `source` is the file's
 * text; everything lives in `a` or borrows from the tree and the rules. */
bool retag_place(struct retag *out, struct arena *a, struct rules *rules, struct str source,
    const struct image_place *place);

/* The whole reference at the place as it is now; borrowed from the tree or in `a`. */
struct str retag_text(struct arena *a, struct str source, const struct image_place *place);

/* The scalars that hold the reference; the result is how many. */
size_t retag_parts(const struct image_place *place, const struct node *parts[MAX_RETAG_PARTS]);

/* As retag_place() for an image of a Dockerfile, which may be in the value of an argument. False also with *unknown: a
 * variable in it is unknown. */
bool retag_from(struct retag *out, struct arena *a, struct rules *rules, struct str source,
    const struct froms *froms, const struct from *from, bool *unknown);

#endif
