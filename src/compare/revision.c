/* The specs of a commit, from git. */
#include <stdlib.h>

#include "base/arena.h"
#include "compare/inside.h"
#include "deploy/gather/documents.h"
#include "deploy/gather/gather.h"
#include "deploy/gather/lists.h"
#include "files/glob.h"
#include "files/list.h"
#include "files/paths.h"
#include "session/run.h"

/* A file that is to be read. */
struct wanted {
	struct since_file file;
	bool is_named; /* by a PATH or a list: it must be a spec */
};

struct reading {
	struct run *run;
	const struct revision *rev;
	struct since *since;
	struct wanted *list;
	size_t count, room;
	struct since_files *others;
	struct err *err;
};

static void
want_file(struct reading *r, struct since_file file, bool is_named)
{
	r->list = arena_grow(r->run->arena, r->list, r->count, &r->room, sizeof(*r->list));
	r->list[r->count++] = (struct wanted){ file, is_named };
}

static void
add_other(struct reading *r, struct since_file file)
{
	struct since_files *o = r->others;

	o->list = arena_grow(r->run->arena, o->list, o->count, &o->room, sizeof(file));
	o->list[o->count++] = file;
}

/* What is at the path: a directory is searched, a file is named. *count: how many files are there. */
static int
want_at(struct reading *r, struct str path, size_t *count)
{
	struct since_files found = { 0 };

	if (since_files(r->since, r->run->arena, path, &found, r->err) < 0)
		return -1;
	*count = found.count;
	for (size_t i = 0; i < found.count; i++) {
		const struct since_file *one = &found.list[i];

		if (str_eq(one->name, path))
			want_file(r, *one, true);
		else if (path_is_hidden(str_tail(one->name, path.len > 0 ? path.len + 1 : 0)))
			continue;
		else if (path_is_spec(one->name))
			want_file(r, *one, false);
		else
			add_other(r, *one);
	}
	return 0;
}

/* The directories before the first part that is a pattern. */
static struct str
fixed_part(struct str glob)
{
	size_t at = 0, cut = 0;

	while (at < glob.len) {
		size_t len = str_find(str_tail(glob, at), '/');

		if (glob_is_pattern(str_head(str_tail(glob, at), len)))
			break;
		cut = at;
		at += len + 1;
	}
	return str_head(glob, at == 0 ? 0 : at > glob.len ? cut : at - 1);
}

static int
want_matching(struct reading *r, struct str glob, size_t *count)
{
	struct since_files found = { 0 };

	if (since_files(r->since, r->run->arena, fixed_part(glob), &found, r->err) < 0)
		return -1;
	for (size_t i = 0; i < found.count; i++)
		if (glob_match(glob, found.list[i].name)) {
			want_file(r, found.list[i], false);
			++*count;
		}
	return 0;
}

/* The name that a path of the working directory has in the commit. */
static int
name_of(struct reading *r, const char *path, struct str *name)
{
	bool is_inside;

	if (since_name(r->since, r->run->arena, path, name, &is_inside, r->err) < 0)
		return -1;
	if (is_inside)
		return 0;
	return err_set(r->err, ERR_USAGE, "'%.300s' is outside of the git work tree", path);
}

static int
want_path(struct reading *r, const char *path, size_t *found)
{
	size_t count = 0;
	struct str name;

	if (name_of(r, path, &name) < 0 || want_at(r, name, &count) < 0)
		return -1;
	if (count == 0 && glob_is_pattern(name) && want_matching(r, name, &count) < 0)
		return -1;
	*found += count;
	return 0;
}

/* The text of a list at this commit, named from `dir`, else from here; *is_held: it exists. */
static int
read_list(struct reading *r, const char *dir, const char *list, struct since_file *file,
    struct str *text, bool *is_held)
{
	struct arena *a = r->run->arena;
	const char *paths[2] = { arena_fmt(a, "%s/%s", dir, list).ptr, list };

	*is_held = false;
	for (size_t i = 0; i < COUNT_OF(paths) && !*is_held; i++) {
		struct since_files at = { 0 };
		struct str name;

		if (name_of(r, paths[i], &name) < 0
		    || since_files(r->since, a, name, &at, r->err) < 0)
			return -1;
		if (at.count != 1 || !str_eq(at.list[0].name, name))
			continue;
		*file = at.list[0];
		if (since_blob(r->since, a, file, text, is_held, r->err) < 0)
			return -1;
	}
	return 0;
}

/* What a list names, whose names start from `dir`. */
static int
want_entries(struct reading *r, const char *dir, struct since_file file, struct str text)
{
	struct run *run = r->run;
	struct list list;

	add_other(r, file);
	list = list_parse(run->arena,
	    arena_fmt(run->arena, "%s:%.*s", r->rev->name, STR_FMT(file.name)).ptr, dir, text,
	    &run->diags);
	for (size_t i = 0; i < list.count; i++) {
		size_t found = 0;

		if (want_path(r, list.entries[i].path, &found) < 0)
			return -1;
		if (found == 0)
			(void)diags_error(&run->diags, CHECK_LIST_ENTRY, list.file,
			    list.entries[i].at, "'%.*s' is not in '%s'",
			    STR_FMT(list.entries[i].name), r->rev->name);
	}
	return 0;
}

