/* Whether somebody else pushed the same pipelines at the same time. */
#include "deploy/wait/superseded.h"

#include "base/arena.h"
#include "deploy/wait/waiter.h"
#include "pachd/compare.h"
#include "pachd/pachd.h"
#include "pachd/pps/poll.h"
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

/* The steps that have been updated: a pipeline that was created cannot have been so twice. */
static size_t
updated(const struct waiter *w, size_t *index, struct pachd_target *targets)
{
	size_t count = 0;

	for (size_t i = 0; i < w->plan->count; i++)
		if (w->plan->steps[i].action == ACTION_UPDATE) {
			targets[count] = w->awaited[i].target;
			index[count++] = i;
		}
	return count;
}

/* Up to MOST_ASKED are all looked at; of more SAMPLE, from the first to the last: right after a large update pachd 2.11
 * takes 20 s to list its pipelines, and another push of the same specs changes most of them. */
enum { MOST_ASKED = 16, SAMPLE = 4 };

static size_t
sample(size_t *index, struct pachd_target *targets, size_t count)
{
	if (count <= MOST_ASKED)
		return count;
	for (size_t k = 0; k < SAMPLE; k++) {
		size_t from = k * (count - 1) / (SAMPLE - 1);

		index[k] = index[from];
		targets[k] = targets[from];
	}
	return SAMPLE;
}

/* What was updated, and what a glance showed of it. */
struct seen {
	const size_t *index; /* of the steps */
	const struct pachd_target *targets;
	const struct deployed *now;
	size_t count;
};

/* Notes what runs now; where a version is later than ours, with all that there is to know of it. */
static int
look_closer(struct waiter *w, const struct seen *seen, struct err *err)
{
	struct arena *a = w->run->arena;
	struct pachd_target *targets = ARENA_ARRAY(a, seen->count, struct pachd_target);
	struct deployed *now = ARENA_ARRAY(a, seen->count, struct deployed);
	size_t *index = ARENA_ARRAY(a, seen->count, size_t), count = 0;

	for (size_t k = 0; k < seen->count; k++) {
		size_t i = seen->index[k];

		w->awaited[i].now = seen->now[k];
		if (!seen->now[k].exists
		    || seen->now[k].version <= waiter_version(&w->plan->steps[i]))
			continue;
		targets[count] = seen->targets[k];
		index[count++] = i;
	}
	if (count > 0 && pachd_poll(w->cluster, a, targets, count, now, err) < 0)
		return -1;
	for (size_t k = 0; k < count; k++)
		w->awaited[index[k]].now = now[k];
	return 0;
}

int
superseded_check(struct waiter *w, struct err *err)
{
	struct arena *a = w->run->arena;
	struct pachd_target *targets = ARENA_ARRAY(a, w->plan->count, struct pachd_target);
	size_t *index = ARENA_ARRAY(a, w->plan->count, size_t);
	size_t all = updated(w, index, targets), count = sample(index, targets, all);
	struct deployed *now = ARENA_ARRAY(a, count, struct deployed);
	struct err ignored;

	if (count == 0)
		return 0;
	/* what was pushed has been taken: not to hear more of it is not a failure */
	if (pachd_glance(w->cluster, a, targets, count, now, &ignored) < 0
	    || look_closer(w, &(struct seen){ index, targets, now, count }, &ignored) < 0) {
		ci_detail(&w->run->ci,
		    "it is unknown whether another push came at the same time: %s; 'wait: "
		    "pipelines' finds out",
		    ignored.text);
		return 0;
	}
	for (size_t k = 0; k < count; k++) {
		size_t i = index[k];

		waiter_take_over(w, i);
		if (!w->awaited[i].now.exists
		    || w->awaited[i].now.version > waiter_version(&w->plan->steps[i]))
			return waiter_superseded(w, i, err);
	}
	if (count < all)
		ci_log(&w->run->ci,
		    "no other push of %zu of the %zu updated pipelines; 'wait: pipelines' looks at "
		    "all",
		    count, all);
	return 0;
}
