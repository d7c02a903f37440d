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
 * A copy of the spec's document, in `a`, which shares its texts, with the image set and pipeline.project.name
 * filled in where the spec names none. It has no "$schema", no commands (update, reprocess, dry_run) and no mark
 * of an earlier push. Its spans are those of the original, so that later mistakes have a place.
 */
struct node *spec_render(const struct spec *spec, struct arena *a, const struct render *how);

#endif
