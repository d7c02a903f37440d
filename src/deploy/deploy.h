/* deploy.h: a plan, sent or not: the walk through apply, wait and report that push and rollback share. */
#ifndef DEPLOY_DEPLOY_H
#define DEPLOY_DEPLOY_H

#include "base/base.h"
#include "base/err.h"

struct outcome;
struct pachd;
struct plan;
struct run;

/* Sends the plan, waits as input `wait` says, and says how it went, also when it went wrong. o->plan is
 * `plan`. 0, or -1 with *err set: what pachd_apply() and wait_for() say. */
int deploy_plan(struct run *run, struct pachd *cluster, struct plan *plan, struct outcome *o,
    struct err *err) NODISCARD;

/* Reports what would have been done. 0 or EXIT_CHANGES, or -1 with *err set. */
int deploy_nothing(struct run *run, struct outcome *o, struct err *err) NODISCARD;

#endif
