/* put.h: files into a branch, as one commit. */
#ifndef DATA_PUT_H
#define DATA_PUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "data/local.h"
#include "data/place.h"

struct pachd;
struct run;

struct put_opts {
	struct place to; /* with a branch and a path */
	bool appends;    /* to what is there, instead of replacing it */
	bool mirrors;    /* what is in the directory and not among the files is deleted */
	bool if_changed; /* files that are there with the same bytes are left alone */
	bool creates;    /* the repo and the branch where they are missing */
	enum pfs_split split;
	bool
	    is_probed; /* pachd_probe() has been called already: one login is enough for several puts */
};

struct put {
	struct put_opts opts;
	const struct local_files *found;
	const struct local_file **changed; /* what is sent */
	size_t changed_count;
	uint64_t *
	    firsts; /* with `appends` and `split` on 2.x: the number of each one's first piece; else NULL */
	struct str *deletes; /* what is deleted */
	size_t delete_count;
	uint64_t bytes; /* of what is sent */
	bool makes_repo, makes_branch;
	struct str before; /* the branch's head before; empty: none */
	struct str commit; /* by put_send(): the new one; empty: nothing was to be done */
};

/*
 * Looks at the repo and branch (the first flight, in the place of pachd_probe()), and decides what is sent.
 * ERR_REFUSED: no such repo or branch (unless they are to be created), a branch that a pipeline writes, a
 * commit of somebody else that is open, no right to write; what it takes to compare as remote_same().
 */
int put_plan(struct run *run, struct pachd *cluster, const struct put_opts *opts,
    const struct local_files *found, struct put *out, struct err *err) NODISCARD;

/* The same for those of several puts that need nothing, found out with one call for each (input `if-changed`): fills in
 * out[i], and sets is_done[i]. The others take put_plan(). Calls pachd_probe(), whose failures it has. */
int put_find_done(struct run *run, struct pachd *cluster, const struct put_opts *opts,
    const struct local_files *found, size_t count, struct put *out, bool *is_done,
    struct err *err) NODISCARD;

/* Whether there is anything to do. */
bool put_is_needed(const struct put *put);

/* Sends it. After a failure the branch is as it was, or *err says what is known. */
int put_send(struct run *run, struct pachd *cluster, struct put *put, struct err *err) NODISCARD;

#endif
