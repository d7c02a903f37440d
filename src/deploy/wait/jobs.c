/* The jobs of a push, while it is waited for. */
#include "deploy/wait/jobs.h"

#include <stdlib.h>

#include "base/arena.h"
#include "deploy/wait/downstream.h"
#include "deploy/wait/waiter.h"
#include "pachd/pachd.h"
#include "pachd/pps/jobs.h"
#include "pachd/pps/logs.h"
#include "session/run.h"

static struct str
job_title(const struct waiter *w, const struct job *job)
{
	return spec_title(w->run->arena, job->project, job->pipeline);
}

static int
job_failed(struct waiter *w, struct arena *scratch, const struct job *job, struct err *err)
{
	struct str lines[LOG_LINES];
	size_t count = pachd_logs(w->cluster, scratch, job, LOG_LINES, lines);

	for (size_t i = 0; i < count; i++)
		ci_detail(&w->run->ci, "  log: %.*s", STR_FMT(lines[i]));
	(void)err_set(err, ERR_FAILED,
	    "job %.*s of pipeline '%.*s' ended in state %.*s, %lld of %lld datums failed%s%.*s",
	    STR_FMT(job->id), STR_FMT(job_title(w, job)), STR_FMT(job->state),
	    (long long)job->failed, (long long)job->total, job->reason.len ? ": " : "",
	    STR_FMT(str_head(job->reason, 500)));
	if (pachd_is_1x(pachd_facts(w->cluster)))
		return err_hint(err, "read the logs: pachctl logs --job %.*s", STR_FMT(job->id));
	return err_hint(err, "read the logs: pachctl logs --job %.*s@%.*s%s",
	    STR_FMT(job->pipeline), STR_FMT(job->id),
	    spec_project_flag(w->run->arena, job->project));
}

static int
job_superseded(const struct waiter *w, const struct job *job, struct err *err)
{
	(void)err_set(err, ERR_SUPERSEDED, "job %.*s of pipeline '%.*s' was killed",
	    STR_FMT(job->id), STR_FMT(job_title(w, job)));
	return err_hint(
	    err, "a later push or a user stopped the job; check who works on this pipeline");
}

/* Nothing was pushed to the pipeline, and its last job has ended well: what became of earlier ones is past.
 * In 1.x the job of a new spec begins only when a worker is up, and the last one may be the old spec's. */
static bool
has_moved_on(const struct waiter *w, size_t step)
{
	return !pachd_is_1x(pachd_facts(w->cluster)) && w->plan->steps[step].new_version == 0
	       && str_is(w->awaited[step].now.last_job, "success");
}

bool
job_is_past(const struct waiter *w, const struct job *job)
{
	size_t step = waiter_step_of(w, job);

	return step < w->plan->count && has_moved_on(w, step);
}

/* The job belongs to what the push has left as it was, and was no better before, or to what it does not know. */
static bool
failed_before(const struct waiter *w, const struct job *job)
{
	size_t step = waiter_step_of(w, job);

	if (step == w->plan->count || w->plan->created + w->plan->updated == 0)
		return true;
	if (w->plan->steps[step].new_version > 0)
		return false;
	if (w->set_count > 0 && !waiter_owns(w, job))
		return true;
	return waiter_failed_before(w, step);
}

int
job_ended(struct waiter *w, struct arena *scratch, const struct job *job, struct err *err)
{
	size_t step = waiter_step_of(w, job);

	if (step < w->plan->count) {
		w->plan->steps[step].failed = true;
		w->plan->steps[step].state =
		    arena_fmt(w->run->arena, "job %.*s", STR_FMT(job->state));
	}
	if (step == w->plan->count)
		w->unrelated = waiter_not_in_push;
	else if (failed_before(w, job))
		w->unrelated = waiter_failing_before;
	return job_progress(job->state) == PROGRESS_SUPERSEDED ? job_superseded(w, job, err)
	                                                       : job_failed(w, scratch, job, err);
}

/* Pipelines further down are reported once, when their job has ended badly; ours at each change. */
static void
log_job(struct waiter *w, const struct job *job, size_t step)
{
	if (step == w->plan->count)
		return;
	if (!pachd_is_1x(pachd_facts(w->cluster)))
		w->awaited[step].is_older = failed_before(w, job);
	if (str_eq(w->awaited[step].job_state, job->state))
		return;
	w->awaited[step].job_state = arena_str(w->run->arena, job->state);
	if (w->is_redrawn)
		return;
	ci_log(&w->run->ci,
	    "job of '%.*s': %.*s, datums: %lld processed, %lld skipped, %lld failed",
	    STR_FMT(job_title(w, job)), STR_FMT(job->state), (long long)job->processed,
	    (long long)job->skipped, (long long)job->failed);
}

