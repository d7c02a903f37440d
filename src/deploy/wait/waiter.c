#include "deploy/wait/waiter.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "pachd/pps/logs.h"
#include "pachd/pps/poll.h"
#include "pipeline/step.h"
#include "session/run.h"

enum { MAX_REASON = 300 };

const char waiter_failing_before[] = "this pipeline was already failing before the push";
const char waiter_not_in_push[] = "this pipeline is not part of the push";

struct str
waiter_title(const struct waiter *w, size_t i)
{
	return step_title(w->run->arena, &w->plan->steps[i]);
}

uint64_t
waiter_version(const struct step *step)
{
	return step->new_version ? step->new_version : step->live->version;
}

bool
waiter_is_up(struct str state)
{
	return str_is(state, "running") || str_is(state, "standby") || str_is(state, "paused");
}

bool
waiter_failed_before(const struct waiter *w, size_t i)
{
	const struct step *step = &w->plan->steps[i];

	if (step->new_version > 0 || step->is_started || !step->live)
		return false;
	if (!waiter_is_up(step->live->state))
		return true;
	return w->jobs && job_has_failed(step->live->last_job);
}

void
waiter_note_states(struct waiter *w, int64_t now_ms)
{
	for (size_t i = 0; i < w->plan->count; i++) {
		struct awaited *one = &w->awaited[i];
		bool is_crashing = str_is(one->now.state, "crashing");

		if (!str_eq(one->now.state, w->plan->steps[i].state))
			w->moved_ms = now_ms;
		if (is_crashing && one->crashing_ms == 0)
			one->crashing_ms = now_ms;
		else if (!is_crashing && waiter_is_up(one->now.state)
		         && one->now.workers_up >= one->now.workers_wanted)
			one->crashing_ms = 0; /* it recovered */
	}
}

int64_t
waiter_shaky_ms(const struct waiter *w, size_t i, int64_t now_ms)
{
	const struct awaited *one = &w->awaited[i];

	if (!state_is_shaky(one->now.state))
		return 0;
	return now_ms - (str_is(one->now.state, "crashing") ? one->crashing_ms : w->moved_ms);
}

/* What the cluster says of why: its events where it says them. */
static void
log_events(struct waiter *w, struct arena *scratch, size_t i)
{
	struct str lines[LOG_LINES];
	size_t count = pachd_events(w->cluster, scratch, &w->targets[i], LOG_LINES, lines);

	for (size_t j = 0; j < count; j++)
		ci_detail(&w->run->ci, "  event: %.*s", STR_FMT(lines[j]));
}

void
waiter_mark_failed(struct waiter *w, size_t i, struct str reason)
{
	struct step *step = &w->plan->steps[i];

	step->failed = true;
	step->waited_s = (clock_ms() - w->started_ms) / 1000;
	step->reason = arena_str(w->run->arena, utf8_head(reason, MAX_REASON));
}

int
waiter_pipeline_failed(struct waiter *w, struct arena *scratch, size_t i, struct err *err)
{
	const struct deployed *now = &w->awaited[i].now;

	waiter_mark_failed(w, i, now->reason);
	w->unrelated = waiter_failed_before(w, i) ? waiter_failing_before : NULL;
	log_events(w, scratch, i);
	(void)err_set(err, ERR_FAILED, "pipeline '%.*s' version %llu is in state %.*s%s%.*s",
	    STR_FMT(waiter_title(w, i)), (unsigned long long)now->version, STR_FMT(now->state),
	    now->reason.len ? ": " : "", STR_FMT(str_head(now->reason, 500)));
	return err_hint(
	    err, "check its image and command: pachup status %.*s", STR_FMT(waiter_title(w, i)));
}

static int
by_name(const void *left, const void *right)
{
	const struct step_name *a = left, *b = right;
	int order = str_cmp(a->project, b->project);

	return order ? order : str_cmp(a->pipeline, b->pipeline);
}

void
waiter_prepare(struct waiter *w)
{
	struct arena *a = w->run->arena;

	w->awaited = ARENA_ARRAY(a, w->plan->count, struct awaited);
	w->targets = ARENA_ARRAY(a, w->plan->count, struct pachd_target);
	w->names = ARENA_ARRAY(a, w->plan->count, struct step_name);
	for (size_t i = 0; i < w->plan->count; i++) {
		const struct step *step = &w->plan->steps[i];

		w->targets[i] = (struct pachd_target){ step->spec->project, step->spec->name };
		/* 1.x, until the server reports it */
		w->awaited[i].is_older = step->action == ACTION_KEEP && step->live
		                         && !str_is(step->live->last_job, "success");
		w->names[i] = (struct step_name){ step->spec->project, step->spec->name, i };
	}
	if (w->plan->count > 1)
		qsort(w->names, w->plan->count, sizeof(*w->names), by_name);
}

int
waiter_poll(struct waiter *w, struct arena *scratch, struct err *err)
{
	size_t count = w->plan->count;
	struct deployed *now = ARENA_ARRAY(scratch, count, struct deployed);

	if (pachd_poll(w->cluster, scratch, w->targets, count, now, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		w->awaited[i].now = now[i];
	return 0;
}

/* The step that the job belongs to; plan->count for pipelines further down. */
size_t
waiter_step_of(const struct waiter *w, const struct job *job)
{
	struct step_name wanted = { .project = job->project, .pipeline = job->pipeline };
	const struct step_name *name =
	    bsearch(&wanted, w->names, w->plan->count, sizeof(*w->names), by_name);

	return name ? name->step : w->plan->count;
}

bool
waiter_owns(const struct waiter *w, const struct job *job)
{
	for (size_t i = 0; i < w->set_count; i++)
		if (w->sets[i].is_ours && str_eq(w->sets[i].id, job->id))
			return true;
	return false;
}
