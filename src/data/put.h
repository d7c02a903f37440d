/* put.h: puts files into a branch, as one commit. */
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
	bool mirrors; /* deletes the files of the directory that are not among those of the put */
	bool if_changed; /* sends only files that differ */
	bool creates;    /* creates the repo and the branch where they are missing */
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
	struct str commit; /* set by put_send(): the new commit; empty: nothing was needed */
};

/*
 * Reads the repo and the branch (the run's first calls, unless opts->is_probed), and decides what is sent. -1: ERR_REFUSED
 * there is no such repo or branch (without `creates`), a pipeline writes the branch, its last commit is still open, or the
 * user may not write; the failures of remote_same() and of the calls.
 */
int put_plan(struct run *run, struct pachd *cluster, const struct put_opts *opts,
    const struct local_files *found, struct put *out, struct err *err) NODISCARD;

/* Finds those of several puts that need nothing (input `if-changed`), with one call for each: sets is_done[i], and fills in
 * out[i] where it is true. The others need put_plan(). -1 as pachd_probe(), which it calls, and pachd_check_project(). */
int put_find_done(struct run *run, struct pachd *cluster, const struct put_opts *opts,
    const struct local_files *found, size_t count, struct put *out, bool *is_done,
    struct err *err) NODISCARD;

/* Whether there is anything to do. */
bool put_is_needed(const struct put *put);

/* Sends the files. -1: the branch is as it was, or *err says what is known about it. */
int put_send(struct run *run, struct pachd *cluster, struct put *put, struct err *err) NODISCARD;

#endif
