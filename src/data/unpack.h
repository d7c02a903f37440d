/*
 * unpack.h: writes files from a server below one directory, and nowhere else. All go into a directory of ours
 * first, ".pachup-…" beside or in the destination, and are moved to their places when all have come and each place
 * has been checked. Directories are held open: one that is replaced by a link meanwhile is refused, not followed.
 */
#ifndef DATA_UNPACK_H
#define DATA_UNPACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

struct arena;
struct unpack;

/*
 * Owned: end it with unpack_close(). `dest` is a directory that is there, or is made; it must lie in `fence` (NULL:
 * anywhere). `stop_fd` is readable when the run shall end; -1: it never is. NULL with ERR_SYSTEM: its parent is not there
 * or not writable, it is something else than a directory, or it lies in a git directory (files/dotgit.h).
 */
struct unpack *unpack_open(
    struct arena *a, const char *dest, const char *fence, int stop_fd, struct err *err) NODISCARD;

/*
 * Begins the file `path`, or makes the directory; relative to the destination. -1 with ERR_REFUSED for a path
 * that is absolute, holds an empty part, "." or "..", or leads into a git directory, and above MAX_DATA_FILES; ERR_SYSTEM:
 * it cannot be written; ERR_INTERRUPTED: the run shall end.
 */
int unpack_begin(struct unpack *u, struct str path, bool is_dir, struct err *err) NODISCARD;
int unpack_bytes(struct unpack *u, struct str bytes, struct err *err) NODISCARD;
int unpack_end(struct unpack *u, struct err *err) NODISCARD;

/*
 * Moves all files to their places. -1: ERR_REFUSED two have the same path, or one is a file and the directory of
 * another; ERR_SYSTEM something else is in a place (a directory, device, FIFO or socket for a file, a symbolic link for a
 * directory), a place cannot be written, or `dest` was replaced meanwhile; ERR_INTERRUPTED. Then nothing has changed except
 * the paths of unpack_left().
 */
int unpack_finish(struct unpack *u, struct err *err) NODISCARD;

/* After a failure: the paths, relative to the destination, that could not be put back. */
const struct str *unpack_left(const struct unpack *u, size_t *count);

/* Removes all files that were not moved, for less than a second after a signal; closing NULL is fine. The result is the
 * directory of ours that is left; NULL: nothing is left. */
const char *unpack_close(struct unpack *u);

#endif
