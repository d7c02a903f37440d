#include "cmd/outcome.h"

#include "base/arena.h"

const char *
step_label(const struct outcome *o, const struct step *step)
{
	return o->facts ? action_name(step->action) : "push";
}

struct str
step_title(struct arena *a, const struct step *step)
{
	return spec_title(a, step->spec->project, step->spec->name);
}

struct str
step_images(struct arena *a, const struct step *step)
{
	if (step->old_image.len == 0 || str_eq(step->old_image, step->new_image))
		return step->new_image;
	return arena_fmt(a, "%.*s -> %.*s", STR_FMT(step->old_image), STR_FMT(step->new_image));
}

const char *
step_origin(struct arena *a, const struct step *step)
{
	if (step->restores == 0)
		return step->spec->file;
	if (step->action == ACTION_KEEP)
		return arena_fmt(a, "version %llu runs already", (unsigned long long)step->restores)
		    .ptr;
	return arena_fmt(a, "version %llu again, from %llu", (unsigned long long)step->restores,
	    (unsigned long long)step->live->version)
	    .ptr;
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
	return step->new_version > 0 ? "pushed" : "failed";
}

struct tally
outcome_tally(const struct outcome *o)
{
	struct tally tally = { 0 };

	if (!o->broken)
		return (struct tally){ o->plan->created, o->plan->updated };
	for (size_t i = 0; i < o->plan->count; i++) {
		const struct step *step = &o->plan->steps[i];

		if (step->new_version == 0 || step->undone)
			continue;
		tally.created += step->action == ACTION_CREATE;
		tally.updated += step->action == ACTION_UPDATE;
	}
	return tally;
}
