/* gitlab.h: the parts of GitLab's repositories; inside forge/ only. Contracts: those of repository.h. */
#ifndef FORGE_GITLAB_H
#define FORGE_GITLAB_H

#include "forge/api.h"

/* Where a branch is; empty: there is none. */
int gitlab_tip(struct repository *r, const char *branch, struct tip *out, struct err *err);

/* A lock on a branch among the runs of pachup, in `lock`: GitLab moves a branch from wherever it is, so that only one may
 * look and write at a time. The lock is a label of the project, for there can be only one of a name. What a run has left
 * behind that was killed counts for two minutes. Waits. -1: ERR_TIMEOUT, ERR_INTERRUPTED, what GitLab refuses. */
struct gitlab_lock {
	const char *title;
	struct str id; /* of the label */
};
int gitlab_lock(
    struct repository *r, const char *branch, struct gitlab_lock *lock, struct err *err);

/* What fails here is not worth a word: the lock ends by itself. */
void gitlab_unlock(struct repository *r, const struct gitlab_lock *lock);

int gitlab_drop(struct repository *r, const struct looked *at, const char *branch, struct str head,
    struct err *err);
int gitlab_merge(struct repository *r, const struct looked *at, const char *branch,
    const char *message, bool *clashes, struct err *err);
int gitlab_commit(struct repository *r, const struct looked *at, const struct new_commit *c,
    struct tip *out, struct err *err);

int gitlab_pull(struct repository *r, const struct looked *at, const struct new_pull *p,
    struct pull *out, struct err *err);
int gitlab_edit_pull(
    struct repository *r, const struct pull *p, struct str body, bool closes, struct err *err);
int gitlab_label(struct repository *r, const struct pull *p, const char *const *labels,
    size_t count, struct err *err);
int gitlab_ask_review(struct repository *r, const struct pull *p, const char *const *reviewers,
    size_t count, struct err *err);
int gitlab_auto_merge(struct repository *r, const struct pull *p, struct err *err);
int gitlab_comment(struct repository *r, struct str number, struct str mark, struct str body,
    bool *is_new, struct err *err);

/* The id of the token's user in r->me, which is asked for once. */
int gitlab_find_me(struct repository *r, struct err *err);

#endif
