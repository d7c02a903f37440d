/* restore.h: versions of pipelines that the cluster keeps, as a plan that puts them back. */
#ifndef DEPLOY_APPLY_RESTORE_H
#define DEPLOY_APPLY_RESTORE_H

#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "deploy/gather/gather.h"
#include "pachd/pps/history.h"
#include "pipeline/plan.h"

struct pachd;
struct pachd_version;
struct run;

/* versions[i] holds the version to put back, now[i] what runs: one pipeline's. */
struct restore {
	const struct pachd_version *versions;
	const struct deployed *now;
	size_t count;
	const struct reprocess *reprocess;
};

/* Reads the versions as if they came from files: work->list has their rendered documents. -1 as restore_plan(). */
int restore_read(struct run *run, struct pachd *cluster, const struct restore *r, struct work *work,
    struct err *err) NODISCARD;

/* Plans it. -1 with ERR_SPEC, ERR_REFUSED when a version cannot be read or would be refused. */
int restore_plan(struct run *run, struct pachd *cluster, const struct restore *r, struct work *work,
    struct plan *plan, struct err *err) NODISCARD;

#endif
