/*
 * descent.h: a directory tree that is visited path by path, with one descriptor however deep it is. No symbolic
 * link is followed; a directory that was moved meanwhile is found on the way up.
 */
#ifndef FILES_DESCENT_H
#define FILES_DESCENT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/base.h"
#include "base/str.h"

struct arena;

struct descent_step {
	dev_t dev;
	ino_t ino;
};

struct descent {
	struct arena *a;
	int root;                   /* borrowed */
	int fd;                     /* where the descent is; for the ...at() calls only (O_PATH) */
	struct str at;              /* its path below the root; empty: the root itself */
	struct descent_step *steps; /* the root's, then one for each part of `at` */
	size_t depth, room;

	/* called for each directory that descent_go() makes; -1 ends it with ECANCELED. NULL: it makes none */
	int (*made)(void *ctx, struct str path);
	void *ctx;
};

/* Begins at the directory `root`. Ended by descent_end(); -1 with errno. */
int descent_begin(struct descent *d, struct arena *a, int root) NODISCARD;
void descent_end(struct descent *d);

/*
 * Goes to the directory `path` (relative, without empty parts, "." and ".."; empty: the root), whose text must
 * live until the next call. Directories that are missing are made where d->made is set. -1 with errno, and the
 * descent stays where it came to: ENOENT a directory is missing, ENOTDIR or ELOOP something else is in its place,
 * ESTALE a directory was moved meanwhile.
 */
int descent_go(struct descent *d, struct str path) NODISCARD;

/* Splits a path: the directory, empty for the root, and the name in it. */
struct str path_dir(struct str path);
struct str path_name(struct str path);

#endif
