/* wait.h: waits until what was pushed runs. */
#ifndef DEPLOY_WAIT_WAIT_H
#define DEPLOY_WAIT_WAIT_H

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

struct pachd;
struct plan;
struct run;

/* Waits, as input `wait` says, until the cluster runs what the plan holds. 0: it does, or nothing is waited for. -1:
 * ERR_FAILED a pipeline or job failed, with its reason, events and logs in the log; ERR_TIMEOUT naming
 * what was still missing; ERR_SUPERSEDED; ERR_INTERRUPTED. *unrelated: why what failed is not a reason to take the push back,
 * or NULL. Where nothing is waited for, nothing is asked: while pachd starts what was pushed even its reads are slow. */
int wait_for(struct run *run, struct pachd *cluster, struct plan *plan, struct str transaction,
    const char **unrelated, struct err *err) NODISCARD;

#endif
