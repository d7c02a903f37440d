#include "deploy/plan/others.h"

#include "base/arena.h"
#include "deploy/plan/ownership.h"
#include "pachd/marks.h"
#include "pachd/pachd.h"
#include "session/run.h"

/* Of each pipeline of the list, whether the specs have it. */
static bool *
find_known(struct run *run, struct pachd *cluster, const struct specs *specs,
    const struct pachd_listed *list, size_t count)
{
	bool *is_known = ARENA_ARRAY(run->arena, count, bool);
	bool projects = pachd_facts(cluster)->projects;

	for (size_t i = 0; i < specs->count; i++) {
		const struct spec *spec = &specs->list[i];
		const struct pachd_listed *found = pachd_listed_find(
		    list, count, projects ? spec->project : STR("default"), spec->name);

		if (found)
			is_known[found - list] = true;
	}
	return is_known;
}

int
others_find(struct run *run, struct pachd *cluster, const struct work *work, struct other **out,
    size_t *count, struct err *err)
{
	struct pachd_listed *list;
	struct pachd_marked *marked;
	const struct mark owner = ownership_of(run, &work->commit);
	size_t listed;
	const bool *is_known;

	if (pachd_list(cluster, &list, &listed, err) < 0)
		return -1;
	is_known = find_known(run, cluster, &work->specs, list, listed);
	marked = ARENA_ARRAY(run->arena, listed, struct pachd_marked);
	*out = ARENA_ARRAY(run->arena, listed, struct other);
	*count = 0;
	for (size_t i = 0; i < listed; i++) {
		if (is_known[i])
			continue;
		(*out)[*count].listed = &list[i];
		marked[(*count)++] = (struct pachd_marked){ .kind = MARKED_PIPELINE,
			.target = { list[i].project, list[i].name },
			.live = &list[i].live };
	}
	if (pachd_read_marks(cluster, marked, *count, err) < 0)
		return -1;
	for (size_t i = 0; i < *count; i++) {
		(*out)[i].mark = marked[i].mark;
		(void)ownership_adopt(run, &owner, &(*out)[i].mark);
	}
	return 0;
}
