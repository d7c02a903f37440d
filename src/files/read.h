/* read.h: whole files, never more than asked for. */
#ifndef FILES_READ_H
#define FILES_READ_H

#include <stddef.h>
#include <sys/types.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "files/fence.h"

struct arena;

/*
 * Reads the regular file at `path` into `out` (at most `max` bytes, NUL-ended, NUL not counted). out->ptr lives in
 * `a`. -1 with ERR_SYSTEM: it cannot be opened or read, is not a regular file (a FIFO is refused without waiting),
 * or is larger than `max`.
 */
int file_read(
    struct arena *a, const char *path, size_t max, struct str *out, struct err *err) NODISCARD;

/* The same for a file that must lie in the directory `fence` (NULL: anywhere); opened by fence_open(). */
int file_read_in(struct arena *a, const char *path, const char *fence, size_t max, struct str *out,
    struct err *err) NODISCARD;

/* Opens such a file, for a caller that reads it elsewhere than into an arena. The descriptor is the caller's; -1. */
int file_open_in(const char *path, const char *fence, struct err *err) NODISCARD;

/* The same for an open descriptor, read to its end; `name` is for messages. The descriptor stays
 * the caller's. */
int fd_read(struct arena *a, int fd, const char *name, size_t max, struct str *out,
    struct err *err) NODISCARD;

/* "a FIFO or pipe", "a socket": what a file is that is not regular. */
const char *file_kind_name(mode_t mode);

/* -1 with ERR_SYSTEM unless `mode` (as stat() gives it) is a regular file's; the text says what
 * `name` is instead. */
int file_is_regular(const char *name, mode_t mode, struct err *err) NODISCARD;

#endif
