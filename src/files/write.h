/*
 * write.h: a file's new contents, whole or not at all. The file must lie in `fence` (NULL: anywhere;
 * files/fence.h); its directory is opened once, so nothing is written elsewhere when a part of the path is swapped
 * meanwhile. The new file has no name until it takes its place where the file system can do that (O_TMPFILE), else
 * ".pachup-…", and until then only its owner can read it.
 */
#ifndef FILES_WRITE_H
#define FILES_WRITE_H

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

struct arena;

/*
 * Replaces the contents of the file at `path`, which must still be `before`, by `text`: a new file is written
 * beside it, synced, given its owner, mode and extended attributes (access control lists among them), and renamed
 * over it. Where `path` is a symbolic link, what it leads to is replaced. -1 with ERR_SYSTEM, and the file is
 * unchanged: it has changed meanwhile, is not a regular file, has several names (hard links would be separated),
 * its directory or owner does not allow it, or there is no room. After a signal or a crash the old file is there,
 * and perhaps a file ".pachup-…" beside it.
 */
int file_replace(struct arena *a, const char *path, const char *fence, struct str before,
    struct str text, struct err *err) NODISCARD;

/* Writes the file at `path`, whole or not at all: beside it, then renamed over what is there. It gets owner, mode
 * and attributes of the old file, else the mode of a new one (0666 less the umask). -1 with ERR_SYSTEM: the
 * directory does not exist or cannot be written, what is there is not a regular file, or there is no room. */
int file_put(struct arena *a, const char *path, const char *fence, struct str text,
    struct err *err) NODISCARD;

/* Makes a new file that only its owner can read or write (0600), for secrets. -1 with ERR_SYSTEM: something is
 * there already, or it cannot be written; then no part of it stays. */
int file_create(struct arena *a, const char *path, const char *fence, struct str text,
    struct err *err) NODISCARD;

#endif
