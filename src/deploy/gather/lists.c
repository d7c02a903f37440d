#include "deploy/gather/lists.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "files/glob.h"
#include "files/paths.h"
#include "pipeline/dag.h"
#include "session/read.h"
#include "session/run.h"

int
list_item(struct run *run, const char *item, const char **list_dir, const char **list_name,
    struct err *err)
{
	struct str text = str_of(item), dir, name;
	size_t cut = str_find(text, '=');

	dir = str_head(text, cut);
	name = cut < text.len ? str_tail(text, cut + 1) : text;
	if (cut == text.len) {
		const char *slash = strrchr(item, '/');

		dir = slash ? str_head(text, (size_t)(slash - item) + (slash == item)) : STR(".");
		name = slash ? str_of(slash + 1) : text;
	}
	if (name.len == 0 || dir.len == 0) {
		(void)err_set(err, ERR_USAGE, "invalid list '%.300s'", item);
		return err_hint(err, "use DIR=LIST, for example pipelines=pipelines.txt");
	}
	*list_dir = arena_cstr(run->arena, dir);
	*list_name = arena_cstr(run->arena, name);
	return 0;
}

static int
add_list(struct run *run, const char *dir, const char *name, const char *fence, struct lists *out,
    struct err *err)
{
	struct list one;

	if (list_read(run->arena, dir, name, fence, &one, &run->diags, err) < 0)
		return -1;
	ARENA_ADD(run->arena, out, one);
	return 0;
}

/* A list that a glob has found; its path may hold a '='. */
static int
add_found(struct run *run, struct str dir, const char *path, const char *fence, struct lists *out,
    struct err *err)
{
	struct arena *a = run->arena;
	struct str name = str_of(path);
	size_t slash = str_rfind(name, '/');

	if (dir.len == 0)
		dir = slash < name.len ? str_head(name, slash + (slash == 0)) : STR(".");
	(void)str_take(&name, arena_fmt(a, "%.*s/", STR_FMT(dir)).ptr);
	return add_list(run, arena_cstr(a, dir), arena_cstr(a, name), fence, out, err);
}

const char *
list_glob(struct arena *a, const char *item, struct str *dir)
{
	struct str text = str_of(item), name;
	size_t cut = str_find(text, '=');

	*dir = cut < text.len ? str_head(text, cut) : STR("");
	name = cut < text.len ? str_tail(text, cut + 1) : text;
	if (!glob_is_pattern(name))
		return NULL;
	return dir->len > 0 && !str_is(*dir, ".")
	           ? arena_fmt(a, "%.*s/%.*s", STR_FMT(*dir), STR_FMT(name)).ptr
	           : arena_cstr(a, name);
}

/* A list, or all lists that a glob matches. */
static int
add_items(struct run *run, const char *item, const char *fence, struct lists *out, struct err *err)
{
	struct path_list found = { 0 };
	const char *own, *name;
	struct str dir;
	const char *glob = list_glob(run->arena, item, &dir);

	if (!glob || access(glob, F_OK) == 0)
		return list_item(run, item, &own, &name, err) < 0
		           ? -1
		           : add_list(run, own, name, fence, out, err);
	if (paths_expand(run->arena, &glob, 1, fence, path_is_spec, &found, err) < 0)
		return -1;
	for (size_t i = 0; i < found.count; i++)
		if (add_found(run, dir, found.list[i].name, fence, out, err) < 0)
			return -1;
	return 0;
}

bool
list_next_item(struct str *text, struct str *item, unsigned *number)
{
	if (*number == 0)
		*text = utf8_bare(*text);
	while (str_split(text, '\n', item)) {
		++*number;
		*item = str_trim(*item);
		if (item->len > 0 && !str_starts(*item, "#"))
			return true;
	}
	return false;
}

/* A file of the repository that holds items, one a line. */
static int
add_file(struct run *run, const char *name, const char *fence, struct lists *out, struct err *err)
{
	struct str text, line;
	unsigned number = 0;

	if (run_read(run, name, &text, err) < 0)
		return -1;
	while (list_next_item(&text, &line, &number)) {
		size_t before = out->count;

		if (out->count >= MAX_SPEC_FILES)
			return err_set(
			    err, ERR_SYSTEM, "'%s' names more than %d lists", name, MAX_SPEC_FILES);
		if (add_items(run, arena_cstr(run->arena, line), fence, out, err) < 0)
			return err_wrap(err, "%s:%u", name, number);
		for (size_t k = before; k < out->count; k++) {
			out->list[k].by = name;
			out->list[k].item = line;
		}
	}
	return 0;
}

