#include "data/follow.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/elapsed.h"
#include "pachd/pachd.h"
#include "pachd/pps/jobs.h"
#include "pachd/pps/logs.h"
#include "pachd/pps/poll.h"
#include "pachd/pps/pps.h"
#include "pipeline/deployed.h"
#include "pipeline/spec.h"
#include "process/stop_wait.h"
#include "session/run.h"

enum {
	FIRST_POLL_MS = 250,
	LONGEST_POLL_MS = 5000,
	PIPELINES_AFTER_MS = 1000, /* from pauses of this length on their pipelines are looked at */
	LOG_LINES = 20,
	MAX_MISSING = 800, /* bytes of names in a message */
	BEAT_MS = 30000,   /* a log says something at least this often */
};

struct following {
	struct run *run;
	struct pachd *cluster;
	int64_t said_ms;      /* clock_ms() when the log last said something; 0: not yet */
	struct str *reported; /* the states reported last, of the jobs in their order */
	size_t count;
	int64_t
	    crashing_ms;   /* clock_ms() since when one of their pipelines crashes; 0: none does */
	struct str failed; /* 1.x: the id of the job that failed; empty: none has */
	struct str commit; /* 1.x: the one whose jobs are waited for */
};

static struct str
title(struct following *f, const struct job *job)
{
	return spec_title(f->run->arena, job->project, job->pipeline);
}

static int
job_failed(struct following *f, const struct job *job, struct err *err)
{
	struct str lines[LOG_LINES];
	struct arena *scratch = arena_like(f->run->arena);
	size_t count = pachd_logs(f->cluster, scratch, job, LOG_LINES, lines);

	for (size_t i = 0; i < count; i++)
		ci_log(&f->run->ci, "  log: %.*s", STR_FMT(lines[i]));
	arena_free(scratch);
	(void)err_set(err, ERR_FAILED,
	    "job %.*s of pipeline '%.*s' ended with %.*s, %lld of %lld datums failed%s%.*s",
	    STR_FMT(job->id), STR_FMT(title(f, job)), STR_FMT(job->state), (long long)job->failed,
	    (long long)job->total, job->reason.len ? ": " : "",
	    STR_FMT(str_head(job->reason, 500)));
	if (pachd_is_1x(pachd_facts(f->cluster)))
		return err_hint(err, "read its logs: pachup logs %.*s", STR_FMT(job->id));
	return err_hint(
	    err, "read its logs: pachup logs %.*s@%.*s", STR_FMT(title(f, job)), STR_FMT(job->id));
}

static void
log_job(struct following *f, const struct job *job)
{
	f->said_ms = clock_ms();
	ci_log(&f->run->ci, "job %.*s of pipeline '%.*s': %.*s", STR_FMT(job->id),
	    STR_FMT(title(f, job)), STR_FMT(job->state));
}

static bool
has_ended(const struct job *job)
{
	return job_progress(job->state) != PROGRESS_WAITING;
}

static int
interrupted(struct err *err)
{
	return err_set(err, ERR_INTERRUPTED, "interrupted while waiting for jobs");
}

/* Sleeps; -1 when the run times out or a signal comes. */
static int
pause_ms(struct following *f, int64_t ms, struct err *err)
{
	int64_t now = clock_ms(), left = f->run->deadline_ms - now;
	struct waited pause = {
		.stop_fd = f->run->stop_fd, .fd = -1, .until_ms = now + (ms < left ? ms : left)
	};

	if (left > 0 && stop_wait(&pause) == WOKEN_BY_STOP)
		return interrupted(err);
	return left <= ms ? err_set(err, ERR_TIMEOUT, "timed out") : 0;
}

static void
name_running(struct following *f, const struct jobs *jobs, struct buf *names)
{
	for (size_t i = 0; i < jobs->count; i++)
		if (!has_ended(&jobs->list[i]))
			buf_fmt(names, "%s'%.*s' is %.*s", names->len ? ", " : "",
			    STR_FMT(title(f, &jobs->list[i])), STR_FMT(jobs->list[i].state));
}

/* Logs what is waited for, and how much of the time has passed. */
static void
log_waiting(struct following *f, struct arena *scratch, struct str what)
{
	int64_t now = clock_ms(), all_ms = f->run->opt.timeout_ms;

	f->said_ms = now;
	ci_log(&f->run->ci, "still waiting: %.*s, %.*s of %.*s", STR_FMT(what),
	    STR_FMT(elapsed_text(scratch, now - (f->run->deadline_ms - all_ms))),
	    STR_FMT(elapsed_text(scratch, all_ms)));
}

/* Logs which jobs still run, where the log would else be silent for BEAT_MS after the pause. */
static void
beat(struct following *f, struct arena *scratch, const struct jobs *jobs, int64_t pause)
{
	struct buf names = BUF_INIT(MAX_MISSING);

	if (clock_ms() + pause - f->said_ms < BEAT_MS)
		return;
	name_running(f, jobs, &names);
	log_waiting(f, scratch, buf_str(&names));
	buf_free(&names);
}

