/* follow.h: waits for the jobs that a commit, or a run, has started, and reports of each. */
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
 * Waits until all jobs that came of the commit have ended, also those further down; *count: how many they were.
 * ERR_FAILED: one has failed, with its last log lines in the log; ERR_TIMEOUT naming what still runs;
 * ERR_INTERRUPTED.
 */
int follow_commit(struct run *run, struct pachd *cluster, const struct pfs_ref *at, size_t *count,
    struct err *err) NODISCARD;

/* The same for one job (1.x, where jobs of one run have nothing in common). */
int follow_job(
    struct run *run, struct pachd *cluster, const struct job *job, struct err *err) NODISCARD;

#endif
