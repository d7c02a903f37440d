/* github.h: the parts of GitHub's repositories; inside forge/ only. Contracts: those of repository.h. */
#ifndef FORGE_GITHUB_H
#define FORGE_GITHUB_H

#include "forge/api.h"

int github_may_write(
    const struct repository *r, const struct looked *at, const char *path, struct err *err);
int github_drop(struct repository *r, const struct looked *at, const char *branch, struct str head,
    struct err *err);
int github_merge(struct repository *r, const struct looked *at, const char *branch,
    const char *message, bool *clashes, struct err *err);
int github_commit(struct repository *r, const struct looked *at, const struct new_commit *c,
    struct tip *out, struct err *err);
int github_pull(struct repository *r, const struct looked *at, const struct new_pull *p,
    struct pull *out, struct err *err);
int github_edit_pull(
    struct repository *r, const struct pull *p, struct str body, bool closes, struct err *err);
int github_label(struct repository *r, const struct pull *p, const char *const *labels,
    size_t count, struct err *err);
int github_ask_review(struct repository *r, const struct pull *p, const char *const *reviewers,
    size_t count, struct err *err);
int github_auto_merge(struct repository *r, const struct pull *p, struct err *err);
int github_comment(struct repository *r, struct str number, struct str mark, struct str body,
    bool *is_new, struct err *err);

#endif
