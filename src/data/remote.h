/* remote.h: the files of a branch, and whether local files are the same. */
#ifndef DATA_REMOTE_H
#define DATA_REMOTE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "data/local.h"
#include "pachd/pfs/pfs.h"

struct arena;
struct pachd;

struct remote {
	struct pfs_file *list; /* by path; no directories */
	size_t count, room;
};

/* Lists all files at the path and below it, in `a`; none where there is no such path. -1 as pfs_walk(), and with
 * ERR_REFUSED above MAX_DATA_FILES. */
int remote_read(struct arena *a, struct pachd *p, const struct pfs_ref *at, struct str path,
    struct remote *out, struct err *err) NODISCARD;

/* From this size on a file may be in several pieces in the cluster, whose hash a client cannot know (2.x). */
enum { REMOTE_HASHED_BYTES = 1 << 20 };

/* Whether the server's hash is that of these bytes in one piece. */
bool remote_hash_is(bool is_1x, struct str bytes, struct str hash);

/* The file of that path, or NULL. */
const struct pfs_file *remote_file(const struct remote *remote, struct str path);

/* A branch that may hold all of the files already. */
struct remote_look {
	const struct pfs_ref *at;
	const struct local_files *found;
	struct str path; /* where the files go */
	bool is_mirror;  /* no other files may be below it */
	bool is_same;    /* set by remote_look(): the server's hashes prove that it holds them */
};

/* Reads each of the branches with one call, all at once. `is_same` is false wherever that proves nothing: a file is too large
 * for a hash, the repo is missing, the call fails. */
void remote_look(struct arena *a, struct pachd *p, struct remote_look *list, size_t count);

/*
 * *same: the local file has the same bytes as the file of the commit: compares sizes, then the server's hash where a client
 * can know it (from 2.0 on below 1 MiB, where pachd keeps a file in one piece), else byte for byte. -1 with ERR_SYSTEM: the
 * local file cannot be read or changes meanwhile; the failures of pfs_get().
 */
int remote_same(struct pachd *p, const struct pfs_ref *at, const struct pfs_file *file,
    const struct local_file *source, bool *same, struct err *err) NODISCARD;

#endif
