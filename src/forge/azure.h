/* azure.h: what Azure DevOps' secrets and repositories share, and the parts of its repositories; inside forge/ only.
 * Contracts: those of repository.h. */
#ifndef FORGE_AZURE_H
#define FORGE_AZURE_H

#include "forge/api.h"

#define AZURE_VERSION "api-version=7.1"

struct secret;

/* Whether a project may have the name, which becomes a part of a URL's path: Azure DevOps Docs, "Naming restrictions and
 * conventions". */
bool azure_is_project(struct str name);

/* Whether the token is a personal access token, which is sent as a password; a job's token is a JWT, with dots. */
bool azure_is_personal(const struct secret *token);

/* The address of the job's collection without '/' at its end, in `a`; "" where SYSTEM_COLLECTIONURI is not set. */
const char *azure_base(struct arena *a, const struct env *env);

/* The tree of a commit, which is read once. */
int azure_tree(struct repository *r, struct str commit, struct str *tree, struct err *err);

/* Sets r->me to the id of the token's user, which is read once. */
int azure_find_me(struct repository *r, struct err *err);

int azure_files(struct repository *r, struct str tree, struct entries *out, struct err *err);

int azure_drop(struct repository *r, const struct looked *at, const char *branch, struct str head,
    struct err *err);
int azure_merge(struct repository *r, const struct looked *at, const char *branch,
    const char *message, bool *clashes, struct err *err);
int azure_commit(struct repository *r, const struct looked *at, const struct new_commit *c,
    struct tip *out, struct err *err);

int azure_pull(struct repository *r, const struct looked *at, const struct new_pull *p,
    struct pull *out, struct err *err);
int azure_edit_pull(
    struct repository *r, const struct pull *p, struct str body, bool closes, struct err *err);
struct str azure_fit(struct repository *r, struct str body);
int azure_label(struct repository *r, const struct pull *p, const char *const *labels, size_t count,
    struct err *err);
int azure_ask_review(struct repository *r, const struct pull *p, const char *const *reviewers,
    size_t count, struct err *err);
int azure_auto_merge(struct repository *r, const struct pull *p, struct err *err);
int azure_comment(struct repository *r, struct str number, struct str mark, struct str body,
    bool *is_new, struct err *err);

#endif
