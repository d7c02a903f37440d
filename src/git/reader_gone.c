/* for realpath(), which POSIX.1-2008 has in its XSI part */
#define _XOPEN_SOURCE 700
#include "git/reader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/buf.h"
#include "git/inside.h"

/* The part of a path that does not exist is kept as it is written, so it must not hold "..". */
static bool
climbs(const char *rest)
{
	return strcmp(rest, "..") == 0 || strncmp(rest, "../", 3) == 0 || strstr(rest, "/../")
	       || str_ends(str_of(rest), "/..");
}

/* The path with all links in the part of it that exists resolved; NULL: it cannot be resolved. */
static const char *
resolve(struct arena *a, const char *path)
{
	size_t cut = strlen(path);
	const char *rest = "";
	struct str out;

	for (;;) {
		const char *head =
		    cut > 0 ? arena_cstr(a, (struct str){ path, cut }) : (*path == '/' ? "/" : ".");
		char *real = realpath(head, NULL);

		if (real) {
			out = *rest ? arena_fmt(a, "%s/%s", strcmp(real, "/") ? real : "", rest)
			            : arena_fmt(a, "%s", real);
			free(real);
			return climbs(rest) ? NULL : out.ptr;
		}
		if (cut == 0 || (errno != ENOENT && errno != ENOTDIR))
			return NULL;
		while (cut > 0 && path[cut - 1] != '/')
			cut--;
		rest = path + cut;
		while (cut > 0 && path[cut - 1] == '/')
			cut--;
	}
}

bool
reader_since_name(const struct reader_since *s, struct arena *a, const char *path, struct str *name)
{
	const char *real = resolve(a, path);
	const char *below = real ? since_below_root(s, real) : NULL;

	if (!below)
		return false;
	*name = arena_str(a, str_of(below));
	return true;
}

int
reader_since_read(struct reader_since *s, struct arena *a, const char *name, size_t max,
    struct str *text, bool *is_held, struct err *err)
{
	git_tree_entry *entry = NULL;
	git_blob *blob = NULL;
	int code = git_tree_entry_bypath(&entry, s->tree, name);

	*is_held = false;
	if (code == GIT_ENOTFOUND)
		return 0;
	if (code == 0 && git_tree_entry_type(entry) == GIT_OBJECT_BLOB)
		code = git_blob_lookup(&blob, s->git, git_tree_entry_id(entry));
	*is_held = blob_read(a, blob, max, text);
	git_blob_free(blob);
	git_tree_entry_free(entry);
	if (code == 0)
		return 0;
	return err_set(
	    err, ERR_SYSTEM, "cannot read '%s' of an earlier commit: %s", name, git2_reason());
}

/* A walk through the commit's files. */
struct walk {
	const struct reader_since *since;
	git_index *index; /* NULL: it cannot be read */
	struct arena *arena;
	struct buf names;
	size_t max;
	bool is_full; /* no name more fits */
};

/* A sparse checkout leaves files out that are in git. */
static bool
is_left_out(const struct walk *w, const char *name)
{
	const git_index_entry *entry = w->index ? git_index_get_bypath(w->index, name, 0) : NULL;

	return entry && (entry->flags_extended & GIT_INDEX_ENTRY_SKIP_WORKTREE);
}

static int
visit_entry(const char *dir, const git_tree_entry *entry, void *context)
{
	struct walk *w = context;
	const char *path, *name;
	struct stat st;

	if (git_tree_entry_type(entry) != GIT_OBJECT_BLOB)
		return 0;
	path = arena_fmt(w->arena, "%s/%s%s", w->since->root, dir, git_tree_entry_name(entry)).ptr;
	name = path + strlen(w->since->root) + 1;
	if (lstat(path, &st) == 0 || (errno != ENOENT && errno != ENOTDIR) || is_left_out(w, name))
		return 0;
	w->is_full = w->names.len + strlen(name) + 1 > w->max;
	if (w->is_full)
		return -1;
	buf_add(&w->names, str_of(name));
	buf_add_char(&w->names, '\0');
	return 0;
}

int
reader_since_gone(
    struct reader_since *s, struct arena *a, size_t max, struct str *names, struct err *err)
{
	struct walk w = { .since = s, .arena = a, .names = BUF_INIT(max + 1), .max = max };
	int code;

	*names = STR("");
	if (!s->root)
		return 0;
	if (git_repository_index(&w.index, s->git) < 0)
		w.index = NULL;
	code = git_tree_walk(s->tree, GIT_TREEWALK_PRE, visit_entry, &w);
	*names = buf_take(&w.names, a);
	git_index_free(w.index);
	if (code == 0 || w.is_full)
		return 0;
	return err_set(
	    err, ERR_SYSTEM, "cannot read the files of an earlier commit: %s", git2_reason());
}
