/* ownership.h: which repository and target own the pipelines of a plan, and what a push makes of that. */
#ifndef DEPLOY_PLAN_OWNERSHIP_H
#define DEPLOY_PLAN_OWNERSHIP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/base.h"
#include "base/err.h"
#include "deploy/gather/gather.h"
#include "pipeline/mark.h"
#include "pipeline/plan.h"

struct pachd;
struct pachd_facts;
struct run;

/* The owner that this run is: repository, target, commit and run, without what is one pipeline's. Not set where it is not
 * known which repository the specs come from. */
struct mark ownership_of(const struct run *run, const struct commit *commit);

/* Gives a mark of an earlier name of this repository (input `renamed-from`) the name of now; whether it was one. */
bool ownership_adopt(struct run *run, const struct mark *owner, struct mark *mark);

/* The mark of a rendered spec that becomes `version`; `before` is the pipeline's mark of now. What is restored gets the
 * mark that it had (`restored`), where that is known. Not set where there is no owner, or no commit. In the run's arena. */
struct mark ownership_next(struct run *run, const struct mark *owner, const struct node *tree,
    const struct mark *before, uint64_t restores, const struct mark *restored, uint64_t version);

/* Puts the mark into each rendered spec, for releases that keep it there (1.10 to 2.9), with the version that the spec is
 * about to become. Before the specs are encoded. */
void ownership_annotate(struct run *run, const struct pachd_facts *facts, const struct work *work);

/* Reads the marks of the plan's pipelines that exist into plan->steps, and finds out which of them are to be started again.
 * Asks nothing where there is no owner. Failures as pachd_read_marks(). */
int ownership_read(struct run *run, struct pachd *cluster, const struct commit *commit,
    struct plan *plan, struct err *err) NODISCARD;

/* Notes in run->diags which of the plan's pipelines are another owner's; says in the log where no release can tell. */
void ownership_note(struct run *run, const struct pachd_facts *facts, const struct commit *commit,
    const struct plan *plan);

#endif
