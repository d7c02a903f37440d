/* Whether somebody else pushed the same pipelines at the same time. */
#include "deploy/wait/superseded.h"

#include "deploy/wait/waiter.h"
#include "pachd/compare.h"
#include "session/run.h"

int
waiter_superseded(struct waiter *w, size_t i, struct err *err)
{
	const struct deployed *now = &w->awaited[i].now;

	w->plan->steps[i].failed = true;
	w->plan->steps[i].state = STR("superseded");
	if (!now->exists)
		(void)err_set(err, ERR_SUPERSEDED,
		    "superseded: pipeline '%.*s' was deleted during the push",
		    STR_FMT(waiter_title(w, i)));
	else
		(void)err_set(err, ERR_SUPERSEDED,
		    "superseded: another push changed '%.*s' (version %llu, expected %llu)",
		    STR_FMT(waiter_title(w, i)), (unsigned long long)now->version,
		    (unsigned long long)waiter_version(&w->plan->steps[i]));
	return err_hint(err, "the later push is what runs; let one workflow push at a time");
}

void
waiter_take_over(struct waiter *w, size_t i)
{
	struct step *step = &w->plan->steps[i];
	const struct deployed *now = &w->awaited[i].now;

	if (!now->exists || now->version <= waiter_version(step))
		return;
	if ((w->transaction.len == 0 || !str_eq(now->spec_commit, w->transaction))
	    && !pachd_compare(w->cluster, step->tree, step->request, step->spec->file, now).same)
		return;
	ci_note(&w->run->ci,
	    "pipeline '%.*s' is at version %llu, not %llu: another push made the same change",
	    STR_FMT(waiter_title(w, i)), (unsigned long long)now->version,
	    (unsigned long long)waiter_version(step));
	step->new_version = now->version;
	step->raced = true;
}
