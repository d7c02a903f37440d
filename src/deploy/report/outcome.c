#include "deploy/report/outcome.h"

#include <string.h>

#include "base/arena.h"

const char *
step_label(const struct outcome *o, const struct step *step)
{
	return o->facts ? action_name(step->action) : "push";
}

const char *
step_state(const struct outcome *o, const struct step *step)
{
	if (step->action == ACTION_KEEP && step->state.len == 0)
		return "unchanged";
	if (o->planned)
		return "planned";
	if (step->state.len > 0)
		return step->state.ptr;
	if (step->unknown)
		return "unknown";
	return step->new_version > 0 && !step->half_done ? "pushed" : "failed";
}

struct tally
outcome_tally(const struct outcome *o)
{
	struct tally tally = { 0 };

	if (!o->broken)
		return (struct tally){ o->plan->created, o->plan->updated };
	for (size_t i = 0; i < o->plan->count; i++) {
		const struct step *step = &o->plan->steps[i];

		if (step->new_version == 0 || step->half_done || step->undone)
			continue;
		tally.created += step->action == ACTION_CREATE;
		tally.updated += step->action == ACTION_UPDATE;
	}
	return tally;
}

/* Each pipeline counts once: what was taken, what was put back, what was never taken, and what stays. */
static struct str
counts(struct arena *a, const struct outcome *o)
{
	struct tally tally = outcome_tally(o);
	const struct plan *p = o->plan;
	size_t changes = p->created + p->updated, back = 0, left;
	struct str rest = STR("");

	if (!o->facts)
		return arena_fmt(a, "%zu to push; no cluster was asked", p->count);
	if (changes == 0)
		return arena_fmt(a, "nothing to change, %zu unchanged", p->kept);
	for (size_t i = 0; i < p->count; i++)
		back += p->steps[i].undone;
	left = changes - tally.created - tally.updated;
	back = back < left ? back : left;
	if (back > 0)
		rest = arena_fmt(a, ", %zu rolled back", back);
	if (left > back)
		rest = arena_fmt(a, "%.*s, %zu not done", STR_FMT(rest), left - back);
	return arena_fmt(a, "%zu %s, %zu %s%.*s, %zu unchanged", tally.created,
	    o->planned ? "to create" : "created", tally.updated,
	    o->planned ? "to update" : "updated", STR_FMT(rest), p->kept);
}

/* Of what was counted already. */
static struct str
failures(struct arena *a, const struct outcome *o)
{
	size_t failed = 0;

	for (size_t i = 0; i < o->plan->count; i++)
		failed += o->plan->steps[i].failed;
	return o->broken && failed > 0 ? arena_fmt(a, "; %zu failed", failed) : STR("");
}

struct str
outcome_title(struct arena *a, const struct outcome *o, const char *command)
{
	struct str done = counts(a, o), failed = failures(a, o);
	bool is_plan = o->planned && strcmp(command, "push") == 0;

	return arena_fmt(a, "pachup %s: %s%.*s%.*s", is_plan ? "plan" : command,
	    o->why ? "failed: " : "", STR_FMT(done), STR_FMT(failed));
}
