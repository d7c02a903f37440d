#include "deploy/wait/wait.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/elapsed.h"
#include "deploy/wait/downstream.h"
#include "deploy/wait/jobs.h"
#include "deploy/wait/judge.h"
#include "deploy/wait/live.h"
#include "deploy/wait/superseded.h"
#include "deploy/wait/waiter.h"
#include "pachd/pachctl.h"
#include "pachd/pachd.h"
#include "pipeline/step.h"
#include "process/stop_wait.h"
#include "session/run.h"

enum {
	FIRST_POLL_MS = 250,
	LONGEST_POLL_MS = 5000,
	REDRAW_MS = 1000,
	MAX_FAILED_POLLS = 10, /* the cluster may be away for a while: reads are safe to repeat */
};

/* Reports a pipeline's state where it has changed. */
static void
log_state(struct waiter *w, size_t i, enum progress progress)
{
	struct step *step = &w->plan->steps[i];
	const struct deployed *now = &w->awaited[i].now;
	const char *note = progress == PROGRESS_PAUSED ? "; not waiting for it" : "";

	if (!now->exists || str_eq(step->state, now->state))
		return;
	step->state = arena_str(w->run->arena, now->state);
	step->waited_s = (clock_ms() - w->started_ms) / 1000;
	if (w->is_redrawn)
		return;
	w->said_ms = clock_ms();
	ci_log(&w->run->ci, "pipeline '%.*s' version %llu: %.*s%s%s%.*s",
	    STR_FMT(waiter_title(w, i)), (unsigned long long)now->version, STR_FMT(now->state),
	    note, now->reason.len ? ": " : "", STR_FMT(str_head(now->reason, 300)));
}

/* 1: all pipelines are where they should be; 0: not yet; -1: one will not get there. */
static int
look_at_pipelines(struct waiter *w, struct arena *scratch, struct err *err)
{
	int64_t now_ms;
	int all = 1;

	if (waiter_poll(w, scratch, err) < 0)
		return -1;
	now_ms = clock_ms();
	waiter_note_states(w, now_ms);
	for (size_t i = 0; i < w->plan->count; i++) {
		struct step *step = &w->plan->steps[i];
		struct awaited *one = &w->awaited[i];
		enum progress progress;

		waiter_take_over(w, i);
		progress = progress_of(&one->now, waiter_version(step),
		    waiter_shaky_ms(w, i, now_ms), w->run->opt.wait_grace_ms);
		one->lag = (struct lag){ progress == PROGRESS_WAITING, progress == PROGRESS_PAUSED,
			one->now.workers_up, one->now.workers_wanted };
		log_state(w, i, progress);
		switch (progress) {
		case PROGRESS_WAITING:
			step->waited_s = (now_ms - w->started_ms) / 1000;
			all = 0;
			break;
		case PROGRESS_UP:
		case PROGRESS_PAUSED:
			break;
		case PROGRESS_FAILED:
			if (!waiter_failed_before(w, i))
				return waiter_pipeline_failed(w, scratch, i, err);
			w->old_step = step;
			break;
		case PROGRESS_SUPERSEDED:
			return waiter_superseded(w, i, err);
		}
	}
	return all;
}

/* One look at everything. */
static int
look_at_all(struct waiter *w, struct arena *scratch, struct err *err)
{
	int pipelines, jobs = 1;

	w->old_step = NULL;
	pipelines = look_at_pipelines(w, scratch, err);
	/* 1.x reports jobs only when they have ended: first see that the pipelines come up */
	if (pipelines < 0 || (pipelines == 0 && w->is_1x))
		return pipelines;
	if (w->jobs)
		jobs = jobs_poll(w, scratch, err);
	if (jobs <= 0 || pipelines == 0)
		return jobs < 0 ? -1 : 0;
	if (w->old_step)
		return waiter_pipeline_failed(
		    w, scratch, (size_t)(w->old_step - w->plan->steps), err);
	return w->old_job && !judge_is_past(w, w->old_job) ? job_ended(w, scratch, w->old_job, err)
	                                                   : 1;
}

