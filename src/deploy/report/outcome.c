#include "deploy/report/outcome.h"

#include <string.h>

#include "base/arena.h"
#include "pipeline/step.h"

const char *
step_label(const struct outcome *o, const struct step *step)
{
	return o->facts ? step_action(step) : "push";
}

const char *
step_state(const struct outcome *o, const struct step *step)
{
	if (step_is_kept(step) && step->state.len == 0)
		return "unchanged";
	if (o->planned)
		return "planned";
	if (step->state.len > 0)
		return step->state.ptr;
	if (step->action == ACTION_KEEP)
		return step->is_started ? "started" : "failed";
	if (step->unknown)
		return "unknown";
	return step->new_version > 0 && !step->half_done ? "pushed" : "failed";
}

struct str
step_versions(struct arena *a, const struct step *step, const char *arrow)
{
	unsigned long long old = step->live && step->live->exists ? step->live->version : 0;
	unsigned long long now = step->new_version;

	if (now > 0 && old > 0 && now != old)
		return arena_fmt(a, "%llu %s %llu", old, arrow, now);
	return now + old > 0 ? arena_fmt(a, "%llu", now > 0 ? now : old) : STR("");
}

const char *
removal_state_word(const struct outcome *o, const struct removal *one)
{
	if (o->planned)
		return "planned";
	switch (one->state) {
	case REMOVAL_PLANNED:
		return "not done";
	case REMOVAL_DONE:
		return one->kind == REMOVAL_STOP ? "stopped" : "deleted";
	case REMOVAL_FAILED:
		return "failed";
	case REMOVAL_UNKNOWN:
		break;
	}
	return "unknown";
}

size_t
tally_sum(const struct tally *tally)
{
	return tally->created + tally->updated + tally->started + tally->stopped + tally->deleted;
}

static void
add_removals(const struct outcome *o, struct tally *tally)
{
	for (size_t i = 0; i < o->plan->removal_count; i++) {
		const struct removal *one = &o->plan->removals[i];

		if (!o->planned && one->state != REMOVAL_DONE)
			continue;
		tally->stopped += one->kind == REMOVAL_STOP;
		tally->deleted += one->kind != REMOVAL_STOP;
	}
}

/* Those that were not sent. */
static size_t
count_started(const struct outcome *o)
{
	size_t count = 0;

	for (size_t i = 0; !o->planned && i < o->plan->count; i++) {
		const struct step *step = &o->plan->steps[i];

		count += step->action == ACTION_KEEP && step->is_started && !step->undone;
	}
	return o->planned ? o->plan->started : count;
}

struct tally
outcome_tally(const struct outcome *o)
{
	struct tally tally = { 0 };

	add_removals(o, &tally);
	tally.started = count_started(o);
	if (!o->broken) {
		tally.created = o->plan->created;
		tally.updated = o->plan->updated;
		return tally;
	}
	for (size_t i = 0; i < o->plan->count; i++) {
		const struct step *step = &o->plan->steps[i];

		if (step->new_version == 0 || step->half_done || step->undone)
			continue;
		tally.created += step->action == ACTION_CREATE;
		tally.updated += step->action == ACTION_UPDATE;
	}
	return tally;
}

/* ", 1 to start, 1 to stop, 2 to delete" */
static struct str
other_counts(struct arena *a, const struct outcome *o, const struct tally *tally)
{
	struct str text = STR("");

	if (tally->started > 0)
		text =
		    arena_fmt(a, ", %zu %s", tally->started, o->planned ? "to start" : "started");
	if (tally->stopped > 0)
		text = arena_fmt(a, "%.*s, %zu %s", STR_FMT(text), tally->stopped,
		    o->planned ? "to stop" : "stopped");
	if (tally->deleted > 0)
		text = arena_fmt(a, "%.*s, %zu %s", STR_FMT(text), tally->deleted,
		    o->planned ? "to delete" : "deleted");
	return text;
}

struct str
outcome_counts(struct arena *a, const struct outcome *o)
{
	struct tally tally = outcome_tally(o);
	const struct plan *p = o->plan;
	size_t changes = p->created + p->updated + p->started, back = 0, left;
	struct str rest = STR("");

	if (!o->facts)
		return arena_fmt(a, "%zu to push; no cluster was asked", p->count);
	if (changes + p->removal_count == 0)
		return arena_fmt(a, "nothing to change, %zu unchanged", p->kept);
	for (size_t i = 0; i < p->count; i++)
		back += p->steps[i].undone;
	left = changes - tally.created - tally.updated - tally.started;
	back = back < left ? back : left;
	if (back > 0)
		rest = arena_fmt(a, ", %zu rolled back", back);
	left -= back;
	left += o->planned ? 0 : p->removal_count - tally.stopped - tally.deleted;
	rest = arena_fmt(a, "%.*s%.*s", STR_FMT(other_counts(a, o, &tally)), STR_FMT(rest));
	if (left > 0)
		rest = arena_fmt(a, "%.*s, %zu not done", STR_FMT(rest), left);
	return arena_fmt(a, "%zu %s, %zu %s%.*s, %zu unchanged", tally.created,
	    o->planned ? "to create" : "created", tally.updated,
	    o->planned ? "to update" : "updated", STR_FMT(rest), p->kept);
}

/* Of what was counted already. */
static struct str
failed_text(struct arena *a, const struct outcome *o)
{
	size_t failed = 0;

	for (size_t i = 0; i < o->plan->count; i++)
		failed += o->plan->steps[i].failed;
	return o->broken && failed > 0 ? arena_fmt(a, "; %zu failed", failed) : STR("");
}

struct str
outcome_title(struct arena *a, const struct outcome *o, const char *command)
{
	struct str done = outcome_counts(a, o), failed = failed_text(a, o);
	bool is_plan = o->planned && strcmp(command, "push") == 0;

	return arena_fmt(a, "pachup %s: %s%.*s%.*s", is_plan ? "plan" : command,
	    o->why ? "failed: " : "", STR_FMT(done), STR_FMT(failed));
}
