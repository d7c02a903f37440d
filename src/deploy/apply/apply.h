/* apply.h: sends a plan, and says how far that went. */
#ifndef DEPLOY_APPLY_APPLY_H
#define DEPLOY_APPLY_APPLY_H

#include "base/base.h"
#include "pachd/apply/apply.h"
#include "pipeline/plan.h"

struct pachd_result;
struct run;

/* Says in the log what was done and what was not, after pachd_apply() has failed. */
void apply_log_partial(struct run *run, const struct plan *plan, const struct pachd_result *result);

/* What the push has created for its pipelines to read is not taken away again: says so. */
void apply_log_repos(struct run *run, const struct plan *plan);

#endif
