/*
 * copies.h: commits that the server itself fills with files of other commits (2.x). All after pachd_probe();
 * failures as in pfs.h.
 *
 * The order is start, fill, finish: starting and finishing are one transaction each for all commits, filling is
 * part of none. A run that is killed in between leaves open commits, whose descriptions say what they are for; to
 * fill one again replaces its contents.
 */
#ifndef PACHD_PFS_COPIES_H
#define PACHD_PFS_COPIES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "pachd/pfs/pfs.h"

/* A commit that is to be started. */
struct pfs_start {
	struct pfs_ref at; /* its ref is the branch, which is created where it does not exist */
	bool makes_repo;   /* the repo is created, too */
	struct str description; /* of the commit */
	struct str about_repo;  /* the repo's description, where it is made */
};

/* Starts them, all or none. They have one id, in *id, which lives in `a`; so from 2.6 on no two may be of one
 * repo. Where the answer was lost, *id is empty: look for heads with the descriptions. */
int pfs_start_commits(struct pachd *p, struct arena *a, const struct pfs_start *list, size_t count,
    struct str *id, struct err *err) NODISCARD;

/* A commit that was started. Up to 2.5 commits of several branches may have one id: the branch says which one is
 * meant. */
struct pfs_open {
	struct pfs_ref at; /* its ref is the commit's id */
	struct str branch;
};

/* What is put into a commit: the file or directory `path` of another one under the same path, or, where `from` is
 * NULL, an empty file. */
struct pfs_copy {
	const struct pfs_ref *from; /* a commit's id */
	struct str path;
};

/* Replaces all that is in the open commit `at` by these. */
int pfs_fill_commit(struct pachd *p, const struct pfs_open *at, const struct pfs_copy *list,
    size_t count, struct err *err) NODISCARD;

/* A commit that is to be finished. */
struct pfs_finish {
	struct pfs_open at;
	struct str description; /* replaces the one that it was started with */
};

/* Finishes them, all or none. */
int pfs_finish_commits(
    struct pachd *p, const struct pfs_finish *list, size_t count, struct err *err) NODISCARD;

#endif
