/* apply.h: what the log says of a push that failed. */
#ifndef DEPLOY_APPLY_APPLY_H
#define DEPLOY_APPLY_APPLY_H

#include "base/base.h"
#include "pachd/apply/apply.h"
#include "pipeline/plan.h"

struct pachd_result;
struct run;

/* After a failure of pachd_apply(): which pipelines it has changed and which not. */
void apply_log_partial(struct run *run, const struct plan *plan, const struct pachd_result *result);

/* After a rollback: which repos the push has created for its pipelines to read, as they are kept. */
void apply_log_repos(struct run *run, const struct plan *plan);

#endif
