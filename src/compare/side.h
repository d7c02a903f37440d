/*
 * side.h: one side of a comparison: the specs of a target, of a git revision, or of a directory.
 *
 * A target's specs are those that a push would send: with its values and schedules, and where both sides are
 * targets with its images. A revision is read from git, without a checkout.
 */
#ifndef COMPARE_SIDE_H
#define COMPARE_SIDE_H

#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "format/doc.h"
#include "git/since.h"
#include "inputs/options.h"

struct run;

enum side_kind { SIDE_TARGET, SIDE_REVISION, SIDE_DIRECTORY };

struct side_spec {
	struct str project; /* "": that of the side, so that two targets may have different ones */
	struct str name;
	const char *file;  /* "master:pipelines/edges.json" of a revision */
	struct node *node; /* what a values file would be applied to, without "pipeline" */
	/* what would be sent, without "pipeline"; fields in snake_case, no null */
	struct node *tree;
};

/* For qsort() of side specs: by project, then by name. */
int side_spec_order(const void *left, const void *right);

struct side {
	const char *name; /* as the user wrote it */
	enum side_kind kind;
	struct str sha;         /* of a revision; else empty */
	struct side_spec *list; /* by project and name */
	size_t count;
	struct since_files others; /* of a revision: files without specs, by name */
};

/*
 * Reads both sides. `paths`: the files to read, named from here, for a directory below it; without: those of the
 * target on the other side, else of the project file, else all. -1: ERR_USAGE a name is neither a target, a
 * revision nor a directory, or a path is on no side; ERR_SPEC mistakes in the specs, which are shown; ERR_SYSTEM
 * something cannot be read.
 */
int sides_read(struct run *run, const char *const names[2], const struct items *paths,
    struct side out[2], struct err *err) NODISCARD;

#endif
