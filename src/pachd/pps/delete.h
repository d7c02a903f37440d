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
	bool is_gone;    /* it is not there any more */
	bool is_unknown; /* the cluster does not answer whether it is */
	bool
	    is_stopped; /* it is there, and stopped: 2.x does that first, in a transaction of its own */
	struct str words; /* it is gone, but this is what the server said; may be empty */
};

/*
 * Deletes the pipeline with its jobs and its history; `keeps_repo`: its output repo stays, with its data. From 2.0 on cron
 * repos of its own go in any case, in 1.x they stay with `keeps_repo`. Never with `force`: a server refuses to delete
 * a repo that others read; it does not look at them where the repo stays. Sent once. It may take minutes: only the
 * run's deadline ends it. After a failure the pipeline is looked at again. 0: it is gone, also where it was gone before.
 * -1: it is not, or nobody knows, as *out says; failures as pachd_probe().
 */
int pps_delete(struct pachd *p, const struct pachd_target *target, bool keeps_repo,
    struct pps_deletion *out, struct err *err) NODISCARD;

#endif
