/*
 * repository.h: a repository on a code host, read and written by its API alone: no clone. GitHub, Azure DevOps, GitLab.
 *
 * Whatever is written is a compare-and-swap: a branch is moved only from the commit that it was seen at. A failure says
 * nothing about what others did meanwhile: look again.
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
 * GitHub, PROJECT/REPO or REPO on Azure DevOps, GROUP/PROJECT on GitLab; NULL: the job's own. Without HOST it is the host
 * that the job's repository is on, where a token for it is given, else the one whose token is given. Asks nobody. NULL
 * with ERR_USAGE: it is not known which one, or no token is given. */
struct repository *repository_open(
    struct arena *a, const char *name, const struct forge_opts *opts, struct err *err) NODISCARD;
void repository_close(struct repository *r);

/* Whose tokens the job's own repository takes; AUDIENCE_GITHUB where nothing says so. */
enum audience repository_home(const struct env *env);

/* "OWNER/REPO" */
struct str repository_name(const struct repository *r);

/* What the host calls a request: "pull request". */
const char *repository_request_word(const struct repository *r);

/* Where a branch is; both empty: there is none. */
struct tip {
	struct str oid,
	    tree; /* 40 digits each; tree: on GitLab, which names no trees, the commit's again */
};

struct pull {
	struct str id; /* GitHub's */
	int64_t number;
	struct str url, body;
	struct str head; /* the last commit that it had */
	bool is_ours;    /* the token's user made it */
	bool is_merged;
	bool is_open;
};

enum { PULLS_MAX = 20 };

struct looked {
	struct str id;                /* of the repository; never empty */
	struct str base;              /* the name of the base, also where none was given */
	struct tip at, head;          /* of the base, and of the branch */
	bool is_job_token;            /* a job's own GITHUB_TOKEN asks */
	bool needs_signatures;        /* a classic rule of the base does */
	struct pull pulls[PULLS_MAX]; /* of the branch into the base, the newest first */
	size_t pull_count;
};

/* What is there now. `base` NULL: the default branch. -1: ERR_REFUSED there is no such repository or base, or the
 * token may not read it; the failures of rest_send(), as for all that follow. */
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

/* All files of a tree (struct tip), of one that GitHub cuts short directory by directory. -1 with ERR_REFUSED also where one directory
 * alone has too many. */
int repository_files(
    struct repository *r, struct str tree, struct entries *out, struct err *err) NODISCARD;

/* The bytes of a file, in the arena. */
int repository_blob(
    struct repository *r, struct str oid, struct str *bytes, struct err *err) NODISCARD;

struct compared {
	int64_t ahead,
	    behind; /* commits of `to` that `from` has not, and the other way around; on GitLab
	                          `behind` says only whether there are any */
	struct str *messages; /* of those ahead, the oldest first; at most 250 */
	size_t count;
	struct str *files; /* what they change; at most 300 */
	size_t file_count;
	bool is_cut; /* there are more of either */
};

/* -1 with *is_gone: one of them is not a commit of this repository. */
int repository_compare(struct repository *r, struct str from, struct str to, struct compared *out,
    bool *is_gone, struct err *err) NODISCARD;

/* Whether both commits have the same files. */
int repository_is_same(struct repository *r, const struct tip *one, const struct tip *other,
    bool *is_same, struct err *err) NODISCARD;

/* Deletes the branch if it is at `head` still. */
int repository_drop(struct repository *r, const struct looked *at, const char *branch,
    struct str head, struct err *err) NODISCARD;

/* Has the branch contain the base's commits, on the host: by a merge, on GitLab by a rebase of the open request.
 * *clashes: it cannot, as both changed the same lines. */
int repository_merge(struct repository *r, const struct looked *at, const char *branch,
    const char *message, bool *clashes, struct err *err) NODISCARD;

/* ERR_REFUSED for a file that the host lets nobody with this token write: it would refuse the whole commit. */
int repository_may_write(const struct repository *r, const struct looked *at, const char *path,
    struct err *err) NODISCARD;

struct written_file {
	struct str path, mode, text;
};

struct new_commit {
	const char *branch;
	struct tip onto; /* its parent */
	struct str
	    before; /* where the branch is: there, at what is done with, or empty: there is none */
	const struct written_file *files;
	size_t count;
	struct str headline, body;
	bool needs_signatures;
};

/* Has the branch hold a commit on `onto`. GitHub: where all files are 100644 the host makes and signs it; else its tree is
 * made with the modes, and GitHub signs it for apps only: ERR_REFUSED where rules want a signature that is then not
 * there, before the branch is moved. The others keep the modes; where one has not, the commit is taken back:
 * ERR_REFUSED. *out is where the branch is then. */
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

/* What of a body the request itself shows, as repository_look() finds it: all of it, but for Azure DevOps, where the
 * rest is in a comment. */
struct str repository_fit(struct repository *r, struct str body);

/* Adds labels; asks people, and teams ("ORG/TEAM"), for a review; has it merged when its rules are met. */
int repository_label(struct repository *r, const struct pull *p, const char *const *labels,
    size_t count, struct err *err) NODISCARD;
int repository_ask_review(struct repository *r, const struct pull *p, const char *const *reviewers,
    size_t count, struct err *err) NODISCARD;
int repository_auto_merge(struct repository *r, const struct pull *p, struct err *err) NODISCARD;

/* Puts `body` into the comment of request `number` (digits) that begins with `mark` and that the token's user wrote;
 * where there is none it is made: *is_new. A body of more than repository_comment_max() characters is refused by
 * the host. -1 with *is_denied: the token may not. */
int repository_comment(struct repository *r, struct str number, struct str mark, struct str body,
    bool *is_new, bool *is_denied, struct err *err) NODISCARD;
size_t repository_comment_max(const struct repository *r);

/* What to do where the token for comments on the job's own repository is missing. */
const char *repository_comment_hint(const struct env *env);

#endif
