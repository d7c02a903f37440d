/* Which jobs say how a push does, and which one of them is to blame. */
#include "deploy/wait/judge.h"

#include "base/arena.h"
#include "deploy/wait/downstream.h"
#include "deploy/wait/waiter.h"
#include "session/run.h"

bool
judge_has_moved_on(const struct waiter *w, size_t step)
{
	return !w->is_1x && w->plan->steps[step].new_version == 0
	       && str_is(w->awaited[step].now.last_job, "success");
}

bool
judge_is_past(const struct waiter *w, const struct job *job)
{
	size_t step = waiter_step_of(w, job);

	return step < w->plan->count && judge_has_moved_on(w, step);
}

bool
judge_failed_before(const struct waiter *w, const struct job *job)
{
	size_t step = waiter_step_of(w, job);

	if (step == w->plan->count || w->plan->created + w->plan->updated + w->plan->started == 0)
		return true;
	if (w->plan->steps[step].new_version > 0 || w->plan->steps[step].is_started)
		return false;
	if (w->set_count > 0 && !waiter_owns(w, job))
		return true;
	return waiter_failed_before(w, step);
}

/* Keeps the job for the end, beyond this look. */
static void
keep_failed_before(struct waiter *w, const struct job *job)
{
	struct arena *a = w->run->arena;
	struct job *copy;

	if (w->old_job && !judge_is_past(w, w->old_job))
		return;
	copy = ARENA_ARRAY(a, 1, struct job);
	*copy = *job;
	copy->project = arena_str(a, job->project);
	copy->pipeline = arena_str(a, job->pipeline);
	copy->id = arena_str(a, job->id);
	copy->state = arena_str(a, job->state);
	copy->reason = arena_str(a, job->reason);
	w->old_job = copy;
}

const struct job *
judge_blame(struct waiter *w, const struct jobs *jobs)
{
	const struct job *bad = NULL;
	bool waiting = false;

	for (size_t i = 0; i < jobs->count; i++) {
		const struct job *job = &jobs->list[i];
		bool is_bad = job_has_failed(job->state);

		if (is_bad && judge_failed_before(w, job)) {
			keep_failed_before(w, job);
			continue;
		}
		if (is_bad && !job_is_consequence(job))
			return job;
		waiting |= job_progress(job->state) == PROGRESS_WAITING;
		if (!bad && is_bad)
			bad = job;
	}
	return waiting ? NULL : bad;
}

/* Whether the pipeline has a later job. One that has not started yet is the last. */
static bool
is_followed(const struct jobs *jobs, const struct job *job)
{
	const struct job *next = job + 1;

	return job->started_ns > 0 && next < jobs->list + jobs->count
	       && str_eq(next->pipeline, job->pipeline) && str_eq(next->project, job->project);
}

/* Whether a job that has ended, of an earlier push, does not count: its pipeline has a job under way, which is a later one
 * unless the states were read in between. So the first look that sees this is not the last. */
static bool
is_doubtful(struct waiter *w, size_t step, const struct job *job)
{
	struct str last = w->awaited[step].now.last_job;

	if (last.len == 0 || job_progress(last) != PROGRESS_WAITING
	    || job_progress(job->state) == PROGRESS_WAITING || waiter_owns(w, job))
		return false;
	w->unsure |= !w->awaited[step].was_bad;
	w->awaited[step].was_bad = true;
	return true;
}

/* Whether the job says how what was pushed does. Of a pipeline that was left as it was only its last job
 * does. */
static bool
does_count(struct waiter *w, const struct jobs *jobs, const struct job *job)
{
	size_t i = waiter_step_of(w, job);

	if (i == w->plan->count)
		return waiter_owns(w, job) && job_progress(job->state) != PROGRESS_SUPERSEDED
		       && !downstream_is_endless(w, job);
	if (w->awaited[i].now.endless)
		return false;
	if (w->plan->steps[i].new_version == 0)
		return !judge_has_moved_on(w, i) && !is_followed(jobs, job)
		       && (w->is_1x || !is_doubtful(w, i, job));
	return w->is_1x || waiter_owns(w, job);
}

void
judge_drop_ended(struct waiter *w, const struct jobs *jobs)
{
	for (size_t i = 0; i < w->set_count && !w->unsure; i++) {
		struct job_set *set = &w->sets[i];

		set->ended = !set->is_ours;
		for (size_t j = 0; j < jobs->count && set->ended; j++)
			set->ended = !str_eq(jobs->list[j].id, set->id)
			             || job_progress(jobs->list[j].state) != PROGRESS_WAITING;
	}
}

void
judge_keep_counting(struct waiter *w, struct jobs *jobs)
{
	size_t kept = 0;

	w->unsure = false;
	for (size_t i = 0; i < jobs->count; i++)
		if (does_count(w, jobs, &jobs->list[i]))
			jobs->list[kept++] = jobs->list[i];
	jobs->count = kept;
}
