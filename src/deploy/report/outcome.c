#include "deploy/report/outcome.h"

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

/* What was done, or would be. */
static struct str
counts(struct arena *a, const struct outcome *o)
{
	struct tally tally = outcome_tally(o);
	const struct plan *p = o->plan;

	if (!o->facts)
		return arena_fmt(a, "%zu to push; no cluster was asked", p->count);
	if (p->created + p->updated == 0)
		return arena_fmt(a, "nothing to change, %zu unchanged", p->kept);
	return arena_fmt(a, "%zu %s, %zu %s, %zu unchanged", tally.created,
	    o->planned ? "to create" : "created", tally.updated,
	    o->planned ? "to update" : "updated", p->kept);
}

struct str
outcome_title(struct arena *a, const struct outcome *o, const char *command)
{
	struct str done = counts(a, o), failed = STR("");

	if (o->broken && o->failed > 0)
		failed = arena_fmt(a, ", %zu failed", o->failed);
	return arena_fmt(a, "pachup %s: %s%.*s%.*s", command, o->why ? "failed: " : "",
	    STR_FMT(done), STR_FMT(failed));
}
