/* delete.h: deletes a pipeline. */
#ifndef PACHD_PPS_DELETE_H
#define PACHD_PPS_DELETE_H

#include <stdbool.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "pachd/pachd.h"

/* Whether the release can delete a pipeline and keep its output repo (1.10+). */
bool pps_can_keep_repo(const struct pachd_facts *facts);

/* What became of a pipeline that was to be deleted. */
struct pps_deletion {
	bool is_gone;    /* it does not exist any more */
	bool is_unknown; /* the cluster does not answer whether it exists */
	/* it exists and is stopped: 2.x does that first, in a transaction of its own */
	bool is_stopped;
	/* where it is gone: the failure that the server reported nevertheless; may be empty */
	struct str words;
};

/*
 * Deletes the pipeline with its jobs and its history; `keeps_repo`: its output repo stays, with its data. The
 * repos of its cron inputs are deleted from 2.0 on, in 1.x unless `keeps_repo`. Never with `force`: the server
 * refuses to delete a repo that others read, but does not check that where the repo stays. Sent once. It may take
 * minutes: only the run's deadline ends it. After a failure the pipeline is looked at again. 0: it is gone, also
 * where it was gone before. -1: it is not, or that is not known, as *out says; failures as pachd_probe().
 */
int pps_delete(struct pachd *p, const struct pachd_target *target, bool keeps_repo,
    struct pps_deletion *out, struct err *err) NODISCARD;

#endif
