/* judge.h: which jobs say how a push does, and which one of them is to blame. Pure: nothing is asked or shown. */
#ifndef DEPLOY_WAIT_JUDGE_H
#define DEPLOY_WAIT_JUDGE_H

#include <stdbool.h>
#include <stddef.h>

struct job;
struct jobs;
struct waiter;

/* Whether the step was left as it was and its last job ended well: what became of earlier jobs is past.
 * In 1.x never: the job of a new spec begins only when a worker is up, and the last one may be the old spec's. */
bool judge_has_moved_on(const struct waiter *w, size_t step);

/* The same for the pipeline of a job; false for pipelines outside the plan. */
bool judge_is_past(const struct waiter *w, const struct job *job);

/* Whether the job belongs to what the push left as it was, and was not better before, or to a pipeline
 * outside the plan. */
bool judge_failed_before(const struct waiter *w, const struct job *job);

/* Keeps in `jobs` those that say how what was pushed does. Of a pipeline that was left as it was only its
 * last job does. Sets w->unsure where the next look must show which one that is. */
void judge_keep_counting(struct waiter *w, struct jobs *jobs);

/* Marks the sets of earlier pushes none of whose jobs is still waited for. */
void judge_drop_ended(struct waiter *w, const struct jobs *jobs);

/* The job to blame: the first that failed by itself, else the first that ended badly once no other can
 * tell more ("unrunnable" is what a failure further up does to it); NULL while there is none. What had
 * failed before the push is only kept, in w->old_job. */
const struct job *judge_blame(struct waiter *w, const struct jobs *jobs);

#endif
