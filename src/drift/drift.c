#include "drift/drift.h"

#include "base/arena.h"
#include "base/buf.h"
#include "deploy/gather/gather.h"
#include "deploy/plan/images.h"
#include "deploy/plan/others.h"
#include "deploy/plan/ownership.h"
#include "pachd/defaults.h"
#include "pachd/list.h"
#include "pachd/marks.h"
#include "pachd/pachd.h"
#include "pachd/pps/editor.h"
#include "session/config.h"
#include "session/connect.h"
#include "session/run.h"

enum { MAX_TITLE_BYTES = 1 << 10 };

static struct drift_row *
add_row(struct drift_report *d, struct str project, struct str name)
{
	struct arena *a = d->run->arena;
	struct drift_row *row;

	d->list = arena_grow(a, d->list, d->count, &d->room, sizeof(*d->list));
	row = &d->list[d->count++];
	*row = (struct drift_row){
		.project = project, .name = name, .title = spec_title(a, project, name)
	};
	return row;
}

static bool
has_failed(const struct deployed *live)
{
	return live->exists && (str_is(live->state, "failure") || str_is(live->state, "crashing"));
}

static void
judge_step(struct drift_report *d, const struct mark *owner, const struct step *step)
{
	struct run *run = d->run;
	struct drift_row *row = add_row(d, step->spec->project, step->spec->name);
	static const struct mark none = { .version = 0 };
	struct mark next = ownership_next(run, owner, step->tree, &none, 0, &none, 1);

	row->step = step;
	row->live = step->live;
	row->mark = step->mark;
	row->is_failed = has_failed(step->live);
	row->state = drift_judge(&(struct drift_facts){
	    .in_git = true,
	    .in_cluster = step->live->exists,
	    .is_same = step->action == ACTION_KEEP,
	    .awaits_start = step->starts,
	    .is_marked = mark_is_set(&step->mark),
	    .is_ours = mark_is_same_owner(run->arena, &step->mark, owner),
	    .is_as_pushed = step->mark.hash.len > 0 && str_eq(step->mark.hash, next.hash),
	    .live_version = step->live->version,
	    .pushed_version = step->mark.version,
	});
}

static void
judge_other(struct drift_report *d, const struct mark *owner, const struct other *other)
{
	const struct pachd_listed *one = other->listed;
	const struct mark *mark = &other->mark;
	struct drift_row *row;

	if (!mark_is_same_owner(d->run->arena, mark, owner) || !str_eq(mark->target, owner->target))
		return;
	row = add_row(d, one->project, one->name);
	row->live = &one->live;
	row->mark = *mark;
	row->is_failed = has_failed(&one->live);
	row->state = drift_judge(&(struct drift_facts){
	    .in_cluster = true,
	    .is_retired = one->live.stopped && d->run->opt.prune == PRUNE_STOP,
	});
}

/* Pipelines that this target pushed once, and that git no longer has. */
static int
find_left(struct drift_report *d, const struct mark *owner, struct err *err)
{
	struct other *others;
	size_t count;

	if (others_find(d->run, d->compared.cluster, &d->work, &others, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		judge_other(d, owner, &others[i]);
	return 0;
}

/* Asks who made the live versions that pachup did not push. */
static int
find_editors(struct drift_report *d, struct err *err)
{
	struct pps_editor *list = ARENA_ARRAY(d->run->arena, d->count, struct pps_editor);
	struct drift_row **rows = ARENA_ARRAY(d->run->arena, d->count, struct drift_row *);
	size_t count = 0;

	for (size_t i = 0; i < d->count; i++) {
		struct drift_row *row = &d->list[i];

		if (!row->live->exists || row->mark.version == row->live->version
		    || row->state == DRIFT_SAME)
			continue;
		rows[count] = row;
		list[count++] =
		    (struct pps_editor){ .target = { row->project, row->name }, .live = row->live };
	}
	if (pps_editors(d->compared.cluster, d->run->arena, list, count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		rows[i]->by = list[i].by;
		rows[i]->since_s = list[i].since_s;
	}
	return 0;
}

/* Asks which pipelines run with defaults that have changed since: those reach a pipeline only when it is sent again. */
static int
find_stale(struct drift_report *d, struct err *err)
{
	struct pachd_stale *list = ARENA_ARRAY(d->run->arena, d->count, struct pachd_stale);
	struct drift_row **rows = ARENA_ARRAY(d->run->arena, d->count, struct drift_row *);
	size_t count = 0;

	for (size_t i = 0; i < d->count; i++) {
		struct drift_row *row = &d->list[i];

		if (!row->live->exists || !row->step)
			continue;
		rows[count] = row;
		list[count++] = (struct pachd_stale){ .target = { row->project, row->name },
			.live = row->live };
	}
	if (pachd_stale_defaults(d->compared.cluster, list, count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		rows[i]->stale = list[i].fields;
		rows[i]->stale_count = list[i].count;
	}
	return 0;
}

static int
judge_all(struct drift_report *d, struct err *err)
{
	struct mark owner = ownership_of(d->run, &d->work.commit);
	const struct plan *plan = &d->compared.plan;

	d->has_marks = pachd_keeps_marks(pachd_facts(d->compared.cluster));
	d->has_owner = mark_is_set(&owner) && owner.commit.len > 0;
	d->is_whole = d->has_marks && d->has_owner && d->run->target
	              && config_find_part(d->run) == INPUT_COUNT;
	for (size_t i = 0; i < plan->count; i++)
		judge_step(d, &owner, &plan->steps[i]);
	if (d->is_whole && find_left(d, &owner, err) < 0)
		return -1;
	for (size_t i = 0; i < d->count; i++)
		d->counts[d->list[i].state]++;
	return find_editors(d, err) < 0 ? -1 : find_stale(d, err);
}

int
drift_find(struct drift_report *d, struct err *err)
{
	struct run *run = d->run;

	connect_drop_token(run);
	if (gather(run, &d->work, err) < 0 || images_pin(run, &d->work, err) < 0)
		return -1;
	d->compared = (struct cluster_plan){ .run = run, .work = &d->work };
	d->compared.cluster = connect_open(run, err);
	if (!d->compared.cluster || cluster_plan_compare(&d->compared, err) < 0)
		return -1;
	return judge_all(d, err);
}

size_t
drift_in_sync(const struct drift_report *d)
{
	return d->counts[DRIFT_SAME] + d->counts[DRIFT_STOPPED];
}

bool
drift_is_none(const struct drift_report *d)
{
	return drift_in_sync(d) == d->count;
}

struct str
drift_title(const struct drift_report *d)
{
	struct buf text = BUF_INIT(MAX_TITLE_BYTES);
	size_t moved = d->count - drift_in_sync(d);
	const char *comma = ": ";

	if (moved == 0)
		return arena_fmt(d->run->arena, "no drift: %zu pipeline%s in sync", d->count,
		    d->count == 1 ? "" : "s");
	buf_fmt(&text, "drift: %zu of %zu pipeline%s", moved, d->count, d->count == 1 ? "" : "s");
	for (enum drift i = 0; i < DRIFT_COUNT; i++) {
		if (!drift_is_change(i) || d->counts[i] == 0)
			continue;
		buf_fmt(&text, "%s%zu %s", comma, d->counts[i], drift_text(i));
		comma = ", ";
	}
	return buf_take(&text, d->run->arena);
}
