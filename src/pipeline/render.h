/* render.h: the document that is sent: the user's, with the image and the project put in. */
#ifndef PIPELINE_RENDER_H
#define PIPELINE_RENDER_H

#include <stdbool.h>

#include "base/base.h"
#include "base/str.h"
#include "format/doc.h"
#include "pipeline/spec.h"

struct arena;

struct render {
	struct str image;  /* the new image; an empty view leaves the spec's own */
	bool with_project; /* write pipeline.project.name (2.5+) */
	bool pfs_as_atom;  /* rename the input kind "pfs" to "atom" (before 1.8.1) */
};

/*
 * A copy of the spec's document, in `a`, which shares its texts, with the image set, pipeline.project.name filled in where the
 * spec names none, and without what are commands, not state: "$schema", update, reprocess, dry_run, and without the mark of an earlier push.
 * Spans stay those of the original, so that later mistakes are still placed.
 */
struct node *spec_render(const struct spec *spec, struct arena *a, const struct render *how);

#endif
