/* follow.h: waits for the jobs that a commit or a run has started, and logs the states of each. */
#ifndef DATA_FOLLOW_H
#define DATA_FOLLOW_H

#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "pachd/pfs/pfs.h"
#include "pipeline/progress.h"

struct pachd;
struct run;

/*
 * Waits until all jobs of the commit have ended, also those of pipelines further down; *count: how many there were.
 * -1: ERR_FAILED one has failed, and the log has its last lines; ERR_TIMEOUT, which names the jobs that still run;
 * ERR_INTERRUPTED; the failures of the calls.
 */
int follow_commit(struct run *run, struct pachd *cluster, const struct pfs_ref *at, size_t *count,
    struct err *err) NODISCARD;

/* The same for one job (1.x, where jobs of one run have nothing in common). */
int follow_job(
    struct run *run, struct pachd *cluster, const struct job *job, struct err *err) NODISCARD;

#endif
