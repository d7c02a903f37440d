/* ancestor.h: inside git/ only: common ancestors in clones that were cut off. */
#ifndef GIT_ANCESTOR_H
#define GIT_ANCESTOR_H

#include <git2.h>
#include <stdbool.h>

struct arena;

/*
 * The ancestor of `one` that is the fewest steps above `other` (or that itself), as far as the clone
 * reaches: parents that it does not hold end a line. False when none is found. libgit2's own search
 * gives up at the first missing parent.
 */
bool ancestor_nearest(
    git_repository *git, struct arena *a, const git_oid *one, const git_oid *other, git_oid *out);

#endif
