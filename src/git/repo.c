#include "git/repo.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "git/child.h"
#include "git/since.h"

struct repo {
	struct arena *arena;
	struct child child;
	const char *path; /* as the caller named it, for messages */
};

struct since {
	struct repo *repo;
};

/* Asks with up to two words. */
static int
ask(struct repo *r, enum ask what, struct str one, struct str other, struct arena *a,
    struct message *answer, struct err *err)
{
	const struct message question = { .code = (int32_t)what, .words = { one, other } };

	return child_ask(&r->child, r->path, &question, a, answer, err);
}

/* The first word of the answer; empty where there is none. */
static struct str
ask_text(struct repo *r, enum ask what, struct str word, struct arena *a)
{
	struct message answer;
	struct err unheard;

	return ask(r, what, word, STR(""), a, &answer, &unheard) < 0 ? STR("") : answer.words[0];
}

/* The child is not trusted: what it calls a commit must have the form of one. */
static int
check_sha(const struct repo *r, struct str sha, bool may_be_empty, struct err *err)
{
	if (sha.len == 0 ? may_be_empty : sha.len == 40 && str_is_of(sha, CHARS_HEX))
		return 0;
	return err_set(err, ERR_SYSTEM,
	    "the git repository at '%s' gives something that is not a commit", r->path);
}

struct repo *
repo_open(struct arena *a, const char *path, bool trusted, struct err *err)
{
	struct repo *r = ARENA_NEW(a, struct repo);
	struct arena *scratch = arena_like(a);
	const struct message question = {
		.code = ASK_OPEN, .number = trusted, .words = { str_of(path) }
	};
	struct message answer;
	int rc = -1;

	*r = (struct repo){ .arena = a, .path = arena_cstr(a, str_of(path)) };
	if (child_start(&r->child, err) == 0)
		rc = child_ask(&r->child, path, &question, scratch, &answer, err);
	arena_free(scratch);
	if (rc == 0)
		return r;
	repo_close(r);
	return NULL;
}

void
repo_close(struct repo *r)
{
	if (r)
		child_end(&r->child);
}

int
repo_head(struct repo *r, struct arena *a, struct repo_head *out, struct err *err)
{
	struct message answer;

	if (ask(r, ASK_HEAD, STR(""), STR(""), a, &answer, err) < 0
	    || check_sha(r, answer.words[0], false, err) < 0)
		return -1;
	*out = (struct repo_head){ answer.words[0], answer.words[1], answer.number != 0 };
	return 0;
}

int
repo_peel(struct repo *r, struct arena *a, struct str rev, struct str *sha, struct err *err)
{
	struct message answer;

	if (ask(r, ASK_PEEL, rev, STR(""), a, &answer, err) < 0
	    || check_sha(r, answer.words[0], false, err) < 0)
		return -1;
	*sha = answer.words[0];
	return 0;
}

struct str
repo_subject(struct repo *r, struct arena *a, struct str sha)
{
	return ask_text(r, ASK_SUBJECT, sha, a);
}

struct str
repo_remote(struct repo *r, struct arena *a)
{
	struct str url = ask_text(r, ASK_REMOTE, STR(""), a);

	for (size_t i = 0; i < url.len; i++)
		if (url.ptr[i] <= ' ' || url.ptr[i] > '~')
			return STR("");
	return url;
}

struct str
repo_message(struct repo *r, struct arena *a, struct str sha)
{
	return ask_text(r, ASK_MESSAGE, sha, a);
}

int
repo_distance(
    struct repo *r, struct arena *a, struct str sha, struct repo_distance *out, struct err *err)
{
	struct message answer;

	if (ask(r, ASK_DISTANCE, sha, STR(""), a, &answer, err) < 0)
		return -1;
	*out = (struct repo_distance){ (size_t)answer.number, answer.words[0].len > 0 };
	return 0;
}

bool
repo_blob(struct repo *r, struct arena *a, struct str sha, struct str *bytes)
{
	struct message answer;
	struct err unheard;

	if (ask(r, ASK_BLOB, sha, STR(""), a, &answer, &unheard) < 0 || answer.number == 0)
		return false;
	*bytes = answer.words[0];
	return true;
}

/* For questions whose answer is a truth; false where the reader has died. */
static bool
ask_whether(struct repo *r, enum ask what, struct str word)
{
	struct arena *a = arena_like(r->arena);
	struct message answer;
	struct err unheard;
	bool yes = ask(r, what, word, STR(""), a, &answer, &unheard) == 0 && answer.number != 0;

	arena_free(a);
	return yes;
}

bool
repo_has_commit(struct repo *r, struct str sha)
{
	return ask_whether(r, ASK_HAS_COMMIT, sha);
}

bool
repo_is_shallow(struct repo *r)
{
	return ask_whether(r, ASK_IS_SHALLOW, STR(""));
}

int
repo_merge_base(struct repo *r, struct arena *a, struct str one, struct str other, struct str *base,
    struct err *err)
{
	struct message answer;

