#include "deploy/gather/changed.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "deploy/gather/gather.h"
#include "deploy/gather/lists.h"
#include "git/since.h"
#include "session/run.h"

/* Of each spec, whether its file changed; those of one file stand together, and it is read once. */
static int
find_files(struct since *since, const struct specs *specs, bool *changed, struct err *err)
{
	for (size_t i = 0; i < specs->count; i++) {
		const char *file = spec_origin(&specs->list[i]);

		if (i > 0 && spec_origin(&specs->list[i - 1]) == file)
			changed[i] = changed[i - 1];
		else if (strcmp(file, STDIN_NAME) == 0)
			changed[i] = true;
		else if (since_changed(since, file, &changed[i], err) < 0)
			return -1;
	}
	return 0;
}

/* What a list held; *is_same where it has not changed. */
static int
read_before(struct run *run, struct since *since, const struct list *now, struct list *out,
    bool *is_same, struct err *err)
{
	struct diags ignored = diags_in(run->arena);
	struct str name, text;
	bool changed, is_inside = false, is_held = false;

	*out = (struct list){ .file = now->file, .dir = now->dir };
	if (since_changed(since, now->file, &changed, err) < 0)
		return -1;
	*is_same = !changed;
	if (!changed)
		return 0;
	if (since_name(since, run->arena, now->file, &name, &is_inside, err) < 0
	    || (is_inside && since_read(since, run->arena, name, &text, &is_held, err) < 0))
		return -1;
	if (is_held)
		*out = list_parse(run->arena, now->file, now->dir, text, &ignored);
	return 0;
}

static int
by_text(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* The paths of a list, sorted. */
static const char **
sorted_paths(struct arena *a, const struct list *list)
{
	const char **out = ARENA_ARRAY(a, list->count, const char *);

	for (size_t i = 0; i < list->count; i++)
		out[i] = list->entries[i].path;
	if (list->count > 1)
		qsort(out, list->count, sizeof(*out), by_text);
	return out;
}

static bool
holds(const char *const *sorted, size_t count, const char *path)
{
	return count > 0 && bsearch(&path, sorted, count, sizeof(*sorted), by_text) != NULL;
}

/* Marks the specs of the files that a list names now and did not name before. */
static void
mark_listed(struct run *run, const struct list *now, const struct list *before,
    const struct specs *specs, bool *listed)
{
	const char **old = sorted_paths(run->arena, before);
	const char **all = sorted_paths(run->arena, now);

	for (size_t i = 0; i < specs->count; i++) {
		const char *file = specs->list[i].file;

		if (holds(all, now->count, file) && !holds(old, before->count, file))
			listed[i] = true;
	}
}

int
changed_find(struct run *run, struct since *since, const struct lists *lists,
    const struct work *work, struct changed *out, struct err *err)
{
	const struct specs *specs = &work->specs;

	*out = (struct changed){
		.files = ARENA_ARRAY(run->arena, specs->count, bool),
		.listed = ARENA_ARRAY(run->arena, specs->count, bool),
		.lists = lists,
		.before = ARENA_ARRAY(run->arena, lists->count, struct list),
	};
	if (find_files(since, specs, out->files, err) < 0)
		return -1;
	for (size_t i = 0; i < lists->count; i++) {
		bool is_same = true;

		if (read_before(run, since, &lists->list[i], &out->before[i], &is_same, err) < 0)
			return -1;
		if (!is_same)
			mark_listed(run, &lists->list[i], &out->before[i], specs, out->listed);
	}
	return 0;
}

/* Whether an image line gives it another image than its file has. */
static bool
gets_other_image(const struct candidate *one)
{
	return one->new_image.len > 0
	       && (!one->spec->image || !str_eq(one->new_image, one->spec->image->text));
}

void
changed_mark(struct run *run, struct work *work, const struct changed *changed, const char *why)
{
	size_t files = 0, listed = 0, images = 0, values = 0;

	for (size_t i = 0; i < work->all_count; i++) {
		struct candidate *one = &work->all[i];
		size_t at = (size_t)(one->spec - work->specs.list);

		if (changed->files[at])
			files++;
		else if (changed->listed[at])
			listed++;
		else if (gets_other_image(one))
			images++;
		else if (one->spec->has_set_values)
			values++;
		else
			one->is_left_out = true;
	}
	ci_log(&run->ci, "since %.*s (%s): %zu of %zu pipelines are in files that changed%s%s%s",
	    STR_FMT(work->since), why, files, work->all_count,
	    listed ? arena_fmt(run->arena, ", %zu newly listed", listed).ptr : "",
	    images ? arena_fmt(run->arena, ", %zu with another image", images).ptr : "",
	    values ? arena_fmt(run->arena, ", %zu with values that inputs set", values).ptr : "");
}
