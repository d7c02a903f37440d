/*
 * prune.h: input prune: which of the target's pipelines left git, and what is done with them.
 *
 * Every guard holds before the plan is shown: the target is pushed whole, the commits that were pushed before are behind
 * HEAD, mark, git and version agree on each pipeline, none goes below a reader that stays, and not too many go.
 */
#ifndef DEPLOY_PLAN_PRUNE_H
#define DEPLOY_PLAN_PRUNE_H

#include <stdbool.h>

#include "base/base.h"
#include "base/err.h"
#include "deploy/gather/gather.h"
#include "pipeline/plan.h"

struct pachd;
struct run;

/* Whether the inputs allow to prune at all. -1 with ERR_USAGE: there is no target, or it is not pushed whole. */
int prune_check_inputs(const struct run *run, struct err *err) NODISCARD;

/*
 * Fills in plan->removals, readers first; asks nothing without input `prune`. What left git and is kept all the same is
 * named in the log, with why. `planning`: the run sends nothing. After ownership_read(). -1: ERR_REFUSED a guard does not
 * hold; ERR_SYSTEM git cannot be read; pachd_probe()'s failures.
 */
int prune_plan(struct run *run, struct pachd *cluster, const struct work *work, bool planning,
    struct plan *plan, struct err *err) NODISCARD;

#endif
