/* community.h: the limits of pachd's Community Edition. */
#ifndef DEPLOY_PLAN_COMMUNITY_H
#define DEPLOY_PLAN_COMMUNITY_H

struct pachd_facts;
struct pachd_license;
struct plan;
struct run;

/* Notes in the run's diags which new pipelines the cluster refuses without a license, or would refuse by
 * themselves. */
void community_check(struct run *run, const struct pachd_license *license,
    const struct pachd_facts *facts, const struct plan *plan);

#endif
