#include "git/reader.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "git/inside.h"

static const char no_sha_hint[] = "set the commit with --sha";

const char *
git2_reason(void)
{
	const git_error *e = git_error_last();

	return e && e->message ? e->message : "no reason given by libgit2";
}

/* libgit2 keeps no tree of more than 4 KiB by itself, about 100 files; a walk back through commits reads the same ones again
 * and again. */
enum { TREE_KEPT_BYTES = 256 << 10, ALL_KEPT_BYTES = 64 << 20 };

/* Only the repository itself decides: no configuration of the machine or of a user is read, so a run
 * needs no HOME and is the same everywhere. */
static int
set_options(void)
{
	static const int levels[] = { GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM,
		GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL };
	/* neither changes how commits are read; without them libgit2 refuses what checkouts make */
	const char *extensions[] = { "partialclone", "worktreeconfig" };

	for (size_t i = 0; i < COUNT_OF(levels); i++)
		if (git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, levels[i], "") < 0)
			return -1;
	if (git_libgit2_opts(
	        GIT_OPT_SET_CACHE_OBJECT_LIMIT, GIT_OBJECT_TREE, (size_t)TREE_KEPT_BYTES)
	        < 0
	    || git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, (ssize_t)ALL_KEPT_BYTES) < 0)
		return -1;
	return git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions, COUNT_OF(extensions));
}

/*
 * libgit2 1.5 reports a foreign owner as GIT_ENOTFOUND, "config value 'safe.directory' was not
 * found"; 1.6 and later as GIT_EOWNER (libgit2 pull request 6408).
 */
static bool
is_owner_refusal(int code)
{
	return code == GIT_EOWNER
	       || (code == GIT_ENOTFOUND && strstr(git2_reason(), "safe.directory") != NULL);
}

static int
explain_open(const char *path, int code, struct err *err)
{
	if (is_owner_refusal(code)) {
		(void)err_set(
		    err, ERR_SYSTEM, "the git repository at '%s' belongs to another user", path);
		return err_hint(err, "name the directory with -C, or %s", no_sha_hint);
	}
	if (code == GIT_ENOTFOUND) {
		(void)err_set(err, ERR_SYSTEM, "no git repository at or above '%s'", path);
		return err_hint(err, "add a checkout step before this step, or %s", no_sha_hint);
	}
	if (strstr(git2_reason(), "extensions.objectformat")) {
		(void)err_set(err, ERR_SYSTEM,
		    "the git repository at '%s' has SHA-256 object names, pachup reads only SHA-1",
		    path);
		return err_hint(err, "%s", no_sha_hint);
	}
	(void)err_set(
	    err, ERR_SYSTEM, "cannot open the git repository at '%s': %s", path, git2_reason());
	return err_hint(err, "repair what 'git fsck' reports, or %s", no_sha_hint);
}

static void
reader_close(struct reader *r)
{
	if (!r)
		return;
	git_repository_free(r->git);
	free(r->path);
	free(r);
	(void)git_libgit2_shutdown();
}

struct reader *
reader_open(const char *path, bool trusted, struct err *err)
{
	struct reader *r = calloc(1, sizeof(*r));
	int code;

	if (!r || !(r->path = strdup(path)) || git_libgit2_init() < 0) {
		free(r ? r->path : NULL);
		free(r);
		(void)err_set(err, ERR_SYSTEM, "cannot start libgit2: no memory");
		return NULL;
	}
	code = set_options();
	if (code == 0)
		code = git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, trusted ? 0 : 1);
	/* no flag: GIT_DIR and its kin are not looked at, the search goes up as git's does */
	if (code == 0)
		code = git_repository_open_ext(&r->git, path, 0, NULL);
	if (code < 0)
		(void)explain_open(path, code, err);
	/* process-wide: it must not outlive the one opening that may do without */
	(void)git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 1);
	if (code < 0) {
		reader_close(r);
		return NULL;
	}
	return r;
}

struct str
oid_text(struct arena *a, const git_oid *id)
{
	char hex[GIT_OID_HEXSZ + 1];

	return arena_str(a, str_of(git_oid_tostr(hex, sizeof(hex), id)));
}

static int
explain_head(const struct reader *r, int code, struct err *err)
{
	if (code == GIT_EUNBORNBRANCH || code == GIT_ENOTFOUND) {
		(void)err_set(
		    err, ERR_SYSTEM, "the git repository at '%s' has no commit yet", r->path);
		return err_hint(err, "create a commit, or %s", no_sha_hint);
	}
	(void)err_set(err, ERR_SYSTEM, "cannot read HEAD of the git repository at '%s': %s",
	    r->path, git2_reason());
	return err_hint(err, "repair what 'git fsck' reports, or %s", no_sha_hint);
}

int
reader_head(struct reader *r, struct arena *a, struct repo_head *out, struct err *err)
{
	static const char branches[] = "refs/heads/";
	git_reference *head = NULL;
	git_object *commit = NULL;
	struct str name;
	int code, rc = -1;

	code = git_repository_head(&head, r->git);
	if (code < 0) {
		(void)explain_head(r, code, err);
		goto out;
	}
	/* reads the object too: a HEAD that names a missing commit is found here, not later */
	if (git_reference_peel(&commit, head, GIT_OBJECT_COMMIT) < 0) {
		(void)explain_head(r, GIT_ERROR, err);
		goto out;
	}
	name = str_of(git_reference_name(head));
	*out = (struct repo_head){ .sha = oid_text(a, git_object_id(commit)),
		.shallow = git_repository_is_shallow(r->git) == 1 };
	if (str_starts(name, branches))
		out->branch = arena_str(a, str_tail(name, sizeof(branches) - 1));
	rc = 0;
out:
	git_object_free(commit);
	git_reference_free(head);
	return rc;
}

