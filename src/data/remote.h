/* remote.h: what a branch holds, and whether a local file is the same. */
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

/* All files at the path and below it; none where there is no such path. In `a`. Failures as pfs_walk(), and
 * ERR_REFUSED above MAX_DATA_FILES. */
int remote_read(struct arena *a, struct pachd *p, const struct pfs_ref *at, struct str path,
    struct remote *out, struct err *err) NODISCARD;

/* From this size on a file may be in several pieces in the cluster, whose hash a client cannot know (2.x). */
enum { REMOTE_HASHED_BYTES = 1 << 20 };

/* Whether the hash is the server's of these bytes in one piece. */
bool remote_hash_is(bool is_1x, struct str bytes, struct str hash);

/* The file of that path, or NULL. */
const struct pfs_file *remote_file(const struct remote *remote, struct str path);

/* A branch that may hold all of the files already. */
struct remote_look {
	const struct pfs_ref *at;
	const struct local_files *found;
	struct str path; /* where the files go */
	bool is_mirror;  /* and nothing else may be below it */
	bool is_same;    /* by remote_look(): it does, by the hashes of the server */
};

/* Asks for each of them with one call, all in one flight. Where that proves nothing, for any cause (files that are too
 * large for a hash, a repo that is not there), `is_same` is false. */
void remote_look(struct arena *a, struct pachd *p, struct remote_look *list, size_t count);

/*
 * Whether the local file has the bytes that the commit has: sizes first, then the server's hash where a client
 * can know it (from 2.0 on below 1 MiB, where pachd keeps a file in one piece), else byte for byte.
 */
int remote_same(struct pachd *p, const struct pfs_ref *at, const struct pfs_file *file,
    const struct local_file *source, bool *same, struct err *err) NODISCARD;

#endif
