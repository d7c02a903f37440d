/* others.h: pipelines of the cluster that the specs do not have. */
#ifndef DEPLOY_PLAN_OTHERS_H
#define DEPLOY_PLAN_OTHERS_H

#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "deploy/gather/gather.h"
#include "pachd/list.h"
#include "pipeline/mark.h"

struct pachd;
struct run;

struct other {
	const struct pachd_listed *listed;
	struct mark mark; /* who pushed it last; not set: unknown */
};

/* All of them in *out, by project and name, in the run's and the cluster's arena. Below 2.5, where there are no projects,
 * names alone count. Failures as pachd_list() and pachd_read_marks(). */
int others_find(struct run *run, struct pachd *cluster, const struct work *work, struct other **out,
    size_t *count, struct err *err) NODISCARD;

#endif
