#include "deploy/preview/guard.h"

#include "base/arena.h"

enum guard_verdict
guard_judge(struct arena *a, const struct guard_asker *asker, const struct pfs_project *project,
    struct preview_label *label)
{
	struct preview_label ours = { .repository = asker->repository, .target = asker->target };

	*label = (struct preview_label){ .until_s = 0 };
	if (str_is(project->name, "default")
	    || str_is_any(project->name, asker->taken->list, asker->taken->count))
		return GUARD_TAKEN;
	if (!preview_name_fits(asker->project, project->name, &ours.number))
		return GUARD_NAME;
	if (!preview_label_read(project->description, label))
		return GUARD_NO_LABEL;
	if (asker->repository.len == 0 || !preview_label_is_same(a, label, &ours))
		return GUARD_OTHERS;
	if (project->says_creator
	    && (asker->user.len == 0 || !str_eq(project->created_by, asker->user)))
		return GUARD_NOT_MADE;
	if (project->says_rights && !project->may_delete)
		return GUARD_NOT_OWNED;
	return GUARD_OURS;
}

struct str
guard_reason(struct arena *a, enum guard_verdict verdict, const struct pfs_project *project,
    const struct preview_label *label)
{
	switch (verdict) {
	case GUARD_OURS:
		break;
	case GUARD_NAME:
		return STR("its name is not that of a preview of this target");
	case GUARD_TAKEN:
		return STR("it is a project that other targets use");
	case GUARD_NO_LABEL:
		return STR("its description does not say that it is a preview");
	case GUARD_OTHERS:
		return arena_fmt(a, "it is a preview of %.*s#%.*s (target %.*s)",
		    STR_FMT(label->repository), STR_FMT(label->number), STR_FMT(label->target));
	case GUARD_NOT_MADE:
		return arena_fmt(a, "%.*s created it",
		    STR_FMT(
		        project->created_by.len > 0 ? project->created_by : STR("somebody else")));
	case GUARD_NOT_OWNED:
		return STR("this user does not own it");
	}
	return STR("");
}

bool
guard_owns(struct arena *a, const struct guard_thing *thing, const struct preview_label *preview,
    struct str user)
{
	const struct mark owner = { .repository = preview->repository, .target = preview->target };
	struct preview_label label;

	if (thing->maker.len > 0 && !str_eq(thing->maker, user))
		return false;
	if (mark_is_set(&thing->mark))
		return mark_is_same_owner(a, &thing->mark, &owner);
	return !thing->is_pipeline && preview_label_read(thing->description, &label)
	       && preview_label_is_same(a, &label, preview);
}