int
lists_read(struct run *run, const char *fence, struct lists *out, struct err *err)
{
	*out = (struct lists){ 0 };
	for (size_t i = 0; i < run->opt.lists.count; i++) {
		const char *item = run->opt.lists.list[i];

		if ((*item == '@' ? add_file(run, item + 1, fence, out, err)
		                  : add_items(run, item, fence, out, err))
		    < 0)
			return err_wrap(err, "input 'lists'");
	}
	return 0;
}

static size_t
count_entries(const struct lists *lists)
{
	size_t count = 0;

	for (size_t i = 0; i < lists->count; i++)
		count += lists->list[i].count;
	return count;
}

const char **
lists_add_to(struct run *run, const struct lists *lists, size_t *count)
{
	size_t given = run->opt.specs.count;
	const char **names = ARENA_ARRAY(run->arena, given + count_entries(lists), const char *);

	*count = 0;
	for (size_t i = 0; i < given; i++)
		names[(*count)++] = run->opt.specs.list[i];
	for (size_t i = 0; i < lists->count; i++)
		for (size_t k = 0; k < lists->list[i].count; k++)
			names[(*count)++] = lists->list[i].entries[k].path;
	return names;
}

/* Where a file is listed first. */
struct list_place {
	const char *path;
	const struct list *list;
	const struct list_entry *entry;
	size_t number; /* among the entries of all lists */
};

static int
by_path(const void *left, const void *right)
{
	const struct list_place *a = left, *b = right;
	int order = strcmp(a->path, b->path);

	return order ? order : (a->number > b->number) - (a->number < b->number);
}

static int
same_path(const void *left, const void *right)
{
	return strcmp(
	    ((const struct list_place *)left)->path, ((const struct list_place *)right)->path);
}

/* The places of all listed files, by path, each once; *count of them. */
static struct list_place *
index_places(struct arena *a, const struct lists *lists, size_t *count)
{
	struct list_place *places = ARENA_ARRAY(a, count_entries(lists), struct list_place);
	size_t all = 0;

	for (size_t i = 0; i < lists->count; i++)
		for (size_t k = 0; k < lists->list[i].count; k++, all++) {
			const struct list_entry *entry = &lists->list[i].entries[k];

			places[all] =
			    (struct list_place){ entry->path, &lists->list[i], entry, all };
		}
	if (all > 1)
		qsort(places, all, sizeof(*places), by_path);
	*count = 0;
	for (size_t i = 0; i < all; i++)
		if (*count == 0 || same_path(&places[*count - 1], &places[i]) != 0)
			places[(*count)++] = places[i];
	return places;
}

static void
check_input(struct run *run, const struct list_place *reader, const struct list_place *producer,
    const struct spec *made)
{
	if (!reader || !producer || reader->number >= producer->number)
		return;
	diag_hint(&run->diags,
	    diags_warn(&run->diags, CHECK_LIST_ORDER, reader->list->file, reader->entry->at,
	        "'%.*s' is listed before '%.*s' (%s:%u), but reads from its pipeline '%.*s'",
	        STR_FMT(reader->entry->name), STR_FMT(producer->entry->name), producer->list->file,
	        producer->entry->at.line, STR_FMT(made->name)),
	    "move the line; pachup itself orders pipelines by their inputs");
}

void
lists_check_order(struct run *run, const struct lists *lists, const struct specs *specs)
{
	struct dag_reads reads;
	struct list_place **of_spec, *places;
	size_t count;

	if (lists->count == 0)
		return;
	places = index_places(run->arena, lists, &count);
	of_spec = ARENA_ARRAY(run->arena, specs->count, struct list_place *);
	for (size_t i = 0; i < specs->count; i++) {
		struct list_place key = { .path = specs->list[i].file };

		of_spec[i] = count ? bsearch(&key, places, count, sizeof(key), same_path) : NULL;
	}
	reads = dag_reads(specs, run->arena);
	for (size_t i = 0; i < specs->count; i++)
		for (size_t k = 0; k < specs->list[i].input_count; k++) {
			size_t made = reads.producer[reads.first[i] + k];

			if (made != DAG_OUTSIDE)
				check_input(run, of_spec[i], of_spec[made], &specs->list[made]);
		}
}
