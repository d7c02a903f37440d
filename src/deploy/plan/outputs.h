/* outputs.h: pipelines that run the same spec, and that an earlier push has left half done (below 1.12). */
#ifndef DEPLOY_PLAN_OUTPUTS_H
#define DEPLOY_PLAN_OUTPUTS_H

#include "base/base.h"
#include "base/err.h"
#include "deploy/gather/gather.h"

struct pachd;
struct run;

/* After the comparison: a candidate that is the same, and whose output branch takes nothing from its inputs,
 * counts as different, and says why. Failures as pachd_check_outputs(). */
int outputs_check(
    struct run *run, struct pachd *cluster, struct work *work, struct err *err) NODISCARD;

#endif
