#include "pipeline/step.h"

#include "base/arena.h"
#include "pipeline/plan.h"

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
