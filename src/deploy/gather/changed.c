#include "deploy/gather/changed.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "deploy/gather/gather.h"
#include "deploy/gather/lists.h"
#include "git/since.h"
#include "session/config.h"
#include "session/run.h"
#include "values/patch.h"

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

/* What a file of the work tree held; *is_held false: it was not there, or lies outside. */
static int
read_old(struct run *run, struct since *since, const char *path, struct str *text, bool *is_held,
    struct err *err)
{
	struct str name;
	bool is_inside;

	*is_held = false;
	if (since_name(since, run->arena, path, &name, &is_inside, err) < 0)
		return -1;
	return is_inside ? since_read(since, run->arena, name, text, is_held, err) : 0;
}

/* What a list held; *is_same where it has not changed. */
static int
read_before(struct run *run, struct since *since, const struct list *now, struct list *out,
    bool *is_same, struct err *err)
{
	struct diags ignored = diags_in(run->arena);
	bool changed, is_held;
	struct str text;

	*out = (struct list){ .file = now->file, .dir = now->dir };
	if (since_changed(since, now->file, &changed, err) < 0)
		return -1;
	*is_same = !changed;
	if (!changed)
		return 0;
	if (read_old(run, since, now->file, &text, &is_held, err) < 0)
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
holds_path(const char *const *sorted, size_t count, const char *path)
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

		if (holds_path(all, now->count, file) && !holds_path(old, before->count, file))
			listed[i] = true;
	}
}

static bool
names_item(struct str text, struct str wanted)
{
	struct str item;
	unsigned number = 0;

	while (list_next_item(&text, &item, &number))
		if (str_eq(item, wanted))
			return true;
	return false;
}

static bool
has_list(const struct lists *lists, const char *by, struct str item)
{
	for (size_t i = 0; i < lists->count; i++)
		if (lists->list[i].by && strcmp(lists->list[i].by, by) == 0
		    && str_eq(lists->list[i].item, item))
			return true;
	return false;
}

/* A list that a file of lists named, with what it held. */
static int
add_unnamed(
    struct run *run, struct since *since, struct str item, struct changed *out, struct err *err)
{
	struct diags ignored = diags_in(run->arena);
	const char *dir, *name, *path;
	struct err no_list;
	struct str text;
	bool is_held;

	if (list_item(run, arena_cstr(run->arena, item), &dir, &name, &no_list) < 0)
		return 0;
	path = strcmp(dir, ".") == 0 ? name : arena_fmt(run->arena, "%s/%s", dir, name).ptr;
	if (read_old(run, since, path, &text, &is_held, err) < 0
	    || (!is_held && read_old(run, since, name, &text, &is_held, err) < 0))
		return -1;
	if (!is_held)
		return 0;
	out->unnamed = arena_grow(run->arena, out->unnamed, out->unnamed_count, &out->unnamed_room,
	    sizeof(*out->unnamed));
	out->unnamed[out->unnamed_count++] = list_parse(run->arena, path, dir, text, &ignored);
	return 0;
}

/* The lists that a file of lists names, and those that it named: `by` is looked at once. */
static int
compare_names(struct run *run, struct since *since, const char *by, const struct specs *specs,
    struct changed *out, struct err *err)
{
	const struct lists *lists = out->lists;
	struct str text = STR(""), rest, item;
	unsigned number = 0;
	bool changed, is_held;

	if (since_changed(since, by, &changed, err) < 0)
		return -1;
	if (!changed)
		return 0;
	if (read_old(run, since, by, &text, &is_held, err) < 0)
		return -1;
	for (size_t i = 0; i < lists->count; i++) {
		const struct list nothing = { .file = lists->list[i].file };

		if (lists->list[i].by && strcmp(lists->list[i].by, by) == 0
		    && !names_item(text, lists->list[i].item))
			mark_listed(run, &lists->list[i], &nothing, specs, out->listed);
	}
	for (rest = text; list_next_item(&rest, &item, &number);)
		if (!has_list(lists, by, item) && add_unnamed(run, since, item, out, err) < 0)
			return -1;
	return 0;
}

static int
find_listed(struct run *run, struct since *since, const struct specs *specs, struct changed *out,
    struct err *err)
{
	const struct lists *lists = out->lists;
	const char *by = NULL;

	for (size_t i = 0; i < lists->count; i++) {
		const struct list *now = &lists->list[i];
		bool is_same = true;

		if (read_before(run, since, now, &out->before[i], &is_same, err) < 0)
			return -1;
		if (!is_same)
			mark_listed(run, now, &out->before[i], specs, out->listed);
		if (now->by && (!by || strcmp(now->by, by) != 0)
		    && compare_names(run, since, now->by, specs, out, err) < 0)
			return -1;
		by = now->by;
	}
	return 0;
}

