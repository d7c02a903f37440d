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

/* The jobs of some transactions or commit sets (2.x), in one flight. A set that is not there yet, or not
 * any more, has none. They live in `scratch`. */
int pachd_jobs(struct pachd *p, struct arena *scratch, const struct str *ids, size_t count,
    struct jobs *out, struct err *err) NODISCARD;

/* Pipelines and what runs now under their names. */
struct pachd_deployed_list {
	const struct pachd_target *targets;
	const struct deployed *live;
	size_t count;
};

/* The jobs that the spec commits seen have started (1.x), which the server reports when they have ended:
 * this call waits some seconds for them, and what has more to come has one that is "running", without an id.
 * Jobs of pipelines further down are not looked at. */
int pachd_flush(struct pachd *p, struct arena *scratch, const struct pachd_deployed_list *seen,
    struct jobs *out, struct err *err) NODISCARD;

#endif
