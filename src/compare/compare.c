#include "compare/compare.h"

#include "base/arena.h"
#include "compare/inside.h"
#include "pipeline/spec.h"
#include "session/run.h"
#include "values/between.h"
#include "wire/shape.h"

static void
match_specs(struct arena *a, struct comparison *c)
{
	const struct side *one = &c->side[0], *two = &c->side[1];
	size_t i = 0, k = 0;

	c->list = ARENA_ARRAY(a, one->count + two->count, struct match);
	while (i < one->count || k < two->count) {
		struct match *m = &c->list[c->count++];
		int order = i == one->count   ? 1
		            : k == two->count ? -1
		                              : side_spec_order(&one->list[i], &two->list[k]);
		const struct side_spec *any = order <= 0 ? &one->list[i] : &two->list[k];

		m->title = spec_title(a, any->project, any->name);
		if (order <= 0)
			m->on[0] = &one->list[i++];
		if (order >= 0)
			m->on[1] = &two->list[k++];
		c->both += order == 0;
		c->only[0] += order < 0;
		c->only[1] += order > 0;
	}
}

static void
find_differences(struct arena *a, struct comparison *c)
{
	for (size_t i = 0; i < c->count; i++) {
		struct match *m = &c->list[i];

		if (!m->on[0] || !m->on[1]
		    || spec_same(a, shape_of_spec(), m->on[0]->tree, m->on[1]->tree))
			continue;
		meanings_align(a, m->on[0]->tree, m->on[1]->tree);
		diff_trees(a, m->on[0]->tree, m->on[1]->tree, &m->diff);
		c->differ += m->diff.count > 0;
	}
}

static void
group_differences(struct arena *a, struct comparison *c)
{
	const struct differences **all = ARENA_ARRAY(a, c->count, const struct differences *);

	c->titles = ARENA_ARRAY(a, c->count, struct str);
	for (size_t i = 0; i < c->count; i++) {
		all[i] = &c->list[i].diff;
		c->titles[i] = c->list[i].title;
	}
	c->groups = diff_groups_make(a, all, c->count);
}

static void
compare_others(struct arena *a, struct comparison *c)
{
	const struct since_files *one = &c->side[0].others, *two = &c->side[1].others;
	size_t i = 0, k = 0;

	if (c->side[0].kind != SIDE_REVISION || c->side[1].kind != SIDE_REVISION)
		return;
	c->others = ARENA_ARRAY(a, one->count + two->count, struct other);
	while (i < one->count || k < two->count) {
		int order = i == one->count   ? 1
		            : k == two->count ? -1
		                              : str_cmp(one->list[i].name, two->list[k].name);
		const struct since_file *any = order <= 0 ? &one->list[i] : &two->list[k];

		if (order != 0 || !str_eq(one->list[i].id, two->list[k].id))
			c->others[c->other_count++] =
			    (struct other){ any->name, { order <= 0, order >= 0 } };
		i += order <= 0;
		k += order >= 0;
	}
}

int
compare(struct run *run, const char *const names[2], const struct items *paths,
    struct comparison *out, struct err *err)
{
	*out = (struct comparison){ .count = 0 };
	if (sides_read(run, names, paths, out->side, err) < 0)
		return -1;
	match_specs(run->arena, out);
	find_differences(run->arena, out);
	group_differences(run->arena, out);
	compare_others(run->arena, out);
	return 0;
}

bool
comparison_is_same(const struct comparison *c)
{
	return c->differ + c->only[0] + c->only[1] == 0;
}
