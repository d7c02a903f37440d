/* The files of a commit that is not checked out. */
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "edit/write_back_inside.h"
#include "files/glob.h"
#include "git/repo.h"
#include "git/since.h"
#include "retag/dockerfile.h"

struct blob {
	struct blob *next;
	struct str oid, text;
};

static bool
is_file(const struct entry *e)
{
	return str_is(e->mode, "100644") || str_is(e->mode, "100755");
}

static void
add_path(struct back *b, const struct entry *e, enum path_origin origin)
{
	struct path_list *list = &b->all->paths;
	const char *name = arena_cstr(b->a, e->path);

	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->list[i].name, name) == 0)
			return;
	list->list = arena_grow(b->a, list->list, list->count, &list->room, sizeof(*list->list));
	list->list[list->count++] = (struct path){ .name = name, .origin = origin };
}

static struct str
base_name(struct str path)
{
	size_t slash = str_rfind(path, '/');

	return slash < path.len ? str_tail(path, slash + 1) : path;
}

/* The files below a directory, whose name is empty or ends in '/'. False: there is no such directory. */
static bool
add_directory(struct back *b, struct str dir)
{
	bool is_there = dir.len == 0;

	for (size_t i = 0; i < b->files.count; i++) {
		const struct entry *e = &b->files.list[i];
		struct str below;

		if (!str_eq(str_head(e->path, dir.len), dir))
			continue;
		is_there = true;
		below = str_tail(e->path, dir.len);
		if (!is_file(e) || path_is_hidden(below))
			continue;
		if (setting_takes(base_name(e->path)))
			add_path(b, e, PATH_FOUND);
		else
			b->all->paths.others++;
	}
	return is_there;
}

static bool
add_glob(struct back *b, struct str glob)
{
	bool is_there = false;

	for (size_t i = 0; i < b->files.count; i++)
		if (is_file(&b->files.list[i]) && glob_match(glob, b->files.list[i].path)) {
			add_path(b, &b->files.list[i], PATH_FOUND);
			is_there = true;
		}
	return is_there;
}

struct str
write_back_name(struct back *b, const char *pattern)
{
	struct str text = arena_fmt(b->a, "%.*s%s", STR_FMT(b->prefix), pattern), part;
	struct str name = { "", 0 };

	if (*pattern == '/')
		return (struct str){ NULL, 0 };
	while (str_split(&text, '/', &part)) {
		size_t slash = str_rfind(name, '/');

		if (part.len == 0 || str_is(part, "."))
			continue;
		if (!str_is(part, ".."))
			name = arena_fmt(
			    b->a, "%.*s%s%.*s", STR_FMT(name), name.len ? "/" : "", STR_FMT(part));
		else if (name.len == 0)
			return (struct str){ NULL, 0 };
		else
			name = slash < name.len ? str_head(name, slash) : STR("");
	}
	return name;
}

const struct entry *
write_back_entry(const struct back *b, struct str path)
{
	size_t low = 0, high = b->files.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = str_cmp(b->files.list[middle].path, path);

		if (order == 0)
			return &b->files.list[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static int
add_pattern(struct back *b, const char *pattern, struct err *err)
{
	struct str name = write_back_name(b, pattern);
	const struct entry *e = name.len > 0 ? write_back_entry(b, name) : NULL;
	struct str dir = name.len > 0 ? arena_fmt(b->a, "%.*s/", STR_FMT(name)) : STR("");

	if (strcmp(pattern, "-") == 0 || !name.ptr) {
		(void)err_set(err, ERR_USAGE, "'%.200s' is not a path in a repository", pattern);
		return err_hint(err, "name files, directories and globs below the working "
		                     "directory; with --repo, from that repository's root");
	}
	if (e && !is_file(e)) {
		(void)err_set(err, ERR_SYSTEM, "'%.*s' is a link or a module in %.*s, no file",
		    STR_FMT(name), STR_FMT(repository_name(b->host)));
		return err_hint(err, "name the file that it leads to");
	}
	if (e)
		add_path(b, e, PATH_NAMED);
	if (e || add_directory(b, dir) || (glob_is_pattern(name) && add_glob(b, name)))
		return 0;
	if (b->is_push) {
		if (!b->all->is_again)
			ci_note(&b->run->ci,
			    "'%.*s' is not written back: branch '%.*s' has no such file",
			    STR_FMT(name), STR_FMT(b->now.base));
		return 0;
	}
	(void)err_set(err, ERR_SYSTEM, "there is no '%.*s' in branch '%.*s' of %.*s", STR_FMT(name),
	    STR_FMT(b->now.base), STR_FMT(repository_name(b->host)));
	return err_hint(err, "check the name; paths start at the working directory, with --repo at "
	                     "that repository's root");
}

int
write_back_text(struct back *b, const struct entry *e, struct str *text, struct err *err)
{
	struct blob *one = b->blobs;

	while (one && !str_eq(one->oid, e->oid))
		one = one->next;
	if (!one) {
		one = ARENA_NEW(b->a, struct blob);
		one->oid = e->oid;
		if ((!b->git || !repo_blob(b->git, b->a, e->oid, &one->text))
		    && repository_blob(b->host, e->oid, &one->text, err) < 0)
			return err_wrap(err, "'%.*s'", STR_FMT(e->path));
		one->next = b->blobs;
		b->blobs = one;
	}
	*text = one->text;
	return 0;
}

int
write_back_new_text(struct back *b, const struct edited *t, struct str *text, struct err *err)
{
	if (write_back_text(b, write_back_entry(b, str_of(t->path->name)), text, err) < 0)
		return -1;
	*text = splice(b->a, *text, t->edits, t->count);
	return text->ptr ? 0 : err_set(err, ERR_SYSTEM, "the edits of '%s' overlap", t->path->name);
}

/* Large files are passed by in directories, as those of a checkout are. */
static int
drop_large(struct back *b, struct err *err)
{
	struct path_list *list = &b->all->paths;
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++) {
		const struct path *path = &list->list[i];
		struct str text;

		if (write_back_text(b, write_back_entry(b, str_of(path->name)), &text, err) < 0)
			return -1;
		if (text.len <= MAX_SPEC_BYTES)
			list->list[kept++] = *path;
		else if (path->origin == PATH_FOUND)
			unusable_add(&list->unusable, b->a, path->name, "larger than 4 MiB");
		else
			return err_set(err, ERR_SPEC, "'%s' is larger than %d MiB", path->name,
			    MAX_SPEC_BYTES >> 20);
	}
	list->count = kept;
	return 0;
}

int
write_back_paths(struct back *b, struct err *err)
{
	struct setting *all = b->all;

	all->paths = (struct path_list){ .list = NULL };
	for (size_t i = 0; i < all->pattern_count; i++)
		if (add_pattern(b, all->patterns[i], err) < 0)
			return -1;
	return drop_large(b, err);
}
