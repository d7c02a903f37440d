#include "deploy/gather/pushed.h"

#include "base/arena.h"
#include "git/repo.h"
#include "pachd/marks.h"
#include "pipeline/deployed.h"
#include "session/run.h"

enum { SHORT_SHA = 7 };

/* The same commit again, which needs no second look. */
static const struct pushed *
find_same(const struct pushed *list, size_t count, struct str commit)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq(list[i].commit, commit))
			return &list[i];
	return NULL;
}

static void
count_commits(struct run *run, struct repo *repo, struct pushed *list, size_t i)
{
	const struct pushed *same = find_same(list, i, list[i].commit);
	struct repo_distance distance;
	struct err ignored;

	if (same) {
		list[i].is_counted = same->is_counted;
		list[i].behind = same->behind;
		list[i].is_aside = same->is_aside;
	} else if (repo_distance(repo, run->arena, list[i].commit, &distance, &ignored) == 0) {
		list[i].is_counted = true;
		list[i].behind = distance.behind;
		list[i].is_aside = distance.is_aside;
	}
}

/* Of those that exist. */
static int
read_marks(
    struct run *run, struct pachd *cluster, struct pushed *list, size_t count, struct err *err)
{
	struct pachd_marked *marks = ARENA_ARRAY(run->arena, count, struct pachd_marked);
	struct pushed **of = ARENA_ARRAY(run->arena, count, struct pushed *);
	size_t used = 0;

	for (size_t i = 0; i < count; i++) {
		if (!list[i].live->exists)
			continue;
		of[used] = &list[i];
		marks[used++] = (struct pachd_marked){
			.kind = MARKED_PIPELINE, .target = list[i].target, .live = list[i].live
		};
	}
	if (pachd_read_marks(cluster, marks, used, err) < 0)
		return -1;
	for (size_t i = 0; i < used; i++)
		of[i]->mark = marks[i].mark;
	return 0;
}

int
pushed_read(
    struct run *run, struct pachd *cluster, struct pushed *list, size_t count, struct err *err)
{
	const char *workspace = ci_workspace(&run->ci);
	struct repo *repo;
	struct err ignored;

	if (read_marks(run, cluster, list, count, err) < 0)
		return -1;
	repo = repo_open(run->arena, ".", workspace != NULL, &ignored);
	for (size_t i = 0; i < count; i++) {
		list[i].commit = list[i].live->commit;
		if (mark_is_set(&list[i].mark) && list[i].mark.version == list[i].live->version)
			list[i].commit = list[i].mark.commit;
		if (repo && list[i].commit.len > 0)
			count_commits(run, repo, list, i);
	}
	repo_close(repo);
	return 0;
}

struct str
pushed_text(struct arena *a, const struct pushed *one)
{
	struct str sha = str_head(one->commit, SHORT_SHA);

	if (one->commit.len == 0)
		return STR("-");
	if (one->is_counted && one->is_aside)
		return arena_fmt(a, "%.*s (not in HEAD)", STR_FMT(sha));
	if (one->is_counted && one->behind > 0)
		return arena_fmt(a, "%.*s (%zu behind)", STR_FMT(sha), one->behind);
	return sha;
}
