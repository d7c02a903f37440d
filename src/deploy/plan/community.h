/* community.h: the limits of pachd's Community Edition. */
#ifndef DEPLOY_PLAN_COMMUNITY_H
#define DEPLOY_PLAN_COMMUNITY_H

struct pachd_facts;
struct pachd_license;
struct plan;
struct run;

/* Notes in run->diags which new pipelines the cluster refuses without a license; a warning where this release does so only
 * for pipelines that are sent alone. */
void community_check(struct run *run, const struct pachd_license *license,
    const struct pachd_facts *facts, const struct plan *plan);

#endif
