/* waiter.h: what is known while a push is waited for. */
#ifndef DEPLOY_WAIT_WAITER_H
#define DEPLOY_WAIT_WAITER_H

#include "pachd/pachd.h"
#include "pipeline/plan.h"
#include "pipeline/progress.h"
#include "session/run.h"

enum { LOG_LINES = 20, MISSING_NAMED = 10 };

/* Why what has failed is not a reason to take the push back. */
extern const char waiter_failing_before[], waiter_not_in_push[];

/* The jobs of one transaction: they have its id, and so has the spec commit of each pipeline that it
 * pushed (2.x). */
struct job_set {
	struct str id;
	bool is_ours; /* of this push: what fails further down is reported, too */
	bool ended;   /* of an earlier push, and there is nothing more to learn */
};

/* A step's pipeline, for looking the step up by name. */
struct step_name {
	struct str project, pipeline;
	size_t step;
};

/* What a pipeline lacks. */
struct lag {
	bool is_waiting;                    /* for its version, its state or its workers */
	bool is_paused;                     /* it stays so, and is not waited for */
	int64_t workers_up, workers_wanted; /* 0 and 0 where the server does not say */
};

/* What is known of one step's pipeline. */
struct awaited {
	struct deployed now;  /* at the last poll, in its scratch arena */
	struct lag lag;       /* at the last poll */
	struct str job_state; /* the last one reported */
	int64_t
	    crashing_ms; /* clock_ms() when it was first seen crashing since it last ran; 0: never */
	bool was_bad;    /* an earlier push's job had ended badly at the last look */
	bool is_older;   /* its job was begun before the push */
};

struct downstream;

struct waiter {
	struct run *run;
	struct pachd *cluster;
	struct plan *plan;
	bool is_1x;                   /* the cluster */
	struct awaited *awaited;      /* one for each step of the plan */
	struct pachd_target *targets; /* their pipelines */
	struct str transaction; /* of the push, where there was one; the last one's of several */
	struct job_set *sets;   /* 2.x: the sets of jobs that are still looked at */
	size_t set_count, set_room;
	struct step_name *names; /* sorted; one for each step */
	bool
	    unsure; /* whether an earlier push's job was the last one is to be seen at the next look */
	struct downstream *downstream; /* pipelines further down that are not in the plan */
	size_t downstream_count, downstream_room;
	bool jobs; /* wait for jobs, too */
	const char
	    *unrelated; /* why what keeps it from ending well is not the push's fault, or NULL */
	const struct step *old_step; /* of the last look: what had failed before the push, */
	const struct job *old_job;   /* and is reported as the cause once all else has ended well */
	bool is_redrawn; /* a table on a terminal shows the states; else each change is a line */
	int64_t started_ms;
	int64_t said_ms;  /* clock_ms() when the log last said something */
	int64_t moved_ms; /* clock_ms() when one of the states was last seen to change */
	size_t settled;   /* pipelines that were where they should be at the last look */
};

/* Whether step i was left as it was, and already then did not run, or its last job had not
 * ended well: that is not a fault of this push. */
bool waiter_failed_before(const struct waiter *w, size_t i);

/* The pipeline of step i, "edges" or "vision/edges". */
struct str waiter_title(const struct waiter *w, size_t i);

/* The version that the pipeline should have. */
uint64_t waiter_version(const struct step *step);

/* Whether that state is where a pipeline should be. */
bool waiter_is_up(struct str state);

/* Makes room for what is known of each step's pipeline. */
void waiter_prepare(struct waiter *w);

/* Reads what runs now as each step's pipeline. -1 with the channel's failures. */
int waiter_poll(struct waiter *w, struct arena *scratch, struct err *err) NODISCARD;

/* Notes at `now_ms` (clock_ms()) which of the states seen last differ from those seen before. */
void waiter_note_states(struct waiter *w, int64_t now_ms);

/* For how long step i's pipeline has been in a shaky state. pachd's master restarts the pipelines of a push
 * one after the other (1.11 to 1.13: each goes STARTING, RESTARTING, RUNNING), so "restarting" counts
 * from when any of them last moved; "crashing" from when this one began. */
int64_t waiter_shaky_ms(const struct waiter *w, size_t i, int64_t now_ms);

/* Notes that step i has failed, when, and the server's words on it. */
void waiter_mark_failed(struct waiter *w, size_t i, struct str reason);

/* Says in *err in what state step i's pipeline is and why, and its events in the log. Always -1 with ERR_FAILED. */
int waiter_pipeline_failed(struct waiter *w, struct arena *scratch, size_t i, struct err *err);

/* The step that the job belongs to; plan->count for pipelines that are not in the plan. */
size_t waiter_step_of(const struct waiter *w, const struct job *job);

/* Whether it is a job of this push's transactions (2.x). */
bool waiter_owns(const struct waiter *w, const struct job *job);

#endif
