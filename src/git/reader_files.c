/* The files of a commit, by name, without a checkout. */
#include "git/reader.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "git/inside.h"

/* A walk through the files below one directory of a commit. */
struct listing {
	const char *dir; /* "" or "pipelines/" */
	struct buf text;
	size_t skip; /* so many files are left out at the beginning */
	size_t taken, max;
	bool is_full;
};

/* "0123…4567 pipelines/edges.json" with a NUL behind it. */
static void
list_file(struct listing *l, const char *dir, const char *name, const git_oid *id)
{
	char hex[GIT_OID_HEXSZ + 1];

	l->is_full =
	    l->text.len + GIT_OID_HEXSZ + strlen(l->dir) + strlen(dir) + strlen(name) + 2 > l->max;
	if (l->is_full)
		return;
	buf_fmt(&l->text, "%s %s%s%s", git_oid_tostr(hex, sizeof(hex), id), l->dir, dir, name);
	buf_add_char(&l->text, '\0');
	l->taken++;
}

static bool
is_file(const git_tree_entry *entry)
{
	git_filemode_t mode = git_tree_entry_filemode(entry);

	return mode == GIT_FILEMODE_BLOB || mode == GIT_FILEMODE_BLOB_EXECUTABLE;
}

static int
visit_entry(const char *dir, const git_tree_entry *entry, void *context)
{
	struct listing *l = context;

	if (!is_file(entry))
		return 0;
	if (l->skip > 0) {
		l->skip--;
		return 0;
	}
	list_file(l, dir, git_tree_entry_name(entry), git_tree_entry_id(entry));
	return l->is_full ? -1 : 0;
}

/* What is at `path` in the commit, a file or a directory. */
static int
list_at(struct reader_since *s, const char *path, struct listing *l, struct arena *a)
{
	git_tree_entry *entry = NULL;
	git_tree *tree = NULL;
	int code = git_tree_entry_bypath(&entry, s->tree, path);

	if (code == 0 && git_tree_entry_type(entry) == GIT_OBJECT_TREE) {
		l->dir = arena_fmt(a, "%s/", path).ptr;
		code = git_tree_lookup(&tree, s->git, git_tree_entry_id(entry));
		if (code == 0)
			code = git_tree_walk(tree, GIT_TREEWALK_PRE, visit_entry, l);
	} else if (code == 0 && is_file(entry) && l->skip == 0) {
		list_file(l, "", path, git_tree_entry_id(entry));
	}
	git_tree_free(tree);
	git_tree_entry_free(entry);
	return code == GIT_ENOTFOUND ? 0 : code;
}

int
reader_since_files(struct reader_since *s, struct arena *a, struct str path, size_t skip,
    size_t max, struct str *files, size_t *count, struct err *err)
{
	struct listing l = { .dir = "", .text = BUF_INIT(max + 1), .skip = skip, .max = max };
	int code = path.len == 0 ? git_tree_walk(s->tree, GIT_TREEWALK_PRE, visit_entry, &l)
	                         : list_at(s, arena_cstr(a, path), &l, a);

	*files = buf_take(&l.text, a);
	*count = l.taken;
	if (code == 0 || l.is_full)
		return 0;
	return err_set(err, ERR_SYSTEM, "cannot read the files of a commit: %s", git2_reason());
}

int
reader_since_blob(struct reader_since *s, struct arena *a, struct str id, size_t max,
    struct str *text, bool *is_held, struct err *err)
{
	git_blob *blob = NULL;
	git_oid oid;

	*is_held = false;
	if (!oid_read(id, &oid) || git_blob_lookup(&blob, s->git, &oid) < 0)
		return err_set(
		    err, ERR_SYSTEM, "cannot read a file of a commit: %s", git2_reason());
	*is_held = blob_read(a, blob, max, text);
	git_blob_free(blob);
	return 0;
}