/* Where the CI system shows how far a step is. */
static void
tell_progress(struct waiter *w, struct arena *scratch)
{
	size_t settled = 0;

	for (size_t i = 0; i < w->plan->count; i++)
		settled += live_missing(w, scratch, i).len == 0;
	if (settled != w->settled)
		ci_progress(&w->run->ci, settled, w->plan->count, "waiting for the pipelines");
	w->settled = settled;
}

static int
timed_out(struct waiter *w, struct err *err)
{
	struct buf names = BUF_INIT(900);
	size_t missing = 0, old = 0, outside;

	for (size_t i = 0; i < w->plan->count; i++) {
		struct str state = live_missing(w, w->run->arena, i);

		if (state.len == 0)
			continue;
		waiter_mark_failed(w, i, w->awaited[i].now.reason);
		old +=
		    waiter_failed_before(w, i)
		    || (w->jobs && waiter_is_up(w->plan->steps[i].state) && w->awaited[i].is_older);
		if (++missing > MISSING_NAMED)
			continue;
		buf_fmt(&names, "%s'%.*s' (%.*s)", missing > 1 ? ", " : "",
		    STR_FMT(waiter_title(w, i)), STR_FMT(state));
	}
	outside = w->jobs ? downstream_missing(w, &names, missing) : 0;
	missing += outside;
	if (missing > 0 && old + outside == missing)
		w->unrelated = old > 0 ? waiter_failing_before : waiter_not_in_push;
	(void)err_set(err, ERR_TIMEOUT, "timed out after %s, waiting for %.*s%s",
	    value_text(&w->run->in, IN_TIMEOUT),
	    STR_FMT(missing ? buf_str(&names) : STR("workers of some pipelines")),
	    missing > MISSING_NAMED ? " and more" : "");
	buf_free(&names);
	return err_hint(err, "raise input 'timeout', or check these pipelines: pachup status");
}

static int
interrupted(struct err *err)
{
	return err_set(err, ERR_INTERRUPTED, "interrupted while waiting; the pushed versions stay");
}

/* Sleeps `ms`; -1 when the time-out has passed or a signal comes. `shown` are the strings of the table on a terminal,
 * which is drawn again each second; NULL: there is none. */
static int
sleep_until_next(struct waiter *w, int64_t ms, struct arena *shown, struct err *err)
{
	int64_t end = clock_ms() + ms;

	for (;;) {
		int64_t now = clock_ms(), until = end;

		if (now >= w->run->deadline_ms)
			return timed_out(w, err);
		if (now >= end)
			return 0;
		if (shown) {
			live_draw(w, shown, now);
			until = now + REDRAW_MS < end ? now + REDRAW_MS : end;
		}
		if (until > w->run->deadline_ms)
			until = w->run->deadline_ms;
		if (stop_wait(&(struct waited){ w->run->stop_fd, -1, until }) == WOKEN_BY_STOP)
			return interrupted(err);
	}
}

/* After a look that failed: whether it is worth another one. */
static bool
may_ask_again(struct waiter *w, int *failed, const struct err *err)
{
	if (err->kind != ERR_NETWORK || ++*failed > MAX_FAILED_POLLS)
		return false;
	ci_log(&w->run->ci, "retry %d of %d: %s", *failed, MAX_FAILED_POLLS, err->text);
	return true;
}

/* One look, what people see of it, and the pause behind it. 1: all is well; 0: another look is due; -1. */
static int
look_and_pause(struct waiter *w, struct arena *scratch, int64_t pause, int *failed, struct err *err)
{
	int rc = look_at_all(w, scratch, err);
	int64_t now = clock_ms();

	if (rc >= 0)
		tell_progress(w, scratch);
	if (rc > 0)
		return 1;
	if (rc < 0 && err->kind == ERR_TIMEOUT)
		return timed_out(w, err);
	if (rc < 0 && err->kind == ERR_INTERRUPTED)
		return interrupted(err);
	if (rc < 0 && !may_ask_again(w, failed, err))
		return -1;
	if (rc == 0)
		*failed = 0;
	if (rc == 0 && !w->is_redrawn)
		live_beat(w, scratch, now, now + pause);
	return sleep_until_next(w, pause, rc == 0 && w->is_redrawn ? scratch : NULL, err);
}

