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
	const char *dest; /* what was written */
};

/*
 * Gets what is at `path` of the commit; a file replaces the regular file at `dest`, or goes into the directory that it
 * is; a directory's content goes into the directory `dest`, which is made when it is not there. NULL: the file's
 * own name, for "/" the repo's. All or nothing is written, and nothing outside of it.
 */
int get_to_disk(struct run *run, struct pachd *cluster, const struct pfs_ref *commit,
    struct str path, const char *dest, struct got *out, struct err *err) NODISCARD;

/* Writes a file's bytes, or a directory as a tar stream, to standard output. Not on a runner, which would read
 * them. */
int get_to_stdout(struct run *run, struct pachd *cluster, const struct pfs_ref *commit,
    struct str path, struct got *out, struct err *err) NODISCARD;

#endif
