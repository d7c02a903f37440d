/* apply.h: sends a plan, and says how far that went. */
#ifndef DEPLOY_APPLY_APPLY_H
#define DEPLOY_APPLY_APPLY_H

#include "base/base.h"
#include "base/err.h"
#include "deploy/gather/commit.h"
#include "pachd/apply/apply.h"
#include "pipeline/plan.h"

struct pachd;
struct pachd_result;
struct run;

/* Says in the log what was done and what was not, after pachd_apply() has failed. */
void apply_log_partial(struct run *run, const struct plan *plan, const struct pachd_result *result);

/* Notes repository, commit, run and program on the pipelines that were pushed, where the release can (2.11) and
 * CI or a git remote says where it is. A failure is only a warning: what runs does not hang on it. */
void apply_put_metadata(
    struct run *run, struct pachd *cluster, const struct commit *commit, const struct plan *plan);

/* What the push has created for its pipelines to read is not taken away again: says so. */
void apply_log_repos(struct run *run, const struct plan *plan);

#endif