static int
wait_loop(struct waiter *w, struct err *err)
{
	int64_t pause = FIRST_POLL_MS;
	int failed = 0;

	for (;;) {
		struct arena *scratch = arena_like(w->run->arena);
		int rc = look_and_pause(w, scratch, pause, &failed, err);

		arena_free(scratch);
		if (rc != 0)
			return rc < 0 ? -1 : 0;
		pause = pause * 2 < LONGEST_POLL_MS ? pause * 2 : LONGEST_POLL_MS;
	}
}

/* Below 1.11 a pipeline is "running" at once, whether or not workers ever come up. */
static void
warn_unproved(const struct waiter *w)
{
	struct str release = pachd_facts(w->cluster)->text;

	ci_warn(&w->run->ci,
	    "the pushed versions are live, but pachd %.*s does not report workers: this does not "
	    "prove that they run; set 'wait: jobs' to wait for their jobs",
	    STR_FMT(release));
}

static struct str
start_line(const struct waiter *w, struct str project, struct str name)
{
	return pachctl_line(
	    w->run->arena, pachd_facts(w->cluster), "start", "pipeline", project, name, STR(""));
}

/* How many are paused; with what starts them. */
static size_t
warn_paused(const struct waiter *w)
{
	const struct step *last = NULL;
	size_t count = 0;

	for (size_t i = 0; i < w->plan->count; i++)
		if (w->awaited[i].lag.is_paused) {
			last = &w->plan->steps[i];
			count++;
		}
	if (count == 1)
		ci_warn(&w->run->ci, "pipeline '%.*s' is paused and does not run; start it: %.*s",
		    STR_FMT(step_title(w->run->arena, last)),
		    STR_FMT(start_line(w, last->spec->project, last->spec->name)));
	else if (count > 1)
		ci_warn(&w->run->ci, "%zu pipelines are paused and do not run; start each: %.*s",
		    count, STR_FMT(start_line(w, STR("default"), STR("NAME"))));
	return count;
}

static void
report_success(const struct waiter *w)
{
	const struct plan *plan = w->plan;
	struct ci *ci = &w->run->ci;
	size_t running = plan->count - warn_paused(w);
	struct str after = elapsed_text(w->run->arena, clock_ms() - w->started_ms);

	if (running == 0)
		return;
	if (!w->jobs && !pachd_facts(w->cluster)->counts_workers)
		warn_unproved(w);
	else if (w->jobs)
		ci_log(ci, "%s, after %.*s",
		    plan->created + plan->updated + plan->started > 0
		        ? "all jobs of this push succeeded"
		        : "nothing was pushed; the latest jobs succeeded",
		    STR_FMT(after));
	else if (running < plan->count)
		ci_log(ci, "%zu of %zu pipelines %s running the pushed version, after %.*s",
		    running, plan->count, running == 1 ? "is" : "are", STR_FMT(after));
	else
		ci_log(ci, "%s%zu pipeline%s running the pushed version, after %.*s",
		    plan->count > 1 ? "all " : "", plan->count, plan->count == 1 ? " is" : "s are",
		    STR_FMT(after));
}

int
wait_for(struct run *run, struct pachd *cluster, struct plan *plan, struct str transaction,
    const char **unrelated, struct err *err)
{
	struct waiter w = { .run = run,
		.cluster = cluster,
		.plan = plan,
		.transaction = transaction,
		.is_1x = pachd_is_1x(pachd_facts(cluster)),
		.is_redrawn = ci_can_redraw(&run->ci),
		.started_ms = clock_ms() };

	w.said_ms = w.started_ms;
	*unrelated = NULL;
	if (plan->count == 0 || run->opt.wait == WAIT_NONE)
		return 0;
	waiter_prepare(&w);
	w.jobs = run->opt.wait == WAIT_JOBS;
	if (wait_loop(&w, err) < 0) {
		*unrelated = w.unrelated;
		return -1;
	}
	report_success(&w);
	return 0;
}
