/*
 * write.h: a file's new contents, whole or not at all. The file must lie in `fence` (NULL: anywhere; files/fence.h); its
 * directory is opened once, so nothing is written elsewhere when a part of the path is swapped meanwhile. The new file
 * has no name until it takes its place where the file system can do that (O_TMPFILE), else ".pachup-…", and until then
 * only its owner can read it.
 */
#ifndef FILES_WRITE_H
#define FILES_WRITE_H

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

struct arena;

/*
 * Puts `text` in the place of the file at `path`, whose contents must still be `before`: a new file is
 * written beside it, made as durable as the old one, given its owner, mode and extended attributes (access control
 * lists among them), and renamed over it. A
 * symbolic link stays, what it leads to is replaced. -1 with ERR_SYSTEM, and the file untouched: it
 * has changed meanwhile, is not a regular file, has several names (hard links would come apart), its
 * directory or owner does not allow it, or there is no room. A signal or a crash on the way leaves the
 * old file, and at worst a file ".pachup-…" beside it.
 */
int file_replace(struct arena *a, const char *path, const char *fence, struct str before,
    struct str text, struct err *err) NODISCARD;

/* Makes the file at `path` hold `text`, whole or not at all: written beside it and renamed over what may be
 * there, with the owner, mode and attributes of what was there,
 * else with the mode of a new file (0666 less the umask). -1 with ERR_SYSTEM: the directory is not there
 * or cannot be written, what is there is no regular file, or there is no room. */
int file_put(struct arena *a, const char *path, const char *fence, struct str text,
    struct err *err) NODISCARD;

/* Makes a new file that only its owner can read or write (0600), for secrets. -1 with ERR_SYSTEM: something is
 * there already, or it cannot be written; then no part of it stays. */
int file_create(struct arena *a, const char *path, const char *fence, struct str text,
    struct err *err) NODISCARD;

#endif