/* The failure that names the jobs which still run. */
static int
fail_timed_out(struct following *f, const struct jobs *jobs, struct err *err)
{
	struct buf names = BUF_INIT(MAX_MISSING);

	name_running(f, jobs, &names);
	(void)err_set(err, ERR_TIMEOUT, "timed out after %s, jobs are still running: %.*s",
	    value_text(&f->run->in, IN_TIMEOUT), STR_FMT(buf_str(&names)));
	buf_free(&names);
	return err_hint(
	    err, "allow more time with 'timeout', or look at the pipelines: pachup status");
}

static int
pipeline_failed(struct following *f, const struct pachd_target *target, const struct deployed *now,
    struct err *err)
{
	struct str name = spec_title(f->run->arena, target->project, target->name);

	(void)err_set(err, ERR_FAILED, "pipeline '%.*s' is in state %.*s%s%.*s", STR_FMT(name),
	    STR_FMT(now->state), now->reason.len ? ": " : "", STR_FMT(str_head(now->reason, 500)));
	return err_hint(err, "check its image and command: pachup status %.*s", STR_FMT(name));
}

/* A crashing pipeline may recover: the log names it at once, and it fails when it has crashed for input
 * wait-grace. */
static int
judge_crashing(struct following *f, const struct pachd_target *target, const struct deployed *now,
    struct err *err)
{
	struct str name = spec_title(f->run->arena, target->project, target->name);

	if (f->crashing_ms > 0)
		return clock_ms() - f->crashing_ms >= f->run->opt.wait_grace_ms
		           ? pipeline_failed(f, target, now, err)
		           : 0;
	f->crashing_ms = clock_ms();
	ci_log(&f->run->ci, "pipeline '%.*s': %.*s%s%.*s", STR_FMT(name), STR_FMT(now->state),
	    now->reason.len ? ": " : "", STR_FMT(str_head(now->reason, 300)));
	return 0;
}

/* A job never ends, or is killed, where its pipeline does not run: -1 with ERR_FAILED. A pipeline that cannot be read now
 * is read again the next time. */
static int
check_pipelines(
    struct following *f, struct arena *scratch, const struct jobs *jobs, struct err *err)
{
	struct pachd_target *targets = ARENA_ARRAY(scratch, jobs->count, struct pachd_target);
	struct deployed *now = ARENA_ARRAY(scratch, jobs->count, struct deployed);
	const struct deployed *crashing = NULL;
	size_t count = 0;
	struct err ignored;

	for (size_t i = 0; i < jobs->count; i++)
		if (!has_ended(&jobs->list[i]) || str_is(jobs->list[i].state, "killed"))
			targets[count++] =
			    (struct pachd_target){ jobs->list[i].project, jobs->list[i].pipeline };
	if (count == 0 || pachd_poll(f->cluster, scratch, targets, count, now, &ignored) < 0)
		return 0;
	for (size_t i = 0; i < count; i++) {
		if (str_is(now[i].state, "failure"))
			return pipeline_failed(f, &targets[i], &now[i], err);
		if (!crashing && str_is(now[i].state, "crashing"))
			crashing = &now[i];
	}
	if (crashing)
		return judge_crashing(f, &targets[crashing - now], crashing, err);
	f->crashing_ms = 0;
	return 0;
}

/* The job that failed by itself; a job that failed or was killed because of another one only once no other job still runs.
 * NULL: none. */
static const struct job *
find_culprit(const struct jobs *jobs, bool is_running)
{
	const struct job *bad = NULL;

	for (size_t i = 0; i < jobs->count; i++) {
		const struct job *job = &jobs->list[i];

		if (!job_has_failed(job->state))
			continue;
		if (!job_is_consequence(job))
			return job;
		bad = bad ? bad : job;
	}
	return is_running ? NULL : bad;
}

/* Logs the states that have changed; the result is how many jobs still run, or -1 with *err when one has failed. */
static long
look_at_jobs(struct following *f, struct arena *scratch, const struct jobs *jobs, struct err *err)
{
	struct arena *a = f->run->arena;
	const struct job *bad;
	long running = 0;

	if (f->count != jobs->count) {
		f->reported = ARENA_ARRAY(a, jobs->count, struct str);
		f->count = jobs->count;
	}
	for (size_t i = 0; i < jobs->count; i++) {
		const struct job *job = &jobs->list[i];

		if (!str_eq(f->reported[i], job->state)) {
			f->reported[i] = arena_str(a, job->state);
			log_job(f, job);
		}
		running += !has_ended(job);
	}
	bad = find_culprit(jobs, running > 0);
	if (bad && str_is(bad->state, "killed") && check_pipelines(f, scratch, jobs, err) < 0)
		return -1;
	return bad ? job_failed(f, bad, err) : running;
}

