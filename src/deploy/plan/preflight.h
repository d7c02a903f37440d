/* preflight.h: what pipelines lack on the cluster, found before anything is sent, each with its place. */
#ifndef DEPLOY_PLAN_PREFLIGHT_H
#define DEPLOY_PLAN_PREFLIGHT_H

struct requirements;
struct pachd_facts;
struct plan;
struct run;

/* Notes in run->diags what the pipelines that are to be sent lack: input repos and branches,
 * projects, secrets, rights, and plain repos in the way of new pipelines. With input `create-repos` missing
 * input repos go to plan->repos instead. Call it once for each `needs`, whose marks it sets. */
void preflight_check(struct run *run, const struct requirements *needs,
    const struct pachd_facts *facts, struct plan *plan);

#endif
