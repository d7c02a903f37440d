/*
 * dockerfile.h: which images a Dockerfile starts from (docs.docker.com, "Dockerfile reference").
 *
 * FROM with its flags and stage names, lines continued by '\' or what "# escape=" says, remarks within
 * them, here-documents that hold lines like it. A stage of the file itself and "scratch" are no images.
 * COPY --from and RUN --mount name images too, but are left alone: they are mostly stages.
 */
#ifndef RETAG_DOCKERFILE_H
#define RETAG_DOCKERFILE_H

#include <stdbool.h>

#include "base/base.h"
#include "base/str.h"
#include "diag/diag.h"

struct arena;

struct from {
	struct str image; /* as written, without quotes */
	struct span at;
	bool is_variable; /* holds a '$': what it means is known to the build only */
};

struct froms {
	struct from *list;
	size_t count, room;
};

/* The FROM lines of `text` in order; takes any bytes. In `a`, borrows `text`. */
struct froms dockerfile_read(struct arena *a, struct str text);

/* Whether a file's name (without directories) is a Dockerfile's: Dockerfile, Dockerfile.*,
 * Dockerfile-*, *.dockerfile, whatever the case. */
bool dockerfile_is_name(struct str name);

#endif
