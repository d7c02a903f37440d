/* get.h: a file or directory of a commit, to the disk or as a stream. */
#ifndef DATA_GET_H
#define DATA_GET_H

#include <stddef.h>
#include <stdint.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "pachd/pfs/pfs.h"

struct pachd;
struct run;

struct got {
	size_t files;
	uint64_t bytes;
	const char *dest; /* the path that was written; "-": standard output */
};

/*
 * Gets the file or directory at `path` of the commit. A file replaces the regular file at `dest`, or goes into `dest` where
 * that is a directory; the content of a directory goes into the directory `dest`, which is made where there is none.
 * `dest` NULL: the name that `path` ends with, for "/" the repo's. All or nothing is written, and nothing outside of
 * `dest`. -1: ERR_REFUSED there is no such path, or the server sends other paths; ERR_SYSTEM it cannot be written; the
 * failures of the calls.
 */
int get_to_disk(struct run *run, struct pachd *cluster, const struct pfs_ref *commit,
    struct str path, const char *dest, struct got *out, struct err *err) NODISCARD;

/* Writes a file's bytes, or a directory as a tar stream, to standard output. Not for a runner, which would look for commands
 * in them. -1 as above. */
int get_to_stdout(struct run *run, struct pachd *cluster, const struct pfs_ref *commit,
    struct str path, struct got *out, struct err *err) NODISCARD;

#endif
