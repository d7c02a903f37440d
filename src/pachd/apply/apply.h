/* apply.h: creates and updates the pipelines of a plan, and the input repos that they need. */
#ifndef PACHD_APPLY_APPLY_H
#define PACHD_APPLY_APPLY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

struct pachd;
struct plan;

/* Checks that the plan's changes are few enough for one transaction, where the release limits their number (1.12,
 * 1.13). -1: ERR_SPEC. pachd_apply() checks their size. */
int pachd_check_transaction_size(
    const struct pachd *p, const struct plan *plan, struct err *err) NODISCARD;

/* How the changes went. */
struct pachd_result {
	struct str transaction; /* its id, the last one's where there were several; else empty */
	size_t transactions;    /* how many there were */
	/* how many changes are done: the first ones of the plan, where there is no transaction */
	size_t done;
	size_t repos;   /* how many input repos it has created */
	bool half_done; /* below 1.12: the next change is half done; its step says so */
	bool unknown;   /* it is not known whether the next change, or the transaction, is done */
};

/*
 * Creates the plan's repos, and sends its creates and updates: one alone by its own call; several in one
 * transaction from 1.12, and one after the other below, where the first failure ends it. Sets new_version of the
 * steps that are done. *out is written after a failure, too, and says what has changed. -1: ERR_REFUSED with the
 * pipeline's name and what to do; ERR_SPEC: too many or too large for one transaction (nothing was sent);
 * ERR_SUPERSEDED: somebody else has changed a pipeline since it was planned; the channel's failures. Where that
 * change is the one of the plan, the result is 0 and all steps become ACTION_KEEP. After ERR_INTERRUPTED and
 * ERR_TIMEOUT no transaction of ours is left open, or the hint names it; below 1.12 a write that was sent is
 * always waited for.
 */
int pachd_apply(
    struct pachd *p, struct plan *plan, struct pachd_result *out, struct err *err) NODISCARD;

#endif
