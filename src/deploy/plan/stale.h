/* stale.h: whether a plan in a file still holds. */
#ifndef DEPLOY_PLAN_STALE_H
#define DEPLOY_PLAN_STALE_H

#include "base/base.h"
#include "base/err.h"
#include "deploy/plan/plan_file.h"

/* Compares it with the plan of now. -1 with ERR_SUPERSEDED when anything has moved: the cluster, a file, an
 * image, what runs; all of it is in the log, the first of it in *err. */
int plan_file_check(struct run *run, const struct plan_file *file, const struct plan_facts *facts,
    struct err *err) NODISCARD;

#endif
