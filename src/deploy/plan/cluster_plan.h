/* cluster_plan.h: what the cluster would have to change so that it runs what the files say. */
#ifndef DEPLOY_PLAN_CLUSTER_PLAN_H
#define DEPLOY_PLAN_CLUSTER_PLAN_H

#include <stdbool.h>

#include "base/base.h"
#include "base/err.h"
#include "deploy/gather/gather.h"
#include "pipeline/plan.h"

struct pachd;
struct run;

/* What a plan is made of, and what it comes to. */
struct cluster_plan {
	struct run *run;
	struct work *work;
	const struct reprocess *reprocess;
	struct pachd *cluster;
	bool planning;         /* the run sends nothing */
	bool wants_id;         /* ask for the cluster's id, too */
	bool knows_nothing;    /* after a failure: the cluster has answered no question */
	struct plan plan;      /* the result, in the run's arena */
	struct str cluster_id; /* empty where it was not asked for, or the cluster says none */
};

/* Asks the cluster and decides; nothing is written. Fills in p->plan and p->cluster_id. -1: ERR_SPEC mistakes in
 * the specs (shown), or too many changes for one transaction; ERR_REFUSED what the pipelines need is not there;
 * pachd_preflight()'s failures. */
int cluster_plan_make(struct cluster_plan *p, struct err *err) NODISCARD;

/* Only how the files compare with the cluster, and whose its pipelines are, in p->plan: whether the cluster could take the
 * changes is not asked, and p->reprocess means nothing. Failures as cluster_plan_make(). */
int cluster_plan_compare(struct cluster_plan *p, struct err *err) NODISCARD;

#endif