/* libgit2 takes abbreviations from 4 digits on: too few to be meant for one commit for long. */
static bool
is_too_short(struct reader *r, const char *rev)
{
	git_reference *ref = NULL;
	bool named;

	if (strlen(rev) >= 7 || !str_is_of(str_of(rev), CHARS_HEX "ABCDEF"))
		return false;
	named = git_reference_dwim(&ref, r->git, rev) == 0;
	git_reference_free(ref);
	return !named;
}

static int
explain_peel(const struct reader *r, const char *rev, int code, struct err *err)
{
	if (code == GIT_EAMBIGUOUS) {
		(void)err_set(err, ERR_SYSTEM, "'%s' is ambiguous in '%s'", rev, r->path);
		return err_hint(err, "use more digits of the commit SHA");
	}
	if (code == GIT_EINVALIDSPEC) {
		(void)err_set(err, ERR_SYSTEM, "'%s' is not a git revision", rev);
		return err_hint(err, "use a SHA, a tag, a branch, or HEAD~1");
	}
	if (code != GIT_ENOTFOUND)
		return err_set(err, ERR_SYSTEM,
		    "cannot read '%s' in the git repository at '%s': %s", rev, r->path,
		    git2_reason());
	(void)err_set(err, ERR_SYSTEM, "commit '%s' is not in the git repository at '%s'%s", rev,
	    r->path, git_repository_is_shallow(r->git) == 1 ? ", which is a shallow clone" : "");
	if (git_repository_is_shallow(r->git) == 1)
		return err_hint(err, "fetch the whole history: fetch-depth: 0 on GitHub, "
		                     "fetchDepth: 0 on Azure, git fetch --unshallow elsewhere");
	return err_hint(err, "check the name with 'git rev-parse', or fetch it first");
}

static int
peel(struct reader *r, struct arena *a, const char *rev, struct str *sha, struct err *err)
{
	git_object *object = NULL, *commit = NULL;
	int code, rc = -1;

	code = git_revparse_single(&object, r->git, rev);
	if (code < 0) {
		(void)explain_peel(r, rev, code, err);
		goto out;
	}
	code = git_object_peel(&commit, object, GIT_OBJECT_COMMIT);
	if (code == GIT_ENOTFOUND) {
		(void)explain_peel(r, rev, code, err);
		goto out;
	}
	if (code < 0) {
		(void)err_set(err, ERR_SYSTEM, "'%s' is a %s, not a commit", rev,
		    git_object_type2string(git_object_type(object)));
		goto out;
	}
	*sha = oid_text(a, git_object_id(commit));
	rc = 0;
out:
	git_object_free(commit);
	git_object_free(object);
	return rc;
}

int
reader_peel(struct reader *r, struct arena *a, struct str rev, struct str *sha, struct err *err)
{
	const char *text = arena_cstr(a, rev);

	if (rev.len == 0 || strlen(text) != rev.len)
		return explain_peel(r, text, GIT_EINVALIDSPEC, err);
	if (is_too_short(r, text)) {
		(void)err_set(err, ERR_SYSTEM, "'%s' is too short for a commit SHA", text);
		return err_hint(err, "use at least 7 digits, better all 40");
	}
	return peel(r, a, text, sha, err);
}

bool
oid_read(struct str digits, git_oid *id)
{
	return digits.len == GIT_OID_HEXSZ && git_oid_fromstrn(id, digits.ptr, digits.len) == 0;
}

git_commit *
reader_commit(struct reader *r, struct str sha)
{
	git_commit *commit = NULL;
	git_oid id;

	if (!oid_read(sha, &id) || git_commit_lookup(&commit, r->git, &id) != 0)
		return NULL;
	return commit;
}

struct str
reader_message(struct reader *r, struct arena *a, struct str sha, bool is_whole)
{
	git_commit *commit = reader_commit(r, sha);
	struct str text = STR("");

	if (commit)
		text = arena_str(
		    a, str_of(is_whole ? git_commit_message(commit) : git_commit_summary(commit)));
	git_commit_free(commit);
	return text;
}

bool
blob_read(struct arena *a, const git_blob *blob, size_t max, struct str *bytes)
{
	if (!blob || (uint64_t)git_blob_rawsize(blob) > max)
		return false;
	*bytes =
	    arena_str(a, (struct str){ git_blob_rawcontent(blob), (size_t)git_blob_rawsize(blob) });
	return true;
}

bool
reader_blob(struct reader *r, struct arena *a, struct str sha, size_t max, struct str *bytes)
{
	git_blob *blob = NULL;
	git_oid id;
	bool is_held = oid_read(sha, &id) && git_blob_lookup(&blob, r->git, &id) == 0
	               && blob_read(a, blob, max, bytes);

	git_blob_free(blob);
	return is_held;
}
