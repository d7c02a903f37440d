/*
 * unpack.h: files from a server written below one directory, and nowhere else. All go into a directory of ours
 * first, ".pachup-…" beside or in the destination, and are moved to their places when everything is there and each place
 * has been looked at. Directories are held open: what is swapped for a link meanwhile is refused, not followed.
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
 * Moves everything to its place. -1 with ERR_REFUSED: two of them have one path, or one is a file and the directory of
 * another; ERR_SYSTEM: something else is in a place (a directory, device, FIFO or socket for a file, a symbolic link for a
 * directory), it cannot be written, or `dest` was replaced meanwhile; ERR_INTERRUPTED. Nothing has changed then, but for
 * the places that unpack_left() has.
 */
int unpack_finish(struct unpack *u, struct err *err) NODISCARD;

/* After a failure: the paths, relative to the destination, that could not be put back. */
const struct str *unpack_left(const struct unpack *u, size_t *count);

/* Removes what is not moved; NULL is fine. Less than a second after the signal it ends: the directory of ours that stays then, or
 * that cannot be removed. NULL: nothing stays. */
const char *unpack_close(struct unpack *u);

#endif
