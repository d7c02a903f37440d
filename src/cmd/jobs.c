/* The jobs of a push, while it is waited for. */
#include "base/arena.h"
#include "cmd/waiter.h"
#include "pachd/version.h"

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
		ci_log(&w->run->ci, "  log: %.*s", STR_FMT(lines[i]));
	(void)err_set(err, ERR_FAILED,
	    "job %.*s of pipeline '%.*s' ended with %.*s, %lld of %lld datums failed%s%.*s",
	    STR_FMT(job->id), STR_FMT(job_title(w, job)), STR_FMT(job->state),
	    (long long)job->failed, (long long)job->total, job->reason.len ? ": " : "",
	    STR_FMT(str_head(job->reason, 500)));
	return err_mend(err, "read its logs: pachctl logs --job %.*s@%.*s", STR_FMT(job->pipeline),
	    STR_FMT(job->id));
}

static int
job_superseded(const struct waiter *w, const struct job *job, struct err *err)
{
	(void)err_set(err, ERR_SUPERSEDED, "job %.*s of pipeline '%.*s' was killed",
	    STR_FMT(job->id), STR_FMT(job_title(w, job)));
	return err_mend(err, "a later push or a user stops jobs: see who works on this pipeline");
}

/* The step that the job belongs to; plan->count for pipelines further down. */
static size_t
step_of_job(const struct waiter *w, const struct job *job)
{
	for (size_t i = 0; i < w->plan->count; i++)
		if (str_eq(job->pipeline, w->targets[i].name)
		    && str_eq(job->project, w->targets[i].project))
			return i;
	return w->plan->count;
}

/* Pipelines further down are told of once, when their job has ended badly; ours at each change. */
static void
tell_job(struct waiter *w, const struct job *job, size_t step)
{
	if (step == w->plan->count || str_eq(w->job_states[step], job->state))
		return;
	w->job_states[step] = arena_str(w->run->arena, job->state);
	if (w->live)
		return;
	ci_log(&w->run->ci,
	    "job of '%.*s': %.*s, datums: %lld processed, %lld skipped, %lld failed",
	    STR_FMT(job_title(w, job)), STR_FMT(job->state), (long long)job->processed,
	    (long long)job->skipped, (long long)job->failed);
}

/* The job to blame: the first that failed by itself, else the first that ended badly once no other can
 * tell more ("unrunnable" is what a failure further up does to it); NULL while there is none. */
static const struct job *
to_blame(const struct waiter *w, const struct jobs *jobs)
{
	const struct job *bad = NULL;
	bool waiting = false;

	for (size_t i = 0; i < jobs->count; i++) {
		size_t step = step_of_job(w, &jobs->list[i]);
		enum progress verdict = job_progress(&jobs->list[i]);

		if (step < w->plan->count && w->now[step].endless)
			continue;
		if (str_is(jobs->list[i].state, "failure"))
			return &jobs->list[i];
		waiting |= verdict == PROGRESS_WAITING;
		if (!bad && (verdict == PROGRESS_FAILED || verdict == PROGRESS_SUPERSEDED))
			bad = &jobs->list[i];
	}
	return waiting ? NULL : bad;
}

/* The verdict over some jobs, as look_at_pipelines(). */
static int
judge_jobs(struct waiter *w, struct arena *scratch, const struct jobs *jobs, struct err *err)
{
	const struct job *bad = to_blame(w, jobs);
	int all = 1;

	for (size_t i = 0; i < jobs->count; i++) {
		const struct job *job = &jobs->list[i];
		size_t step = step_of_job(w, job);

		if (step < w->plan->count && w->now[step].endless)
			continue;
		tell_job(w, job, step);
		if (job_progress(job) != PROGRESS_UP)
			all = 0;
	}
	if (!bad)
		return all;
	return job_progress(bad) == PROGRESS_SUPERSEDED ? job_superseded(w, bad, err)
	                                                : job_failed(w, scratch, bad, err);
}

/* 2.x: every job of a push has the transaction's id, which its spec commits have too. */
static void
learn_transaction(struct waiter *w)
{
	for (size_t i = 0; i < w->plan->count && w->transaction.len == 0; i++)
		if (w->plan->steps[i].new_version > 0 && w->now[i].exists)
			w->transaction = arena_str(w->run->arena, w->now[i].spec_commit);
}

int
jobs_look(struct waiter *w, struct arena *scratch, struct err *err)
{
	struct pachd_seen seen = { w->targets, w->now, w->plan->count };
	struct jobs jobs;
	int rc;

	if (pachd_facts(w->cluster)->version < VERSION_2) {
		rc = pachd_flush(w->cluster, scratch, &seen, &jobs, err);
	} else {
		learn_transaction(w);
		if (w->transaction.len == 0)
			return 1; /* nothing was changed: there are no jobs of this push */
		rc = pachd_jobs(w->cluster, scratch, w->transaction, &jobs, err);
	}
	return rc < 0 ? -1 : judge_jobs(w, scratch, &jobs, err);
}
