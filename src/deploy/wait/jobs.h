/* jobs.h: the jobs of a push, while it is waited for. */
#ifndef DEPLOY_WAIT_JOBS_H
#define DEPLOY_WAIT_JOBS_H

#include "base/base.h"
#include "base/err.h"

struct arena;
struct job;
struct waiter;

/* Looks at the jobs of the push. 1: all have ended well, 0: not yet, -1: as wait_for(). */
int jobs_poll(struct waiter *w, struct arena *scratch, struct err *err) NODISCARD;

/* Says in *err how the job has ended badly, and its last lines in the log. Always -1, with ERR_FAILED, or
 * ERR_SUPERSEDED where somebody has killed it. */
int job_ended(struct waiter *w, struct arena *scratch, const struct job *job, struct err *err);

#endif
