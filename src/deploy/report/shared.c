#include "deploy/report/shared.h"

#include "base/arena.h"
#include "deploy/report/origin.h"
#include "pipeline/step.h"

enum { LEAST = 3 };

struct shared
shared_make(struct arena *a, const struct plan *plan)
{
	const struct differences **all = ARENA_ARRAY(a, plan->count, const struct differences *);
	struct shared out = { .plan = plan, .titles = ARENA_ARRAY(a, plan->count, struct str) };
	struct diff_groups groups;
	struct diff_group *list;

	for (size_t i = 0; i < plan->count; i++) {
		const struct step *step = &plan->steps[i];

		if (step->action == ACTION_UPDATE)
			all[i] = &step->diff;
		out.titles[i] = step_title(a, step);
	}
	groups = diff_groups_make(a, all, plan->count);
	list = ARENA_ARRAY(a, groups.count, struct diff_group);
	for (size_t i = 0; i < groups.count && groups.list[i].count >= LEAST; i++)
		if (!str_is(groups.list[i].what->path, "transform.image"))
			list[out.count++] = groups.list[i];
	out.list = list;
	return out;
}

static bool
is_same(struct str x, struct str y)
{
	return (x.ptr == NULL) == (y.ptr == NULL) && str_eq(x, y);
}

bool
shared_has(const struct shared *s, const struct difference *one)
{
	for (size_t i = 0; i < s->count; i++) {
		const struct difference *what = s->list[i].what;

		if (str_eq(what->path, one->path) && is_same(what->old_value, one->old_value)
		    && is_same(what->new_value, one->new_value))
			return true;
	}
	return false;
}

/* The values line that all of them have it from; empty where there are several. */
static struct str
common_origin(struct arena *a, const struct shared *s, const struct diff_group *group)
{
	struct str from = STR("");

	for (size_t i = 0; i < group->count; i++) {
		const struct node *tree = s->plan->steps[group->owners[i]].tree;
		struct str own = tree ? origin_of(a, tree, group->what->path) : STR("");

		if (i > 0 && !str_eq(own, from))
			return STR("");
		from = own;
	}
	return from;
}

struct str
shared_text(struct arena *a, const struct shared *s, size_t i, size_t most)
{
	struct str text = diff_group_sentence(a, &s->list[i], s->titles, most);
	struct str from = common_origin(a, s, &s->list[i]);

	return from.len > 0 ? arena_fmt(a, "%.*s (%.*s)", STR_FMT(text), STR_FMT(from)) : text;
}
