#include "deploy/report/outcome.h"

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
