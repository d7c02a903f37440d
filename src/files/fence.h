/*
 * fence.h: paths that must lie in one directory, the workspace of a CI job. A path may hold symbolic links that
 * stay inside it; what is swapped for a link after the check is refused.
 */
#ifndef FILES_FENCE_H
#define FILES_FENCE_H

#include "base/base.h"
#include "base/err.h"

struct arena;

/* -1 with ERR_SYSTEM unless `path`, with all symbolic links resolved, lies in the directory
 * `fence` (itself resolved) or is it; a `fence` of NULL allows everything. */
int path_fenced(const char *path, const char *fence, struct err *err) NODISCARD;

/* The same for a file or directory that will be written at `path`: where nothing is there yet, its directory is
 * checked. */
int path_fenced_new(
    struct arena *a, const char *path, const char *fence, struct err *err) NODISCARD;

/*
 * Opens what is at `path`, with open(2)'s flags (no O_CREAT), within the fence; NULL: anywhere. The descriptor is the
 * caller's. -1 with *err and errno 0: it lies outside, or was replaced between being found and being opened;
 * -1 with errno alone: it cannot be opened.
 */
int fence_open(const char *path, const char *fence, int flags, struct err *err) NODISCARD;

/* `path` with all links resolved; where nothing is there, with those of its directory resolved; where that is not
 * there either, `path` itself. Lives in `a`. */
const char *path_real(struct arena *a, const char *path);

/* A place in a directory: for a file or directory that is made or replaced there. */
struct spot {
	int dir;          /* the directory, opened */
	const char *name; /* in it: neither empty nor "." nor ".." */
};

/*
 * Opens the directory that `path` lies or will lie in, within the fence. A symbolic link at `path` that leads to
 * something is followed: the spot is where that is. `out` is ended by spot_close(). -1 with ERR_SYSTEM: it lies
 * outside, its directory is not there, or it names no entry of a directory ("/", ".."); errno says why, 0: *err
 * does.
 */
int spot_open(struct arena *a, const char *path, const char *fence, struct spot *out,
    struct err *err) NODISCARD;
void spot_close(struct spot *s);

#endif
