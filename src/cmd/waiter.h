/* waiter.h: what the files that wait for a push share. */
#ifndef CMD_WAITER_H
#define CMD_WAITER_H

#include "cmd/run.h"
#include "pachd/pachd.h"
#include "spec/progress.h"

enum { LOG_LINES = 20 };

struct waiter {
	struct run *run;
	struct pachd *cluster;
	struct plan *plan;
	struct pachd_target *targets;
	struct live *now; /* of the last poll, in its scratch arena */
	struct str
	    transaction; /* 2.x: names the set of jobs; learnt from a spec commit if need be */
	struct str *job_states; /* of each step: the last job state told */
	bool jobs;              /* wait for jobs, too */
	bool live; /* a table on a terminal shows the states; else each change is a line */
	int64_t started_ms;
};

/* cmd/jobs.c: looks at the jobs of the push. 1: all have ended well, 0: not yet, -1: as wait_for(). */
int jobs_look(struct waiter *w, struct arena *scratch, struct err *err) NODISCARD;

#endif
