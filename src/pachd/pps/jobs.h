/* jobs.h: the jobs that a push has started. */
#ifndef PACHD_PPS_JOBS_H
#define PACHD_PPS_JOBS_H

#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "pachd/pachd.h"

struct arena;
struct jobs;
struct deployed;

/* The jobs of some transactions or commit sets (2.x), in one flight. A set that does not exist, yet or any more,
 * has none. They live in `scratch`. Sent once. -1: the channel's failures, those of rpc_error(). */
int pachd_jobs(struct pachd *p, struct arena *scratch, const struct str *ids, size_t count,
    struct jobs *out, struct err *err) NODISCARD;

/* Pipelines and what runs now under their names. */
struct pachd_deployed_list {
	const struct pachd_target *targets;
	const struct deployed *live;
	size_t count;
};

/* The jobs that the spec commits of `seen` have started (1.x). The server reports a job when it has ended: this
 * call waits some seconds for that, and a pipeline with more to come gets a job that is "running", without an id.
 * Jobs of downstream pipelines are not among them. They live in `scratch`. -1: the channel's failures, those of
 * rpc_error(). */
int pachd_flush(struct pachd *p, struct arena *scratch, const struct pachd_deployed_list *seen,
    struct jobs *out, struct err *err) NODISCARD;

#endif
