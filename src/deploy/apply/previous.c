#include "deploy/apply/previous.h"

#include <stdlib.h>

#include "base/arena.h"
#include "deploy/apply/restore.h"
#include "pachd/compare.h"
#include "pipeline/undone.h"
#include "session/run.h"

static int
by_version(const void *left, const void *right)
{
	const struct deployed *a = left, *b = right;

	return (a->version > b->version) - (a->version < b->version);
}

/* Which spec the version list[i] has: the place of the first one that has it. */
static size_t
kind_of(struct run *run, struct pachd *cluster, const struct pachd_version *version,
    const struct deployed *list, size_t i)
{
	struct pachd_version one = { .target = version->target, .found = list[i] };
	struct restore restore = { &one, &list[i], 1, NULL };
	struct work work = { 0 };
	struct err ignored;

	if (restore_read(run, cluster, &restore, &work, &ignored) < 0 || work.count != 1)
		return i;
	for (size_t k = 0; k < i; k++)
		if (pachd_compare(
		        cluster, work.list[0].tree, NULL, work.list[0].spec->file, &list[k])
		        .same)
			return k;
	return i;
}

void
previous_find(struct run *run, struct pachd *cluster, const struct deployed *now,
    struct pachd_version *version)
{
	size_t kinds[MOST_PAST_VERSIONS], count = 0, previous;
	struct deployed *list = ARENA_ARRAY(run->arena, version->count + 1, struct deployed);

	for (size_t i = 0; i < version->count; i++)
		if (version->all[i].version < now->version)
			list[count++] = version->all[i];
	list[count++] = *now;
	qsort(list, count, sizeof(*list), by_version);
	if (count > MOST_PAST_VERSIONS) {
		list += count - MOST_PAST_VERSIONS;
		count = MOST_PAST_VERSIONS;
	}
	for (size_t i = 0; i < count; i++)
		kinds[i] = kind_of(run, cluster, version, list, i);
	previous = undone_previous(kinds, count);
	version->found = previous < count ? list[previous] : (struct deployed){ 0 };
}
