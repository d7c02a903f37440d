/*
 * dockerfile.h: finds the images that a Dockerfile is built from (docs.docker.com, "Dockerfile reference").
 *
 * FROM with its flags and stage names, COPY --from and RUN --mount=…,from=, lines that continue with '\' or the character
 * of "# escape=", comments within them, here-documents, whose lines are not instructions. A stage of the file itself and
 * "scratch" are not images. ARG lines before the first FROM give the values of its variables.
 */
#ifndef RETAG_DOCKERFILE_H
#define RETAG_DOCKERFILE_H

#include <stdbool.h>

#include "base/base.h"
#include "base/str.h"
#include "diag/diag.h"
#include "retag/template.h"

struct arena;

struct from {
	struct str image; /* as written, without quotes */
	struct span at;
	bool is_variable;     /* holds a '$' */
	bool takes_arguments; /* FROM: an ARG line may say what the variable holds */
};

struct froms {
	struct from *list;
	size_t count, room;
	struct variables args; /* those with a value, which is borrowed from the text */
};

/* The images of `text` in order; takes any bytes. In `a`, borrows `text`. */
struct froms dockerfile_read(struct arena *a, struct str text);

/* Whether a file's name (without directories) is a Dockerfile's: Dockerfile, Dockerfile.*,
 * Dockerfile-*, *.dockerfile, whatever the case; the same with podman's Containerfile. */
bool dockerfile_is_name(struct str name);

#endif