/* The values that the files held. */
static int
read_old_values(struct run *run, struct since *since, struct patches *out, struct err *err)
{
	struct diags ignored = diags_in(run->arena);
	const struct items *files = &run->opt.values;

	*out = (struct patches){ .arena = run->arena };
	for (size_t i = 0; i < files->count; i++) {
		struct str text;
		bool is_held;

		if (read_old(run, since, files->list[i], &text, &is_held, err) < 0)
			return -1;
		if (is_held)
			patches_read(
			    out, doc_parse(run->arena, files->list[i], text, &ignored), &ignored);
	}
	return 0;
}

static int
differs_by_values(struct run *run, struct since *since, bool *differs, struct err *err)
{
	const struct items *files = &run->opt.values;

	*differs = false;
	for (size_t i = 0; i < files->count && !*differs; i++)
		if (since_changed(since, files->list[i], differs, err) < 0)
			return -1;
	return 0;
}

/* Which pipelines the values make something else of than they did. */
static int
find_values(
    struct run *run, struct since *since, struct work *work, struct changed *out, struct err *err)
{
	/* else somebody may name other files on another day */
	bool is_known = config_gave(run, IN_VALUES), differs;
	struct patches old;

	for (size_t i = 0; i < work->specs.count && !is_known; i++)
		out->values[i] = work->specs.list[i].has_patches;
	if (!is_known)
		return 0;
	if (differs_by_values(run, since, &differs, err) < 0)
		return -1;
	if (!differs)
		return 0;
	if (read_old_values(run, since, &old, err) < 0)
		return -1;
	for (size_t i = 0; i < work->specs.count; i++) {
		const struct spec *spec = &work->specs.list[i];
		struct diags ignored = diags_in(run->arena);
		const struct node *before =
		    patches_apply(&old, spec->plain, spec->project, spec->name, &ignored);
		const struct node *now =
		    patches_apply(&work->patches, spec->plain, spec->project, spec->name, &ignored);

		out->values[i] = !before || !now || !node_is_alike(before, now);
	}
	return 0;
}

/* What the project file of a pull request says is that of its base. */
static int
find_project_file(struct run *run, struct since *since, struct changed *out, struct err *err)
{
	bool is_of_base = run->event.is_pull_request || run->event.untrusted;

	if (!run->project_file || is_of_base)
		return 0;
	return since_changed(since, run->project_file, &out->is_all, err);
}

int
changed_find(struct run *run, struct since *since, const struct lists *lists, struct work *work,
    struct changed *out, struct err *err)
{
	const struct specs *specs = &work->specs;

	*out = (struct changed){
		.files = ARENA_ARRAY(run->arena, specs->count, bool),
		.listed = ARENA_ARRAY(run->arena, specs->count, bool),
		.values = ARENA_ARRAY(run->arena, specs->count, bool),
		.lists = lists,
		.before = ARENA_ARRAY(run->arena, lists->count, struct list),
	};
	if (find_files(since, specs, out->files, err) < 0
	    || find_listed(run, since, specs, out, err) < 0
	    || find_values(run, since, work, out, err) < 0)
		return -1;
	return find_project_file(run, since, out, err);
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
	size_t files = 0, listed = 0, images = 0, values = 0, set = 0;

	if (changed->is_all) {
		ci_note(&run->ci, "since %.*s: %s has changed; all pipelines count as changed",
		    STR_FMT(work->since), run->project_file);
		return;
	}

	for (size_t i = 0; i < work->all_count; i++) {
		struct candidate *one = &work->all[i];
		size_t at = (size_t)(one->spec - work->specs.list);

		if (changed->files[at])
			files++;
		else if (changed->listed[at])
			listed++;
		else if (gets_other_image(one))
			images++;
		else if (changed->values[at])
			values++;
		else if (one->spec->has_set_values)
			set++;
		else
			one->is_left_out = true;
	}
	ci_log(&run->ci, "since %.*s (%s): %zu of %zu pipelines are in files that changed%s%s%s%s",
	    STR_FMT(work->since), why, files, work->all_count,
	    listed ? arena_fmt(run->arena, ", %zu newly listed", listed).ptr : "",
	    images ? arena_fmt(run->arena, ", %zu with another image", images).ptr : "",
	    values ? arena_fmt(run->arena, ", %zu with other values", values).ptr : "",
	    set ? arena_fmt(run->arena, ", %zu with values that inputs set", set).ptr : "");
}