	if (ask(r, ASK_MERGE_BASE, one, other, a, &answer, err) < 0
	    || check_sha(r, answer.words[0], true, err) < 0)
		return -1;
	*base = answer.words[0];
	return 0;
}

int
repo_parents(struct repo *r, struct arena *a, struct str sha, struct str parents[2], size_t *count,
    struct err *err)
{
	struct message answer;

	if (ask(r, ASK_PARENTS, sha, STR(""), a, &answer, err) < 0
	    || check_sha(r, answer.words[0], true, err) < 0
	    || check_sha(r, answer.words[1], true, err) < 0)
		return -1;
	parents[0] = answer.words[0];
	parents[1] = answer.words[1];
	*count = (size_t)answer.number;
	return 0;
}

int
repo_tag_before(struct repo *r, struct arena *a, struct str tag, struct str *name, struct str *sha,
    struct err *err)
{
	struct message answer;

	if (ask(r, ASK_TAG_BEFORE, tag, STR(""), a, &answer, err) < 0
	    || check_sha(r, answer.words[1], true, err) < 0)
		return -1;
	*name = answer.words[0];
	*sha = answer.words[1];
	return 0;
}

struct since *
since_open(struct repo *r, struct str sha, struct err *err)
{
	struct since *s = calloc(1, sizeof(*s));
	struct arena *a = arena_like(r->arena);
	struct message answer;
	int rc = -1;

	if (!s)
		(void)err_set(err, ERR_SYSTEM, "out of memory for the files of a commit");
	else
		rc = ask(r, ASK_SINCE_OPEN, sha, STR(""), a, &answer, err);
	arena_free(a);
	if (rc < 0) {
		free(s);
		return NULL;
	}
	s->repo = r;
	return s;
}

void
since_close(struct since *s)
{
	free(s);
}

int
since_changed(struct since *s, const char *path, bool *changed, struct err *err)
{
	struct arena *a = arena_like(s->repo->arena);
	struct message answer;
	int rc = ask(s->repo, ASK_SINCE_CHANGED, str_of(path), STR(""), a, &answer, err);

	*changed = rc < 0 || answer.number != 0;
	arena_free(a);
	return rc;
}

/* Asks for a text; *is_there is false where there is none. */
static int
ask_since(struct since *s, enum ask what, struct str word, struct arena *a, struct str *text,
    bool *is_there, struct err *err)
{
	struct message answer;

	if (ask(s->repo, what, word, STR(""), a, &answer, err) < 0)
		return -1;
	*text = answer.words[0];
	*is_there = answer.number != 0;
	return 0;
}

int
since_name(struct since *s, struct arena *a, const char *path, struct str *name, bool *is_inside,
    struct err *err)
{
	return ask_since(s, ASK_SINCE_NAME, str_of(path), a, name, is_inside, err);
}

int
since_read(struct since *s, struct arena *a, struct str name, struct str *text, bool *is_held,
    struct err *err)
{
	return ask_since(s, ASK_SINCE_READ, name, a, text, is_held, err);
}

int
since_gone(struct since *s, struct arena *a, struct str *names, struct err *err)
{
	struct message answer;

	if (ask(s->repo, ASK_SINCE_GONE, STR(""), STR(""), a, &answer, err) < 0)
		return -1;
	*names = answer.words[0];
	return 0;
}

/* Adds one "ID NAME" of the answer, which is not trusted. */
static int
add_file(const struct repo *r, struct arena *a, struct str line, struct since_files *out,
    struct err *err)
{
	struct since_file one = { str_tail(line, 41), str_head(line, 40) };

	if (check_sha(r, one.id, false, err) < 0 || one.name.len == 0)
		return err_set(
		    err, ERR_SYSTEM, "the git repository at '%s' gives no list of files", r->path);
	if (out->count >= MAX_TREE_FILES) {
		(void)err_set(err, ERR_SYSTEM, "the commit has more than %d files", MAX_TREE_FILES);
		return err_hint(err, "name the directories that hold specs");
	}
	ARENA_ADD(a, out, one);
	return 0;
}

int
since_files(
    struct since *s, struct arena *a, struct str path, struct since_files *out, struct err *err)
{
	struct message question = { .code = ASK_SINCE_FILES, .words = { path } }, answer;
	size_t taken = 0;

	for (;;) {
		struct str line;

		question.number = taken;
		if (child_ask(&s->repo->child, s->repo->path, &question, a, &answer, err) < 0)
			return -1;
		if (answer.number == 0)
			return 0;
		while (str_split(&answer.words[0], '\0', &line)) {
			if (line.len == 0)
				continue;
			if (add_file(s->repo, a, line, out, err) < 0)
				return -1;
			taken++;
		}
		if (taken == question.number)
			return 0;
	}
}

int
since_blob(struct since *s, struct arena *a, const struct since_file *file, struct str *text,
    bool *is_held, struct err *err)
{
	if (ask_since(s, ASK_SINCE_BLOB, file->id, a, text, is_held, err) < 0)
		return err_wrap(err, "%.*s", STR_FMT(str_head(file->name, 300)));
	return 0;
}
