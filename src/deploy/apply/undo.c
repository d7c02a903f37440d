/* After a push that failed: what it updated is put back, what it created is stopped. */
#include "deploy/apply/undo.h"

#include "base/arena.h"
#include "deploy/apply/marks.h"
#include "deploy/apply/restore.h"
#include "deploy/apply/start.h"
#include "deploy/gather/gather.h"
#include "inputs/naming.h"
#include "pachd/apply/apply.h"
#include "pachd/pachd.h"
#include "pachd/pps/history.h"
#include "pachd/pps/poll.h"
#include "pachd/pps/stop.h"
#include "pipeline/progress.h"
#include "pipeline/step.h"
#include "process/stop_wait.h"
#include "session/run.h"

enum { UNDO_MS = 60000 }; /* its own time, for the run's may be up */

/* What the push has changed, and what became of it. */
struct changed {
	struct step **steps;
	struct pachd_target *targets;
	struct deployed *now;
	size_t count;
};

static int
find_changed(struct run *run, struct pachd *cluster, const struct plan *plan, struct changed *out,
    struct err *err)
{
	out->steps = ARENA_ARRAY(run->arena, plan->count, struct step *);
	out->targets = ARENA_ARRAY(run->arena, plan->count, struct pachd_target);
	out->now = ARENA_ARRAY(run->arena, plan->count, struct deployed);
	for (size_t i = 0; i < plan->count; i++) {
		struct step *step = &plan->steps[i];

		if (step->action == ACTION_KEEP || (step->new_version == 0 && !step->half_done))
			continue;
		out->targets[out->count] =
		    (struct pachd_target){ step->spec->project, step->spec->name };
		out->steps[out->count++] = step;
	}
	return pachd_inspect(cluster, run->arena, out->targets, out->count, out->now, err);
}

/* The version that the push has left: its own, or the one before where it did not come to that. */
static uint64_t
version_of(const struct step *step)
{
	return step->new_version > 0 || !step->live ? step->new_version : step->live->version;
}

/* Whether what runs is what this push made of it; else it is left alone, with a note. */
static bool
is_ours(struct run *run, const struct changed *c, size_t i)
{
	const struct deployed *now = &c->now[i];

	if (c->steps[i]->raced) {
		ci_warn(&run->ci,
		    "pipeline '%.*s' is not rolled back: another push updated it at the same time",
		    STR_FMT(step_title(run->arena, c->steps[i])));
		return false;
	}
	if (now->exists && now->version == version_of(c->steps[i]))
		return true;
	if (now->exists)
		ci_note(&run->ci,
		    "pipeline '%.*s' is not rolled back: version %llu is from another push",
		    STR_FMT(step_title(run->arena, c->steps[i])), (unsigned long long)now->version);
	return false;
}

static void
stop_new(struct run *run, struct pachd *cluster, const struct changed *c, size_t i)
{
	struct str name = step_title(run->arena, c->steps[i]);
	struct err err = { 0 };

	if (pachd_stop(cluster, &c->targets[i], &err) < 0) {
		(void)err_wrap(&err, "cannot stop the new pipeline '%.*s'", STR_FMT(name));
		err_name_inputs(&run->in, &err);
		ci_error(&run->ci, &err);
		return;
	}
	c->steps[i]->state = STR("stopped");
	ci_warn(&run->ci, "stopped pipeline '%.*s': it is new and has no earlier version",
	    STR_FMT(name));
}

static struct step *
step_of(const struct changed *c, const struct step *restored)
{
	for (size_t i = 0; i < c->count; i++)
		if (str_eq(c->targets[i].name, restored->spec->name)
		    && str_eq(c->targets[i].project, restored->spec->project))
			return c->steps[i];
	return NULL;
}

static void
log_restored(struct run *run, const struct changed *c, const struct plan *back)
{
	for (size_t i = 0; i < back->count; i++) {
		const struct step *step = &back->steps[i];
		struct step *pushed = step_of(c, step);

		if (step->new_version == 0)
			continue;
		if (pushed) {
			pushed->state = STR("rolled back");
			pushed->undone = true;
			pushed->back_version = step->new_version;
		}
		ci_detail(&run->ci, "rolled back '%.*s': version %llu is a copy of version %llu",
		    STR_FMT(step_title(run->arena, step)), (unsigned long long)step->new_version,
		    (unsigned long long)step->restores);
	}
}

/* How a pipeline does that was put back. Nobody waits for it, so one that crashes has failed at once. One that restarts has
 * not: pachd's master restarts pipelines one after the other. */
static enum progress
progress_back(const struct step *step, const struct deployed *now)
{
	int64_t shaky_ms = str_is(now->state, "restarting") ? 0 : 1;

	return step->new_version == 0 ? PROGRESS_UP
	                              : progress_of(now, step->new_version, shaky_ms, 1);
}

