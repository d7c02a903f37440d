#include "pachd/apply/apply.h"

#include "base/arena.h"
#include "base/clock.h"
#include "pachd/apply/change.h"
#include "pachd/compare.h"
#include "process/stop_wait.h"
#include "process/watch.h"

enum { OLD_WRITE_MS = 600000 }; /* one CreatePipeline below 1.12, which must not be cut short */

/* Whether a signal has come or the deadline has passed; then *err says so. */
static bool
must_stop(const struct pachd *p, struct err *err)
{
	if (stop_is_set(p->opts.stop_fd)) {
		(void)err_set(err, ERR_INTERRUPTED, "interrupted");
		return true;
	}
	if (p->opts.deadline_ms > 0 && clock_ms() >= p->opts.deadline_ms) {
		(void)err_set(err, ERR_TIMEOUT, "timed out");
		(void)err_hint(err, "raise input 'timeout'");
		return true;
	}
	return false;
}

/* One after the other. Below 1.12 the server makes many writes for one CreatePipeline, and a pipeline whose call
 * was cut short is unusable: so each call gets its time, whatever happens meanwhile. */
static int
apply_sequence(const struct changes *all, struct pachd_result *out, struct err *err)
{
	if (must_stop(all->pachd, err) || change_create_repos(all, NULL, out, err) < 0)
		return -1;
	for (size_t i = 0; i < all->count; i++) {
		struct call call = change_call(all, i, NULL);

		if (must_stop(all->pachd, err))
			return change_wrap(all, i, err);
		if (!all->pachd->facts.transactions)
			channel_grace(all->pachd->channel, OLD_WRITE_MS);
		if (change_send(all, i, &call, out, err) < 0) {
			change_mark_unknown(out, &all->list[i], 1);
			return change_wrap(all, i, err);
		}
		change_mark_done(all->list[i].step);
		out->done++;
	}
	return 0;
}

/* What runs now under the names of the changes, if each is what its change asks for: then nothing is left to do.
 * NULL: something differs, or the cluster does not say. */
static const struct deployed *
read_if_equal(const struct changes *all)
{
	struct pachd *p = all->pachd;
	const struct deployed *now = change_poll(all);

	if (!now)
		return NULL;
	for (size_t i = 0; i < all->count; i++) {
		const struct step *step = all->list[i].step;

		if (step->reprocess || !now[i].exists
		    || !pachd_compare(p, step->tree, step->request, step->spec->file, &now[i]).same)
			return NULL;
	}
	return now;
}

/* Turns all steps into ACTION_KEEP: somebody else has made the changes of the plan. */
static void
keep_all(const struct changes *all, struct plan *plan, const struct deployed *now)
{
	for (size_t i = 0; i < all->count; i++) {
		all->list[i].step->action = ACTION_KEEP;
		all->list[i].step->live = &now[i];
	}
	plan->kept += plan->created + plan->updated;
	plan->created = plan->updated = 0;
}

static int
apply_changes(
    const struct changes *all, struct plan *plan, struct pachd_result *out, struct err *err)
{
	bool together = all->pachd->facts.transactions && all->count + all->repo_count > 1;
	int rc =
	    together ? change_together(all, plan->split, out, err) : apply_sequence(all, out, err);
	const struct deployed *now;

	if (rc == 0 || err->kind != ERR_SUPERSEDED || out->done > 0)
		return rc;
	now = read_if_equal(all);
	if (!now)
		return rc;
	keep_all(all, plan, now);
	return 0;
}

int
pachd_apply(struct pachd *p, struct plan *plan, struct pachd_result *out, struct err *err)
{
	struct changes all = { .pachd = p,
		.list = ARENA_ARRAY(p->arena, plan->count, struct change),
		.repos = plan->repos,
		.repo_count = plan->repo_count };
	int rc;

	*out = (struct pachd_result){ .transaction = { "", 0 } };
	for (size_t i = 0; i < plan->count; i++)
		if (plan->steps[i].action != ACTION_KEEP)
			all.list[all.count++].step = &plan->steps[i];
	for (size_t i = 0; i < all.count; i++)
		if (change_request(p, &all.list[i], err) < 0)
			return change_wrap(&all, i, err);
	if (all.count == 0)
		return 0;
	watch_hint(p->opts.watch,
	    "  hint: check the cluster with 'pachup status', then push again; unchanged "
	    "pipelines are kept\n");
	rc = apply_changes(&all, plan, out, err);
	if (rc == 0)
		watch_hint(p->opts.watch, NULL);
	return rc;
}