typedef int looking(struct following *f, struct arena *scratch, const void *what, struct jobs *out,
    struct err *err);

/* The failure when the time ends or a signal comes, maybe during a call: `last` is the answer of the call before. */
static int
end_waiting(struct following *f, const struct jobs *last, struct err *err)
{
	if (err->kind == ERR_TIMEOUT && last->count > 0)
		return fail_timed_out(f, last, err);
	return err->kind == ERR_INTERRUPTED ? interrupted(err) : -1;
}

static int
follow(struct following *f, looking *look, const void *what, struct err *err)
{
	struct arena *before = NULL;
	struct jobs last = { 0 };
	int64_t pause = FIRST_POLL_MS;
	long running = 1;

	while (running > 0) {
		struct arena *scratch = arena_like(f->run->arena);
		struct jobs jobs = { 0 };

		if (look(f, scratch, what, &jobs, err) < 0) {
			arena_free(scratch);
			running = end_waiting(f, &last, err);
			break;
		}
		arena_free(before);
		before = scratch;
		last = jobs;
		running = look_at_jobs(f, scratch, &last, err);
		if (running > 0 && pause >= PIPELINES_AFTER_MS
		    && check_pipelines(f, scratch, &last, err) < 0)
			running = -1;
		if (running > 0)
			beat(f, scratch, &last, pause);
		if (running > 0 && pause_ms(f, pause, err) < 0)
			running = end_waiting(f, &last, err);
		pause = pause * 2 < LONGEST_POLL_MS ? pause * 2 : LONGEST_POLL_MS;
	}
	arena_free(before);
	return (int)running;
}

static int
look_at_set(
    struct following *f, struct arena *scratch, const void *what, struct jobs *out, struct err *err)
{
	return pachd_jobs(f->cluster, scratch, what, 1, out, err);
}

static int
look_at_one(
    struct following *f, struct arena *scratch, const void *what, struct jobs *out, struct err *err)
{
	*out = (struct jobs){ ARENA_NEW(scratch, struct job), 1 };
	return pps_job(f->cluster, scratch, what, out->list, err);
}

static int
take_ended(void *ctx, const struct job *job, struct err *err)
{
	struct following *f = ctx;

	f->count++;
	log_job(f, job);
	if (!job_has_failed(job->state))
		return 0;
	/* its logs are another call, for which this one must be over first */
	f->failed = arena_str(f->run->arena, job->id);
	if (job_is_consequence(job)) /* another one may have failed by itself */
		return 0;
	return err_set(err, ERR_FAILED, "job %.*s failed", STR_FMT(job->id));
}

/* As beat(), for pps_flush(), which reports only jobs that have ended. */
static void
beat_flush(void *ctx)
{
	struct following *f = ctx;
	struct arena *scratch;

	if (clock_ms() - f->said_ms < BEAT_MS)
		return;
	scratch = arena_like(f->run->arena);
	log_waiting(f, scratch, arena_fmt(scratch, "jobs of commit %.*s", STR_FMT(f->commit)));
	arena_free(scratch);
}

static int
follow_flush(struct following *f, const struct pfs_ref *at, struct err *err)
{
	struct job failed = { .project = STR("default") };

	f->commit = at->ref;
	f->said_ms = clock_ms();
	if (pps_flush(f->cluster, at, take_ended, beat_flush, f, err) == 0 && f->failed.len == 0)
		return 0;
	if (f->failed.len == 0 && err->kind == ERR_TIMEOUT) {
		(void)err_set(err, ERR_TIMEOUT,
		    "timed out after %s, waiting for the jobs of commit %.*s",
		    value_text(&f->run->in, IN_TIMEOUT), STR_FMT(at->ref));
		return err_hint(
		    err, "allow more time with 'timeout', or look at the pipelines: pachup status");
	}
	if (f->failed.len == 0)
		return err_wrap(err, "waiting for the jobs of commit %.*s", STR_FMT(at->ref));
	failed.id = f->failed;
	if (pps_job(f->cluster, f->run->arena, &failed, &failed, err) < 0)
		return err_wrap(err, "a job has failed, and cannot be looked at");
	return job_failed(f, &failed, err);
}

int
follow_commit(struct run *run, struct pachd *cluster, const struct pfs_ref *at, size_t *count,
    struct err *err)
{
	struct following f = { .run = run, .cluster = cluster };
	int rc = pachd_is_1x(pachd_facts(cluster)) ? follow_flush(&f, at, err)
	                                           : follow(&f, look_at_set, &at->ref, err);

	*count = f.count;
	return rc;
}

int
follow_job(struct run *run, struct pachd *cluster, const struct job *job, struct err *err)
{
	struct following f = { .run = run, .cluster = cluster };

	return follow(&f, look_at_one, job, err);
}
