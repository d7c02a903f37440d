/*
 * repository.h: a repository on a code host, read and written by its API alone: no clone. GitHub, Azure DevOps, GitLab.
 *
 * Each write is a compare-and-swap: a branch is moved only from the commit that it was seen at. After a failure, call
 * repository_look() again: others may have moved the branch.
 */
#ifndef FORGE_REPOSITORY_H
#define FORGE_REPOSITORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "forge/forge.h"

struct arena;
struct repository;

/* Owned: end it with repository_close(); closing NULL is fine. `name` is "HOST:NAME" or NAME, where NAME is OWNER/REPO on
 * GitHub, PROJECT/REPO or REPO on Azure DevOps, GROUP/PROJECT on GitLab; NULL: the job's own repository. Without HOST it
 * is the job's host where a token for that is given, else the first host whose token is given. Sends no request. NULL
 * with ERR_USAGE: nothing says which repository, or no token is given. */
struct repository *repository_open(
    struct arena *a, const char *name, const struct forge_opts *opts, struct err *err) NODISCARD;
void repository_close(struct repository *r);

/* The audience of tokens for the job's own repository; AUDIENCE_GITHUB where nothing says which host it is on. */
enum audience repository_home(const struct env *env);

/* "HOST:NAME", as repository_open() takes it, of a remote's URL as repo_remote() has it, in `a`. NULL: it is at a host whose
 * API is at an address that nobody has given. */
const char *repository_of_remote(struct arena *a, struct str url);

/* "OWNER/REPO" */
struct str repository_name(const struct repository *r);

/* What the host calls a request: "pull request". */
const char *repository_request_word(const struct repository *r);

/* The commit that a branch is at, and its tree: 40 hex digits each; both empty: there is no such branch. */
struct tip {
	struct str oid, tree; /* on GitLab, which names no trees, `tree` is the commit again */
};

struct pull {
	struct str id; /* GitHub's */
	int64_t number;
	struct str url, body;
	struct str head; /* the last commit that it had */
	struct str base; /* the name of the branch that it goes into */
	bool is_ours;    /* the token's user made it */
	bool is_merged;
	bool is_open;
};

enum { PULLS_MAX = 20 };

struct looked {
	struct str id;                /* of the repository; never empty */
	struct str base;              /* the name of the base, also where none was given */
	struct tip at, head;          /* of the base, and of the branch */
	bool is_job_token;            /* the token is a job's own GITHUB_TOKEN */
	bool needs_signatures;        /* a classic rule of the base wants signed commits */
	struct pull pulls[PULLS_MAX]; /* of the branch, into any base, the newest first */
	size_t pull_count;
};

/* Reads the base (NULL: the default branch), the branch and its requests as they are now. -1: ERR_REFUSED there is no such
 * repository or base, or the token may not read it; the failures of rest_send(), as for all functions below. */
int repository_look(struct repository *r, const char *base, const char *branch, struct looked *out,
    struct err *err) NODISCARD;

struct entry {
	struct str path, oid; /* a file, and its blob */
	struct str mode;      /* "100644", "100755", "120000" for a link, "160000" for a module */
};

struct entries {
	struct entry *list; /* sorted by path, bytewise */
	size_t count, room;
};

/* Lists all files of a tree (struct tip); where GitHub cuts the list, directory by directory. -1 with ERR_REFUSED also
 * where a single directory has more files than GitHub lists. */
int repository_files(
    struct repository *r, struct str tree, struct entries *out, struct err *err) NODISCARD;

/* The bytes of a file, in the arena. */
int repository_blob(
    struct repository *r, struct str oid, struct str *bytes, struct err *err) NODISCARD;

struct compared {
	int64_t ahead; /* commits of `to` that `from` does not have */
	int64_t
	    behind; /* commits of `from` that `to` does not have; on GitLab 1 where there are any */
	struct str *messages; /* of those ahead, the oldest first; at most 250 */
	size_t count;
	struct str *files; /* that these commits change; at most 300 */
	size_t file_count;
	bool is_cut; /* there are more of either */
};

/* Compares two commits. -1 with *is_gone: one of them is not a commit of this repository. */
int repository_compare(struct repository *r, struct str from, struct str to, struct compared *out,
    bool *is_gone, struct err *err) NODISCARD;

/* Whether both commits have the same files. */
int repository_is_same(struct repository *r, const struct tip *one, const struct tip *other,
    bool *is_same, struct err *err) NODISCARD;

/* Deletes the branch if it is still at `head`. */
int repository_drop(struct repository *r, const struct looked *at, const char *branch,
    struct str head, struct err *err) NODISCARD;

/* Brings the base's commits into the branch, on the host: by a merge, on GitLab by a rebase of the open request.
 * -1 with *clashes: both changed the same lines. */
int repository_merge(struct repository *r, const struct looked *at, const char *branch,
    const char *message, bool *clashes, struct err *err) NODISCARD;

/* -1 with ERR_REFUSED: a commit that changes this file would be refused as a whole, as this token may not write it. */
int repository_may_write(const struct repository *r, const struct looked *at, const char *path,
    struct err *err) NODISCARD;

struct written_file {
	struct str path, mode, text;
};

struct new_commit {
	const char *branch;
	struct tip onto; /* its parent */
	struct str
	    before; /* the commit that the branch is at: `onto`, or one that is given up; empty: there is no such branch */
	const struct written_file *files;
	size_t count;
	struct str headline, body;
	bool needs_signatures;
};

/* Makes a commit on `onto` and moves the branch to it; *out is that commit. GitHub makes and signs it where all files have
 * mode 100644; else GitHub signs it for apps only: ERR_REFUSED where rules want a signature that is missing, before the
 * branch is moved. Azure DevOps and GitLab keep the files' modes; where Azure DevOps has not, the commit is taken back:
 * ERR_REFUSED. */
int repository_commit(struct repository *r, const struct looked *at, const struct new_commit *c,
    struct tip *out, struct err *err) NODISCARD;

struct new_pull {
	const char *branch;
	struct str base, title, body;
	bool is_draft;
};

int repository_pull(struct repository *r, const struct looked *at, const struct new_pull *p,
    struct pull *out, struct err *err) NODISCARD;

/* Replaces the body, and with `closes` closes the request. */
int repository_edit_pull(struct repository *r, const struct pull *p, struct str body, bool closes,
    struct err *err) NODISCARD;

/* The part of a body that the request itself holds, as repository_look() reads it: all of it, but on Azure DevOps at most
 * 4,000 bytes, and the rest is in a comment. */
struct str repository_fit(struct repository *r, struct str body);

/* Adds labels; asks people, and teams ("ORG/TEAM"), for a review; has the request merged once its rules are met. */
int repository_label(struct repository *r, const struct pull *p, const char *const *labels,
    size_t count, struct err *err) NODISCARD;
int repository_ask_review(struct repository *r, const struct pull *p, const char *const *reviewers,
    size_t count, struct err *err) NODISCARD;
int repository_auto_merge(struct repository *r, const struct pull *p, struct err *err) NODISCARD;

/* Replaces the comment of request `number` (digits) that begins with `mark` and that the token's user wrote by `body`;
 * where there is none, makes it: *is_new. The host refuses a body of more than repository_comment_max() characters.
 * -1 with *is_denied: the token may not write comments. */
int repository_comment(struct repository *r, struct str number, struct str mark, struct str body,
    bool *is_new, bool *is_denied, struct err *err) NODISCARD;
size_t repository_comment_max(const struct repository *r);

/* The hint where the token for comments on the job's own repository is missing. */
const char *repository_comment_hint(const struct env *env);

#endif
