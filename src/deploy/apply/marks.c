#include "deploy/apply/marks.h"

#include "base/arena.h"
#include "deploy/plan/ownership.h"
#include "pachd/marks.h"
#include "pachd/pachd.h"
#include "session/run.h"

/* Whether the mark of a pipeline that is not sent is about what runs, or another owner's. */
static bool
is_right(struct arena *a, const struct step *step, const struct mark *next)
{
	const struct mark *mark = &step->mark;

	if (!mark_is_set(mark) || step->is_renamed)
		return false;
	if (!mark_is_same_owner(a, mark, next))
		return true;
	return mark->version == next->version && str_eq(mark->hash, next->hash)
	       && mark->is_stopped == next->is_stopped
	       && (mark->target.len > 0 || next->target.len == 0);
}

/* The mark that the step leaves; not set: there is nothing to write. */
static struct mark
mark_after(struct run *run, const struct step *step, const struct mark *owner)
{
	bool is_kept = step->action == ACTION_KEEP;
	uint64_t version = is_kept && step->live ? step->live->version : step->new_version;
	struct mark next = ownership_next(
	    run, owner, step->tree, &step->mark, step->restores, &step->restored, version);

	next.is_stopped = step->starts && !step->is_started;
	if (version == 0 || step->raced
	    || (is_kept && (step->restores > 0 || is_right(run->arena, step, &next))))
		return (struct mark){ .version = 0 };
	return next;
}

void
marks_write(
    struct run *run, struct pachd *cluster, const struct commit *commit, const struct plan *plan)
{
	struct mark owner = ownership_of(run, commit);
	struct pachd_marked *list = ARENA_ARRAY(run->arena, plan->count, struct pachd_marked);
	size_t count = 0;
	struct err err;

	for (size_t i = 0; pachd_facts(cluster)->repo_metadata && i < plan->count; i++) {
		const struct step *step = &plan->steps[i];
		struct mark mark = mark_after(run, step, &owner);

		if (mark_is_set(&mark))
			list[count++] = (struct pachd_marked){ .kind = MARKED_PIPELINE,
				.target = { step->spec->project, step->spec->name },
				.mark = mark };
	}
	if (count > 0 && pachd_write_marks(cluster, list, count, &err) < 0)
		ci_warn(&run->ci, "cannot record the owner on the pipelines: %s", err.text);
}
