/* stop_rights.h: may the token's user stop or delete what left git, and start what came back? */
#ifndef DEPLOY_PLAN_STOP_RIGHTS_H
#define DEPLOY_PLAN_STOP_RIGHTS_H

#include "base/base.h"
#include "base/err.h"

struct pachd;
struct plan;
struct run;

/*
 * Notes in run->diags which of plan->removals the user may not stop or delete, and which of their cron repos; and which
 * pipelines the user may not start that are started and not sent. Asks nothing without a login, and nothing is noted where the server does not say. A pipeline whose output repo is gone takes no right.
 * -1: pachd_preflight()'s failures.
 */
int stop_rights_check(
    struct run *run, struct pachd *cluster, const struct plan *plan, struct err *err) NODISCARD;

#endif
