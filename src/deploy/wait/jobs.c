/* The jobs of a push, while it is waited for. */
#include "deploy/wait/jobs.h"

#include "base/arena.h"
#include "base/clock.h"
#include "deploy/wait/downstream.h"
#include "deploy/wait/judge.h"
#include "deploy/wait/superseded.h"
#include "deploy/wait/waiter.h"
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
	return err_hint(err, "read the logs: pachup logs %.*s@%.*s", STR_FMT(job_title(w, job)),
	    STR_FMT(job->id));
}

static int
job_superseded(const struct waiter *w, const struct job *job, struct err *err)
{
	(void)err_set(err, ERR_SUPERSEDED, "job %.*s of pipeline '%.*s' was killed",
	    STR_FMT(job->id), STR_FMT(job_title(w, job)));
	return err_hint(
	    err, "a later push or a user stopped the job; check who works on this pipeline");
}

/* Whether the pipeline itself does not run. */
static bool
is_down(const struct waiter *w, size_t i)
{
	struct str state = w->awaited[i].now.state;

	return str_is(state, "failure") || str_is(state, "crashing");
}

/* A job that ended only because of something else: pachd kills the jobs of a pipeline that fails, and of one
 * that gets another version. True when a fresh look at the pipelines found that, and *err says it. */
static bool
pipeline_is_cause(struct waiter *w, struct arena *scratch, const struct job *job, struct err *err)
{
	size_t own = waiter_step_of(w, job);
	struct err ignored;

	if (!job_is_consequence(job) || own == w->plan->count
	    || waiter_poll(w, scratch, &ignored) < 0)
		return false;
	waiter_take_over(w, own);
	if (!w->awaited[own].now.exists
	    || w->awaited[own].now.version > waiter_version(&w->plan->steps[own])) {
		(void)waiter_superseded(w, own, err);
		return true;
	}
	for (size_t k = 0; k < w->plan->count; k++) {
		size_t i = k == 0 ? own : k <= own ? k - 1 : k; /* its own pipeline first */

		if (!is_down(w, i) || (i != own && waiter_failed_before(w, i)))
			continue;
		(void)waiter_pipeline_failed(w, scratch, i, err);
		return true;
	}
	return false;
}

int
job_ended(struct waiter *w, struct arena *scratch, const struct job *job, struct err *err)
{
	size_t step = waiter_step_of(w, job);

	if (pipeline_is_cause(w, scratch, job, err))
		return -1;
	if (step < w->plan->count) {
		waiter_mark_failed(w, step, job->reason);
		w->plan->steps[step].state =
		    arena_fmt(w->run->arena, "job %.*s", STR_FMT(job->state));
	}
	if (step == w->plan->count)
		w->unrelated = waiter_not_in_push;
	else if (judge_failed_before(w, job))
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
	if (!w->is_1x)
		w->awaited[step].is_older = judge_failed_before(w, job);
	if (str_eq(w->awaited[step].job_state, job->state))
		return;
	w->awaited[step].job_state = arena_str(w->run->arena, job->state);
	if (w->is_redrawn)
		return;
	w->said_ms = clock_ms();
	ci_log(&w->run->ci,
	    "job of '%.*s': %.*s, datums: %lld processed, %lld skipped, %lld failed",
	    STR_FMT(job_title(w, job)), STR_FMT(job->state), (long long)job->processed,
	    (long long)job->skipped, (long long)job->failed);
}

/* The verdict over some jobs, as look_at_pipelines(). */
static int
judge_jobs(struct waiter *w, struct arena *scratch, const struct jobs *jobs, struct err *err)
{
	const struct job *bad = judge_blame(w, jobs);
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
		    && (is_new || !judge_has_moved_on(w, i)))
			add_set(w, now->spec_commit, is_new);
		if (w->plan->steps[i].start_set.len > 0)
			add_set(w, w->plan->steps[i].start_set, true);
	}
}

static int
read_flushed(struct waiter *w, struct arena *scratch, struct jobs *out, struct err *err)
{
	size_t count = w->plan->count;
	struct deployed *now = ARENA_ARRAY(scratch, count, struct deployed);

	for (size_t i = 0; i < count; i++)
		now[i] = w->awaited[i].now;
	return pachd_flush(
	    w->cluster, scratch, &(struct pachd_deployed_list){ w->targets, now, count }, out, err);
}

/* The jobs of what was pushed, and of what was left as it was. */
static int
read_jobs(struct waiter *w, struct arena *scratch, struct jobs *out, struct err *err)
{
	struct str *ids;
	size_t count = 0;

	if (w->is_1x)
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
	    || (!w->is_1x && downstream_inspect(w, scratch, &jobs, err) < 0))
		return -1;
	judge_keep_counting(w, &jobs);
	judge_drop_ended(w, &jobs);
	rc = judge_jobs(w, scratch, &jobs, err);
	return rc > 0 && w->unsure ? 0 : rc;
}
