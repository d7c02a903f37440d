/* remove.h: stops and deletes the pipelines of a plan that left git. */
#ifndef DEPLOY_APPLY_REMOVE_H
#define DEPLOY_APPLY_REMOVE_H

#include "base/base.h"
#include "base/err.h"
#include "pipeline/plan.h"

struct pachd;
struct run;

/*
 * Takes plan->removals one after the other, after the push and its wait; each is looked at once more before: what somebody
 * has pushed meanwhile stays, and so does what somebody reads now. What became of each is in its `state`, and in the log.
 * Goes on after a refusal. A run that is killed in between leaves the rest to the next one. -1: ERR_REFUSED or the
 * channel's failure of the first that could not be done; ERR_INTERRUPTED, ERR_TIMEOUT.
 */
int remove_all(
    struct run *run, struct pachd *cluster, struct plan *plan, struct err *err) NODISCARD;

#endif