static bool
is_settled(enum progress progress)
{
	return progress == PROGRESS_UP || progress == PROGRESS_PAUSED;
}

static void
report_state(struct run *run, const struct step *step, const struct deployed *now)
{
	struct str title = step_title(run->arena, step);
	enum progress progress = progress_back(step, now);

	if (progress == PROGRESS_SUPERSEDED && now->exists)
		ci_warn(&run->ci,
		    "pipeline '%.*s' is at version %llu: another push came during the rollback; "
		    "compare it with version %llu",
		    STR_FMT(title), (unsigned long long)now->version,
		    (unsigned long long)now->version - 1);
	else if (progress == PROGRESS_FAILED)
		ci_warn(&run->ci,
		    "pipeline '%.*s' was rolled back, but is in state %.*s%s%.*s; look at it: "
		    "pachup status %.*s",
		    STR_FMT(title), STR_FMT(now->state), now->reason.len ? ": " : "",
		    STR_FMT(str_head(now->reason, 300)), STR_FMT(title));
	else if (progress == PROGRESS_WAITING)
		ci_log(&run->ci, "pipeline '%.*s' was rolled back, and is still %.*s",
		    STR_FMT(title), STR_FMT(now->state));
}

/* The server takes an update over whatever is there: a push that came between the look and the rollback
 * is reported. So is what does not run: a pipeline that had failed may stay so (1.8). */
static void
look_after(struct run *run, struct pachd *cluster, const struct plan *back)
{
	static const int pauses_ms[] = { 250, 1000, 0 };
	struct pachd_target *targets = ARENA_ARRAY(run->arena, back->count, struct pachd_target);
	struct deployed *now = ARENA_ARRAY(run->arena, back->count, struct deployed);
	struct err ignored;

	for (size_t i = 0; i < back->count; i++)
		targets[i] = (struct pachd_target){ back->steps[i].spec->project,
			back->steps[i].spec->name };
	for (size_t look = 0; look < COUNT_OF(pauses_ms); look++) {
		bool is_last = look + 1 == COUNT_OF(pauses_ms), all = true;

		if (pachd_poll(cluster, run->arena, targets, back->count, now, &ignored) < 0)
			return;
		for (size_t i = 0; i < back->count; i++)
			all = all && is_settled(progress_back(&back->steps[i], &now[i]));
		for (size_t i = 0; is_last && i < back->count; i++)
			report_state(run, &back->steps[i], &now[i]);
		if (all)
			return;
		(void)stop_pause(-1, pauses_ms[look], 0); /* the undoing is not interrupted */
	}
}

static int
put_back(struct run *run, struct pachd *cluster, const struct commit *commit,
    const struct changed *c, struct err *err)
{
	static const struct reprocess never = { .all = REPROCESS_NEVER };
	struct pachd_version *versions = ARENA_ARRAY(run->arena, c->count, struct pachd_version);
	struct deployed *now = ARENA_ARRAY(run->arena, c->count, struct deployed);
	struct restore restore = { versions, now, 0, &never };
	struct pachd_result result;
	struct work work = { 0 };
	struct plan plan;
	int rc;

	for (size_t i = 0; i < c->count; i++) {
		if (!is_ours(run, c, i))
			continue;
		if (c->steps[i]->action == ACTION_CREATE) {
			stop_new(run, cluster, c, i);
			continue;
		}
		versions[restore.count] =
		    (struct pachd_version){ .target = c->targets[i], .found = *c->steps[i]->live };
		versions[restore.count].found.mark = c->steps[i]->mark;
		now[restore.count++] = c->now[i];
	}
	if (restore_plan(run, cluster, &restore, &work, &plan, err) < 0)
		return -1;
	if (restore.count > 0 && plan.created + plan.updated == 0)
		ci_detail(&run->ci, "nothing to roll back: the earlier versions are the same");
	rc = pachd_apply(cluster, &plan, &result, err);
	log_restored(run, c, &plan);
	marks_write(run, cluster, commit, &plan);
	if (rc == 0)
		look_after(run, cluster, &plan);
	return rc;
}

void
undo_push(struct run *run, struct pachd *cluster, const struct commit *commit,
    const struct plan *plan, const struct err *why)
{
	struct changed c = { 0 };
	struct err err = { 0 };

	ci_detail(&run->ci, "rolling back: %s", why->text);
	pachd_grace(cluster, UNDO_MS);
	if (find_changed(run, cluster, plan, &c, &err) == 0
	    && put_back(run, cluster, commit, &c, &err) == 0) {
		start_undo(run, cluster, plan);
		return;
	}
	(void)err_wrap(&err, "rollback failed");
	(void)err_hint(
	    &err, "check what runs with 'pachup status', then run: pachup rollback PIPELINE");
	err_name_inputs(&run->in, &err);
	ci_error(&run->ci, &err);
}
