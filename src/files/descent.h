/*
 * descent.h: a directory tree visited path by path, with one descriptor however deep it is. No symbolic link is followed,
 * and a directory that was moved elsewhere meanwhile is noticed on the way up.
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

	/* gets each directory that descent_go() makes; -1 ends it with ECANCELED. NULL: none is made */
	int (*made)(void *ctx, struct str path);
	void *ctx;
};

/* Begins at the directory `root`. Ended by descent_end(); -1 with errno. */
int descent_begin(struct descent *d, struct arena *a, int root) NODISCARD;
void descent_end(struct descent *d);

/*
 * Goes to the directory `path` (relative, parts neither empty nor "." nor ".."; empty: the root), which must stay where
 * it is until the next call. What is not there is made where d->made is set. -1 with errno, and the descent is as far as
 * it came: ENOENT it is not there, ENOTDIR or ELOOP something else is, ESTALE a directory was moved meanwhile.
 */
int descent_go(struct descent *d, struct str path) NODISCARD;

/* Splits a path: the directory, empty for the root, and the name in it. */
struct str path_dir(struct str path);
struct str path_name(struct str path);

#endif