/* The lists of the commit that a glob of the working directory matches. */
static int
want_matching_lists(struct reading *r, const char *glob, struct str dir)
{
	struct arena *a = r->run->arena;
	struct str here = fixed_part(str_of(glob)), name;
	struct since_files found = { 0 };

	if (name_of(r, glob, &name) < 0
	    || since_files(r->since, a, fixed_part(name), &found, r->err) < 0)
		return -1;
	for (size_t i = 0; i < found.count; i++) {
		struct since_file *file = &found.list[i];
		struct str below = str_tail(file->name, fixed_part(name).len), from, text;
		bool is_held = false;

		if (!glob_match(name, file->name))
			continue;
		if (here.len == 0)
			(void)str_take(&below, "/");
		from = arena_fmt(a, "%.*s%.*s", STR_FMT(here), STR_FMT(below));
		from = str_rfind(from, '/') < from.len ? str_head(from, str_rfind(from, '/'))
		                                       : STR(".");
		if (since_blob(r->since, a, file, &text, &is_held, r->err) < 0
		    || (is_held
		        && want_entries(r, arena_cstr(a, dir.len > 0 ? dir : from), *file, text)
		               < 0))
			return -1;
	}
	return 0;
}

static int
want_listed(struct reading *r, const char *item)
{
	struct run *run = r->run;
	const char *dir, *name, *glob;
	struct since_file file;
	struct str text, start;
	bool is_held;

	if (list_item(run, item, &dir, &name, r->err) < 0
	    || read_list(r, dir, name, &file, &text, &is_held) < 0)
		return -1;
	if (is_held)
		return want_entries(r, dir, file, text);
	glob = list_glob(run->arena, item, &start);
	return glob ? want_matching_lists(r, glob, start) : 0;
}

/* An item of input `lists`; "@FILE" holds items, one a line. */
static int
want_item(struct reading *r, const char *item)
{
	struct arena *a = r->run->arena;
	struct since_files at = { 0 };
	struct str name, text, line;
	bool is_held = false;

	if (*item != '@')
		return want_listed(r, item);
	if (name_of(r, item + 1, &name) < 0 || since_files(r->since, a, name, &at, r->err) < 0)
		return -1;
	if (at.count == 1 && since_blob(r->since, a, &at.list[0], &text, &is_held, r->err) < 0)
		return -1;
	if (!is_held)
		return 0;
	add_other(r, at.list[0]);
	while (str_split(&text, '\n', &line)) {
		line = str_trim(line);
		if (line.len > 0 && !str_starts(line, "#")
		    && want_listed(r, arena_cstr(a, line)) < 0)
			return -1;
	}
	return 0;
}

static int
by_name(const void *left, const void *right)
{
	return str_cmp(
	    ((const struct wanted *)left)->file.name, ((const struct wanted *)right)->file.name);
}

static int
by_file(const void *left, const void *right)
{
	return str_cmp(
	    ((const struct since_file *)left)->name, ((const struct since_file *)right)->name);
}

static int
read_one(struct reading *r, const struct wanted *one, struct work *work)
{
	struct arena *a = r->run->arena;
	const char *name = arena_fmt(a, "%s:%.*s", r->rev->name, STR_FMT(one->file.name)).ptr;
	const struct path path = { name, one->is_named ? PATH_NAMED : PATH_FOUND, false };
	size_t before = work->specs.count;
	struct str text;
	bool is_held;

	if (since_blob(r->since, a, &one->file, &text, &is_held, r->err) < 0)
		return -1;
	if (is_held)
		documents_take(r->run, &path, text, work);
	if (work->specs.count == before)
		add_other(r, one->file);
	return 0;
}

/* Reads each file once. */
static int
read_wanted(struct reading *r, struct work *work)
{
	struct since_files *o = r->others;

	if (r->count > 1)
		qsort(r->list, r->count, sizeof(*r->list), by_name);
	for (size_t i = 0; i < r->count; i++) {
		if (i + 1 < r->count && by_name(&r->list[i], &r->list[i + 1]) == 0) {
			r->list[i + 1].is_named |= r->list[i].is_named;
			continue;
		}
		if (read_one(r, &r->list[i], work) < 0)
			return -1;
	}
	if (o->count > 1)
		qsort(o->list, o->count, sizeof(*o->list), by_file);
	return 0;
}

static int
want_all(struct reading *r)
{
	const struct items *specs = r->rev->specs, *lists = r->rev->lists;
	size_t all;

	for (size_t i = 0; i < specs->count; i++)
		if (want_path(r, specs->list[i], &r->rev->found[i]) < 0)
			return -1;
	for (size_t i = 0; i < lists->count; i++)
		if (want_item(r, lists->list[i]) < 0)
			return -1;
	return specs->count + lists->count > 0 ? 0 : want_at(r, STR(""), &all);
}

int
revision_read(struct run *run, const struct revision *rev, struct work *work,
    struct since_files *others, struct err *err)
{
	struct reading r = { .run = run, .rev = rev, .others = others, .err = err };
	int rc;

	r.since = since_open(rev->repo, rev->sha, err);
	rc = r.since ? want_all(&r) : -1;
	if (rc == 0)
		rc = read_wanted(&r, work);
	since_close(r.since);
	return rc;
}
