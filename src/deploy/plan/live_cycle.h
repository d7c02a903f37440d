/* live_cycle.h: cycles that go through pipelines which run, but are not in the specs. */
#ifndef DEPLOY_PLAN_LIVE_CYCLE_H
#define DEPLOY_PLAN_LIVE_CYCLE_H

#include "base/base.h"
#include "base/err.h"

struct pachd;
struct plan;
struct run;
struct work;

/*
 * Reports a cycle that an update closes through live pipelines. Asks the cluster only where the input of an update
 * differs, for the pipelines that it leads to, at most MAX_LIVE of them. -1: the channel's failures.
 */
int live_cycle_check(struct run *run, struct pachd *cluster, const struct work *work,
    const struct plan *plan, struct err *err) NODISCARD;

#endif
