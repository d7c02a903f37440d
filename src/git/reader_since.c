/* for realpath(), which POSIX.1-2008 has in its XSI part */
#define _XOPEN_SOURCE 700
#include "git/reader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "git/ancestor.h"
#include "git/inside.h"

static git_commit *
lookup(struct reader *r, struct str sha, struct err *err)
{
	git_commit *commit = reader_commit(r, sha);

	if (commit)
		return commit;
	(void)err_set(err, ERR_SYSTEM,
	    "cannot read commit '%.*s' in the git repository at '%s': %s", STR_FMT(sha), r->path,
	    git2_reason());
	return NULL;
}

bool
reader_has_commit(struct reader *r, struct str sha)
{
	git_commit *commit = reader_commit(r, sha);

	git_commit_free(commit);
	return commit != NULL;
}

bool
reader_is_shallow(struct reader *r)
{
	return git_repository_is_shallow(r->git) == 1;
}

int
reader_merge_base(struct reader *r, struct arena *a, struct str one, struct str other,
    struct str *base, struct err *err)
{
	git_oid left, right, found;
	int code = GIT_EINVALIDSPEC;

	*base = STR("");
	if (oid_read(one, &left) && oid_read(other, &right)) {
		if (reader_is_shallow(r))
			code =
			    ancestor_nearest(r->git, a, &right, &left, &found) ? 0 : GIT_ENOTFOUND;
		else
			code = git_merge_base(&found, r->git, &left, &right);
	}
	if (code == 0)
		*base = oid_text(a, &found);
	if (code == 0 || code == GIT_ENOTFOUND)
		return 0;
	return err_set(err, ERR_SYSTEM, "cannot read the history of the git repository at '%s': %s",
	    r->path, git2_reason());
}

int
reader_distance(struct reader *r, struct str sha, struct repo_distance *out, struct err *err)
{
	git_commit *commit = lookup(r, sha, err);
	size_t ahead = 0, behind = 0;
	git_oid head;
	int rc;

	if (!commit)
		return -1;
	rc = git_reference_name_to_id(&head, r->git, "HEAD");
	if (rc == 0)
		rc = git_graph_ahead_behind(&ahead, &behind, r->git, &head, git_commit_id(commit));
	git_commit_free(commit);
	if (rc < 0)
		return err_set(err, ERR_SYSTEM, "cannot count the commits from '%.*s' to HEAD: %s",
		    STR_FMT(sha), git2_reason());
	*out = (struct repo_distance){ .behind = ahead, .is_aside = behind > 0 };
	return 0;
}

int
reader_parents(struct reader *r, struct arena *a, struct str sha, struct str parents[2],
    size_t *count, struct err *err)
{
	git_commit *commit = lookup(r, sha, err);

	if (!commit)
		return -1;
	*count = git_commit_parentcount(commit);
	for (unsigned i = 0; i < 2; i++)
		parents[i] = i < *count ? oid_text(a, git_commit_parent_id(commit, i)) : STR("");
	git_commit_free(commit);
	return 0;
}

static struct str
take_bytes(struct str *s, size_t len)
{
	struct str bytes = str_head(*s, len);

	*s = str_tail(*s, len);
	return bytes;
}

/* Takes the number off the front; without the zeros before it. */
static struct str
take_number(struct str *s)
{
	struct str number = take_bytes(s, str_digits(*s));

	while (number.len > 1 && str_take(&number, "0"))
		continue;
	return number;
}

/* Numbers count by their value, all else byte by byte. */
static int
version_cmp(struct str left, struct str right)
{
	while (left.len > 0 && right.len > 0) {
		bool are_numbers = str_digits(left) > 0 && str_digits(right) > 0;
		struct str a = are_numbers ? take_number(&left) : take_bytes(&left, 1);
		struct str b = are_numbers ? take_number(&right) : take_bytes(&right, 1);
		int order = (a.len > b.len) - (a.len < b.len);

		if (order == 0)
			order = str_cmp(a, b);
		if (order != 0)
			return order;
	}
	return (left.len > 0) - (right.len > 0);
}

/* What comes before the first digit: "v", "module/v". */
static struct str
letters_of(struct str tag)
{
	return str_head(tag, str_cspan(tag, CHARS_DIGIT));
}