/* Keeps the job for the end, beyond this look. */
static void
keep_failed_before(struct waiter *w, const struct job *job)
{
	struct arena *a = w->run->arena;
	struct job *copy;

	if (w->old_job && !job_is_past(w, w->old_job))
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

/* The job to blame: the first that failed by itself, else the first that ended badly once no other can
 * tell more ("unrunnable" is what a failure further up does to it); NULL while there is none. What had
 * failed before the push is only kept. */
static const struct job *
failed_job(struct waiter *w, const struct jobs *jobs)
{
	const struct job *bad = NULL;
	bool waiting = false;

	for (size_t i = 0; i < jobs->count; i++) {
		const struct job *job = &jobs->list[i];
		bool is_bad = job_has_failed(job->state);

		if (is_bad && failed_before(w, job)) {
			keep_failed_before(w, job);
			continue;
		}
		if (str_is(job->state, "failure"))
			return job;
		waiting |= job_progress(job->state) == PROGRESS_WAITING;
		if (!bad && is_bad)
			bad = job;
	}
	return waiting ? NULL : bad;
}

/* The verdict over some jobs, as look_at_pipelines(). */
static int
judge_jobs(struct waiter *w, struct arena *scratch, const struct jobs *jobs, struct err *err)
{
	const struct job *bad = failed_job(w, jobs);
	int all = 1;

	for (size_t i = 0; i < jobs->count; i++) {
		const struct job *job = &jobs->list[i];

		log_job(w, job, waiter_step_of(w, job));
		if (job_progress(job->state) == PROGRESS_WAITING)
			all = 0;
	}
	return bad ? job_ended(w, scratch, bad, err) : all;
}

static void
add_set(struct waiter *w, struct str id, bool is_ours)
{
	for (size_t i = 0; i < w->set_count; i++)
		if (str_eq(w->sets[i].id, id)) {
			w->sets[i].is_ours |= is_ours;
			return;
		}
	w->sets = arena_grow(w->run->arena, w->sets, w->set_count, &w->set_room, sizeof(*w->sets));
	w->sets[w->set_count++] =
	    (struct job_set){ .id = arena_str(w->run->arena, id), .is_ours = is_ours };
}

/* Whose jobs are to be seen: those of what was pushed now and, so that the same push proves the same when
 * it runs again, of what was pushed before. */
static void
learn_sets(struct waiter *w)
{
	if (w->transaction.len > 0)
		add_set(w, w->transaction, true);
	for (size_t i = 0; i < w->plan->count; i++) {
		const struct deployed *now = &w->awaited[i].now;
		bool is_new = w->plan->steps[i].new_version > 0;

		if (now->spec_commit.len > 0 && !now->endless && !now->stopped
		    && (is_new || !has_moved_on(w, i)))
			add_set(w, now->spec_commit, is_new);
	}
}

/* The pipeline has a later job. One that has not started yet is the last. */
static bool
is_followed(const struct jobs *jobs, const struct job *job)
{
	const struct job *next = job + 1;

	return job->started_ns > 0 && next < jobs->list + jobs->count
	       && str_eq(next->pipeline, job->pipeline) && str_eq(next->project, job->project);
}

/* An earlier push's job has ended badly, and the pipeline has a job under way: a later one, unless the states
 * were read in between. So that is believed at the second look. */
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
counts(struct waiter *w, const struct jobs *jobs, const struct job *job)
{
	size_t i = waiter_step_of(w, job);

	if (i == w->plan->count)
		return waiter_owns(w, job) && job_progress(job->state) != PROGRESS_SUPERSEDED
		       && !downstream_is_endless(w, job);
	if (w->awaited[i].now.endless)
		return false;
	if (w->plan->steps[i].new_version == 0)
		return !has_moved_on(w, i) && !is_followed(jobs, job)
		       && (pachd_is_1x(pachd_facts(w->cluster)) || !is_doubtful(w, i, job));
	return pachd_is_1x(pachd_facts(w->cluster)) || waiter_owns(w, job);
}

/* The sets of earlier pushes are many: those that have ended are not asked for again. */
static void
drop_ended(struct waiter *w, const struct jobs *jobs)
{
	for (size_t i = 0; i < w->set_count && !w->unsure; i++) {
		struct job_set *set = &w->sets[i];

		set->ended = !set->is_ours;
		for (size_t j = 0; j < jobs->count && set->ended; j++)
			set->ended = !str_eq(jobs->list[j].id, set->id)
			             || job_progress(jobs->list[j].state) != PROGRESS_WAITING;
	}
}

static void
keep_what_counts(struct waiter *w, struct jobs *jobs)
{
	size_t kept = 0;

	w->unsure = false;
	for (size_t i = 0; i < jobs->count; i++)
		if (counts(w, jobs, &jobs->list[i]))
			jobs->list[kept++] = jobs->list[i];
	jobs->count = kept;
}

static int
read_flushed(struct waiter *w, struct arena *scratch, struct jobs *out, struct err *err)
{
	size_t count = w->plan->count;
	struct pachd_target *targets = ARENA_ARRAY(scratch, count, struct pachd_target);
	struct deployed *now = ARENA_ARRAY(scratch, count, struct deployed);

	for (size_t i = 0; i < count; i++) {
		targets[i] = w->awaited[i].target;
		now[i] = w->awaited[i].now;
	}
	return pachd_flush(
	    w->cluster, scratch, &(struct pachd_deployed_list){ targets, now, count }, out, err);
}

/* The jobs of what was pushed, and of what was left as it was. */
static int
read_jobs(struct waiter *w, struct arena *scratch, struct jobs *out, struct err *err)
{
	struct str *ids;
	size_t count = 0;

	if (pachd_is_1x(pachd_facts(w->cluster)))
		return read_flushed(w, scratch, out, err);
	learn_sets(w);
	ids = ARENA_ARRAY(scratch, w->set_count, struct str);
	for (size_t i = 0; i < w->set_count; i++)
		if (!w->sets[i].ended)
			ids[count++] = w->sets[i].id;
	return pachd_jobs(w->cluster, scratch, ids, count, out, err);
}

int
jobs_poll(struct waiter *w, struct arena *scratch, struct err *err)
{
	struct jobs jobs;
	int rc;

	if (read_jobs(w, scratch, &jobs, err) < 0
	    || (!pachd_is_1x(pachd_facts(w->cluster))
	        && downstream_inspect(w, scratch, &jobs, err) < 0))
		return -1;
	keep_what_counts(w, &jobs);
	drop_ended(w, &jobs);
	rc = judge_jobs(w, scratch, &jobs, err);
	return rc > 0 && w->unsure ? 0 : rc;
}
