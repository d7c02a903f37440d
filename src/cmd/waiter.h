/* waiter.h: what the files that wait for a push share. */
#ifndef CMD_WAITER_H
#define CMD_WAITER_H

#include "cmd/run.h"
#include "pachd/pachd.h"
#include "pipeline/progress.h"

enum { LOG_LINES = 20, MISSING_NAMED = 10 };

/* Why what has failed is no reason to take the push back. */
extern const char waiter_older[], waiter_outside[];

struct waiter {
	struct run *run;
	struct pachd *cluster;
	struct plan *plan;
	struct pachd_target *targets;
	struct live *now;       /* of the last poll, in its scratch arena */
	struct str transaction; /* of the push, where there was one; the last one's of several */
	struct job_set *sets;   /* 2.x: the sets of jobs that are still looked at */
	size_t set_count, set_room;
	struct place *places; /* the steps by name */
	bool *was_bad; /* of each step: an earlier push's job had ended badly at the last look */
	bool unsure;   /* whether that was its last job is to be seen at the next look */
	bool *older;   /* of each step: its job was begun before the push */
	struct outsider *outsiders; /* pipelines further down that are not in the plan */
	size_t outsider_count, outsider_room;
	struct str *job_states; /* of each step: the last job state told */
	bool jobs;              /* wait for jobs, too */
	const char
	    *excuse; /* why what keeps it from ending well is not the push's fault, or NULL */
	const struct step *old_step; /* of the last look: what had failed before the push, */
	const struct job *old_job;   /* and is blamed once all else has ended well */
	bool live; /* a table on a terminal shows the states; else each change is a line */
	int64_t started_ms;
};

/* cmd/jobs.c: makes room for what is known of each step's job. */
void jobs_prepare(struct waiter *w);

/* Looks at the jobs of the push. 1: all have ended well, 0: not yet, -1: as wait_for(). */
int jobs_look(struct waiter *w, struct arena *scratch, struct err *err) NODISCARD;

/* Says in *err how the job has ended badly, and its last lines in the log. Always -1, with ERR_FAILED, or
 * ERR_SUPERSEDED where somebody has killed it. */
int job_ended(struct waiter *w, struct arena *scratch, const struct job *job, struct err *err);

/* The step that the job belongs to; plan->count for pipelines that are not in the plan. */
size_t jobs_step(const struct waiter *w, const struct job *job);

/* Whether it is a job of this push's transactions (2.x). */
bool jobs_is_ours(const struct waiter *w, const struct job *job);

/* cmd/outside.c: asks what kind of pipelines those outside the plan are that have a job of the push and were
 * not seen before. -1 with the channel's failures. */
int outside_learn(
    struct waiter *w, struct arena *scratch, const struct jobs *jobs, struct err *err) NODISCARD;

/* Notes the state of the job, of a pipeline outside the plan; true when it will never end. */
bool outside_is_endless(const struct waiter *w, const struct job *job);

/* Adds to `names` those whose jobs have not ended, and returns how many there are. `before` are named already. */
struct buf;
size_t outside_missing(const struct waiter *w, struct buf *names, size_t before);

/* Whether the job's pipeline was left as it was and has had a good job since. */
bool job_is_past(const struct waiter *w, const struct job *job);

/* cmd/wait.c: whether step i was left as it was, and already then did not run, or its last job had not
 * ended well: that is no fault of this push. */
bool waiter_was_so(const struct waiter *w, size_t i);

/* cmd/race.c: the pipeline of step i, "edges" or "vision/edges". */
struct str waiter_title(const struct waiter *w, size_t i);

/* The version that the pipeline should have. */
uint64_t waiter_version(const struct step *step);

/* A push that came between ours and the plan makes our version a later one than was planned. What is live
 * is ours when it came with our transaction, or when it is what our spec makes of it: then the step's
 * version becomes that one, and the log says so. */
void waiter_adopt(struct waiter *w, size_t i);

/* What runs as step i's pipeline is somebody else's, or nothing: always -1 with ERR_SUPERSEDED. */
int waiter_superseded(struct waiter *w, size_t i, struct err *err);

/* Where nobody waits: one look at what was updated. The server takes an update over whatever is there, so
 * that only what is live afterwards tells whose it is. -1 with ERR_SUPERSEDED. */
int race_look(struct waiter *w, struct err *err) NODISCARD;

#endif
