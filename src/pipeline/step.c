#include "pipeline/step.h"

#include "base/arena.h"
#include "pipeline/plan.h"

/* Members of an input that do not say where it reads. */
static bool
is_harmless(struct str path)
{
	size_t dot = str_rfind(path, '.');

	return dot < path.len
	       && str_is_one_of(str_tail(path, dot + 1),
	           "glob|name|join_on|group_by|outer_join|lazy|empty_"
	           "files|s3|spec|start|overwrite");
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
	if (step->new_image.len == 0)
		return arena_fmt(a, "%.*s -> the cluster's default", STR_FMT(step->old_image));
	return arena_fmt(a, "%.*s -> %.*s", STR_FMT(step->old_image), STR_FMT(step->new_image));
}

const char *
step_origin(struct arena *a, const struct step *step)
{
	if (step->restores == 0)
		return step->spec->file;
	if (step->action == ACTION_KEEP)
		return arena_fmt(
		    a, "version %llu is already running", (unsigned long long)step->restores)
		    .ptr;
	return arena_fmt(a, "version %llu again, as version %llu",
	    (unsigned long long)step->restores, (unsigned long long)step->live->version + 1)
	    .ptr;
}

bool
step_is_kept(const struct step *step)
{
	return step->action == ACTION_KEEP && !step->starts;
}

const char *
step_action(const struct step *step)
{
	return step->action == ACTION_KEEP && step->starts ? "start" : action_name(step->action);
}

bool
step_changes_input(const struct step *step)
{
	const struct differences *d = &step->diff;

	if (step->action != ACTION_UPDATE)
		return false;
	for (size_t i = 0; i < d->count; i++)
		if (str_starts(d->list[i].path, "input") && !is_harmless(d->list[i].path))
			return true;
	return d->count == 0 && step->why.len > 0; /* nobody knows what differs */
}
