/* start.h: starts the pipelines of a plan that input `prune` had stopped, and whose specs are back. */
#ifndef DEPLOY_APPLY_START_H
#define DEPLOY_APPLY_START_H

#include "base/base.h"
#include "base/err.h"
#include "pipeline/plan.h"

struct pachd;
struct run;

/*
 * Starts each step that `starts`, after what the plan sends, in sending order; sets its `is_started`, and `start_set` where
 * a wait for jobs needs it. Goes on after a refusal; what is not started keeps its mark, so that the next run tries again.
 * -1: the first failure, as pachd_start(); ERR_INTERRUPTED, ERR_TIMEOUT.
 */
int start_all(struct run *run, struct pachd *cluster, struct plan *plan, struct err *err) NODISCARD;

/* After a push that failed: stops them again, and marks them as before. What cannot be done is reported. */
void start_undo(struct run *run, struct pachd *cluster, const struct plan *plan);

#endif
