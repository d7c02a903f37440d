/* written.h: commits of pachup's write-back, and merges of its requests: CI builds no image from them. */
#ifndef GIT_WRITTEN_H
#define GIT_WRITTEN_H

#include <stdbool.h>

#include "base/base.h"
#include "base/str.h"

struct arena;
struct repo;

/* The trailer of such a commit, and what the text of a request begins with. */
#define WRITTEN_TRAILER "Pachup-Write-Back: "
#define WRITTEN_MARK    "<!-- pachup:write-back "

/* Whether a line begins with the trailer or the mark. A squash merge keeps one of them. */
bool written_is_message(struct str message);

/* Whether the commit, 40 digits, is of the write-back or merges such a one: by its message, by that of its second
 * parent where the clone holds it, or by the words of code hosts for a merge of `branch` (GitHub, GitLab) or of a
 * request with `title` (Azure DevOps; squashed on GitHub and GitLab). NULL: the defaults. */
bool written_is_commit(
    struct repo *r, struct arena *a, struct str sha, const char *branch, const char *title);

/* The nearest commit along first parents that is not one of the write-back; `sha` itself in most cases. Where a
 * shallow clone ends before it, the first commit that the clone lacks. */
struct str written_skip(
    struct repo *r, struct arena *a, struct str sha, const char *branch, const char *title);

#endif
