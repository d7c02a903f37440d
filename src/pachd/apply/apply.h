/* apply.h: the only part of the client that changes pipelines. */
#ifndef PACHD_APPLY_APPLY_H
#define PACHD_APPLY_APPLY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

struct pachd;
struct plan;

/* Whether the plan's changes are few enough for one transaction, where the release counts them (1.12, 1.13).
 * -1 with ERR_SPEC. Their size shows when they are sent. */
int pachd_check_transaction_size(
    const struct pachd *p, const struct plan *plan, struct err *err) NODISCARD;

/* How the changes went. */
struct pachd_result {
	struct str transaction; /* its id, the last one's where there were several; else empty */
	size_t transactions;    /* how many there were */
	size_t done;    /* how many changes the cluster has taken; in order where it took them
	                           one by one */
	size_t repos;   /* how many input repos it has created */
	bool half_done; /* below 1.12: the change number `done` is half done: its step says so */
	bool unknown;   /* the answer to the change number `done` was lost, and asking again did
	                           not tell */
};

/*
 * Creates the plan's repos, and sends its creates and updates: one alone by its own call; several in one transaction
 * from 1.12, and one after the other below, where the first failure ends it. Fills new_version of what
 * was done. On failure nothing has changed, or `out` says what has: *out is written either way.
 * -1: ERR_REFUSED with the pipeline's name and what to do; ERR_SPEC: too many or too large for one
 * transaction (nothing was sent); ERR_SUPERSEDED: somebody else has changed what the plan is made for,
 * but where that is just what the plan wants the result is 0 and the plan's steps are kept; the channel's
 * failures. After ERR_INTERRUPTED and ERR_TIMEOUT no
 * transaction of ours is left open; below 1.12 a write that was sent is always waited for.
 */
int pachd_apply(
    struct pachd *p, struct plan *plan, struct pachd_result *out, struct err *err) NODISCARD;

#endif
