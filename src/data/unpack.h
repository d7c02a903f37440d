/*
 * unpack.h: files from a server written below one directory, and nowhere else. All go into a directory of ours
 * first, ".pachup-…" beside or in the destination, and are moved to their places when everything is there.
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
 * Owned: end it with unpack_close(). `dest` is a directory that is there, or is made. NULL with ERR_SYSTEM: its
 * parent is not there or not writable, it is something else than a directory.
 */
struct unpack *unpack_open(struct arena *a, const char *dest, struct err *err) NODISCARD;

/*
 * Begins the file `path`, or makes the directory; relative to the destination. -1 with ERR_REFUSED for a path
 * that is absolute or holds an empty part, "." or ".."; ERR_SYSTEM: it cannot be written.
 */
int unpack_begin(struct unpack *u, struct str path, bool is_dir, struct err *err) NODISCARD;
int unpack_bytes(struct unpack *u, struct str bytes, struct err *err) NODISCARD;
int unpack_end(struct unpack *u, struct err *err) NODISCARD;

/* Moves everything to its place. -1 with ERR_SYSTEM: something else is there (a directory, device, FIFO or socket
 * for a file, a symbolic link for a directory); what was moved before stays, and the text says so. */
int unpack_finish(struct unpack *u, struct err *err) NODISCARD;

/* Removes what is not moved. NULL is fine. */
void unpack_close(struct unpack *u);

#endif
