/* retag.h: image lines applied to the files that hold the images. */
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

/* What becomes of one image. */
struct retag {
	struct span at;           /* where the image is */
	struct str project, name; /* the pipeline's, or empty */
	struct str old, new;      /* whole references */
	struct edit edits[MAX_RETAG_EDITS];
	size_t edit_count;
	bool is_template;  /* it stays, as somebody else fills a part of it in: `old` at `at` */
	const char *fault; /* why the change cannot be made in the file; NULL: it can */
	const char *hint;
};

/* False when no rule speaks of the image, or it is right already (that counts as a use of the rule).
 * Else *out is the change, in the file's bytes, or with a fault the reason why there is none. `source` is the file's
 * text; everything lives in `a` or borrows from the tree and the rules. */
bool retag_place(struct retag *out, struct arena *a, struct rules *rules, struct str source,
    const struct image_place *place);

/* The whole reference that is written there now; borrowed from the tree or in `a`. */
struct str retag_text(struct arena *a, struct str source, const struct image_place *place);

/* The scalars that it is written in; how many. */
size_t retag_parts(const struct image_place *place, const struct node *parts[MAX_RETAG_PARTS]);

/* What becomes of an image of a Dockerfile, which may be in the value of an argument. False also when a variable in it
 * is unknown, which is then in *unknown. */
bool retag_from(struct retag *out, struct arena *a, struct rules *rules, struct str source,
    const struct froms *froms, const struct from *from, bool *unknown);

#endif