static struct str
best_before(const git_strarray *names, struct str tag)
{
	struct str best = STR("");

	for (size_t i = 0; i < names->count; i++) {
		struct str one = str_of(names->strings[i]);

		if (str_eq(letters_of(one), letters_of(tag)) && letters_of(one).len < one.len
		    && version_cmp(one, tag) < 0 && (best.len == 0 || version_cmp(one, best) > 0))
			best = one;
	}
	return best;
}

int
reader_tag_before(struct reader *r, struct arena *a, struct str tag, struct str *name,
    struct str *sha, struct err *err)
{
	git_strarray names = { NULL, 0 };
	struct str best;
	int rc = 0;

	if (git_tag_list(&names, r->git) < 0)
		return err_set(
		    err, ERR_SYSTEM, "cannot read the tags of '%s': %s", r->path, git2_reason());
	best = best_before(&names, tag);
	*name = arena_str(a, best);
	*sha = STR("");
	if (best.len > 0)
		rc = reader_peel(r, a, arena_fmt(a, "refs/tags/%.*s", STR_FMT(best)), sha, err);
	git_strarray_dispose(&names);
	return rc;
}

static int
open_tree(struct reader_since *s, struct reader *r, struct str sha, struct err *err)
{
	const char *root = git_repository_workdir(r->git);
	git_commit *commit = lookup(r, sha, err);
	int code;

	if (!commit)
		return -1;
	s->git = r->git;
	code = git_commit_tree(&s->tree, commit);
	git_commit_free(commit);
	if (code < 0)
		return err_set(err, ERR_SYSTEM, "cannot read the files of commit '%.*s': %s",
		    STR_FMT(sha), git2_reason());
	if (root && !(s->root = realpath(root, NULL)))
		return err_set(
		    err, ERR_SYSTEM, "cannot find the work tree '%s': %s", root, strerror(errno));
	return 0;
}

struct reader_since *
reader_since_open(struct reader *r, struct str sha, struct err *err)
{
	struct reader_since *s = calloc(1, sizeof(*s));

	if (!s) {
		(void)err_set(err, ERR_SYSTEM, "no memory for the files of a commit");
		return NULL;
	}
	if (open_tree(s, r, sha, err) == 0)
		return s;
	reader_since_close(s);
	return NULL;
}

void
reader_since_close(struct reader_since *s)
{
	if (!s)
		return;
	git_tree_free(s->tree);
	free(s->root);
	free(s);
}

const char *
since_below_root(const struct reader_since *s, const char *real)
{
	size_t len = s->root ? strlen(s->root) : 0;

	if (len == 0 || strncmp(real, s->root, len) != 0)
		return NULL;
	if (s->root[len - 1] == '/' || real[len] == '\0')
		return real + len;
	return real[len] == '/' ? real + len + 1 : NULL;
}

/* Whether the commit held just these contents under this name. */
static int
compare(struct reader_since *s, const char *path, bool *changed, struct err *err)
{
	git_tree_entry *entry = NULL;
	git_oid now;
	int code = git_tree_entry_bypath(&entry, s->tree, path);

	*changed = true;
	if (code == GIT_ENOTFOUND)
		return 0;
	if (code == 0 && git_tree_entry_type(entry) == GIT_OBJECT_BLOB) {
		code = git_repository_hashfile(&now, s->git, path, GIT_OBJECT_BLOB, NULL);
		*changed = code == 0 && !git_oid_equal(&now, git_tree_entry_id(entry));
	}
	git_tree_entry_free(entry);
	if (code == 0)
		return 0;
	return err_set(
	    err, ERR_SYSTEM, "cannot compare '%s' with its commit: %s", path, git2_reason());
}

int
reader_since_changed(struct reader_since *s, const char *path, bool *changed, struct err *err)
{
	char *real = realpath(path, NULL);
	const char *inside = real ? since_below_root(s, real) : NULL;
	int rc = 0;

	*changed = true;
	if (!real)
		rc = err_set(err, ERR_SYSTEM, "cannot find '%s': %s", path, strerror(errno));
	else if (inside)
		rc = compare(s, inside, changed, err);
	free(real);
	return rc;
}
