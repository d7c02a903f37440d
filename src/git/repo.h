/*
 * repo.h: which commit the work tree is at. Only reads; runs no hook, filter or helper; never uses the network.
 */
#ifndef GIT_REPO_H
#define GIT_REPO_H

#include <stdbool.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

struct arena;
struct repo;

/*
 * Opens the repository at or above `path`. Owned: end it with repo_close(), before `a`; NULL is fine.
 * `trusted`: `path` is the CI workspace or was named by the user, so that a work tree that belongs
 * to another user is opened all the same (git's safe.directory check is switched off for it).
 * NULL with ERR_SYSTEM: no repository there, one that belongs to somebody else, one with SHA-256
 * object names (libgit2 reads only SHA-1), or one that is broken; each with its own sentence.
 */
struct repo *repo_open(struct arena *a, const char *path, bool trusted, struct err *err) NODISCARD;
void repo_close(struct repo *r);

struct repo_head {
	struct str sha;    /* 40 hex digits, lower case */
	struct str branch; /* "main", "feature/x"; empty when HEAD is detached */
	bool shallow;      /* a shallow clone */
};

/* HEAD's commit. The strings live in `a`. -1 with ERR_SYSTEM when there is no commit yet. */
int repo_head(struct repo *r, struct arena *a, struct repo_head *out, struct err *err) NODISCARD;

/* Peels `rev` (a SHA, whole or at least 7 digits, a tag, a branch, HEAD~1) to its commit's 40 digits.
 * -1 with ERR_SYSTEM when it is not there; in a shallow clone the hint says how to fetch more. */
int repo_peel(
    struct repo *r, struct arena *a, struct str rev, struct str *sha, struct err *err) NODISCARD;

/* The subject (first line) of a commit's message, or the empty view when it cannot be read. */
struct str repo_subject(struct repo *r, struct arena *a, struct str sha);

/* The whole message, at most 64 KiB of it; empty when it cannot be read. */
struct str repo_message(struct repo *r, struct arena *a, struct str sha);

struct repo_distance {
	size_t behind; /* how many commits HEAD has that it does not have */
	bool is_aside; /* it has some that HEAD does not have, as after a force push */
};

/* How far the commit `sha` is from HEAD. -1 with ERR_SYSTEM: the clone does not hold it, or is cut off before
 * their common ancestor. */
int repo_distance(struct repo *r, struct arena *a, struct str sha, struct repo_distance *out,
    struct err *err) NODISCARD;

/* The bytes of the blob `sha`, 40 digits, in `a`. False: the clone does not hold it, or it has more than
 * MAX_SPEC_BYTES. */
bool repo_blob(struct repo *r, struct arena *a, struct str sha, struct str *bytes);

/* The URL of remote "origin", else of the only remote, without user, password, query and fragment ("git@host:path"
 * stays as it is). Empty: there is no remote, or several without "origin", or the URL is a path of this machine. */
struct str repo_remote(struct repo *r, struct arena *a);

#endif
