/* reprocess.h: input `reprocess`: which pipelines process their data again. */
#ifndef DEPLOY_PLAN_REPROCESS_H
#define DEPLOY_PLAN_REPROCESS_H

#include "base/base.h"
#include "base/err.h"
#include "pipeline/plan.h"
#include "pipeline/spec.h"

struct run;

/* Reads the input. -1 with ERR_USAGE for an unknown word or pipeline. */
int reprocess_read(struct run *run, struct reprocess *out, struct err *err) NODISCARD;

/* ERR_USAGE where it names a pipeline that none of the specs is. */
int reprocess_check(const struct run *run, const struct reprocess *r, const struct specs *specs,
    struct err *err) NODISCARD;

#endif
