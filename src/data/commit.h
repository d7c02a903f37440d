/* commit.h: finds the commit that a command reads. */
#ifndef DATA_COMMIT_H
#define DATA_COMMIT_H

#include <stdbool.h>

#include "base/base.h"
#include "base/err.h"
#include "data/place.h"

struct pachd;
struct run;

/*
 * Finds the commit of the place; out->at names it by its id, so that later commits of the branch do not matter. With `waits`
 * waits until the commit has ended. A commit that is finishing (2.x) is always waited for, as pachd itself does before a
 * read: that takes seconds. -1: ERR_REFUSED no such repo, branch or commit; ERR_TIMEOUT.
 */
int commit_look_up(struct run *run, struct pachd *cluster, const struct place *place, bool waits,
    struct pfs_commit *out, struct err *err) NODISCARD;

/* The same for a commit that must have ended without an error. -1 also with ERR_REFUSED: it is not finished, and `waits` is
 * false; ERR_FAILED: the job that writes it has failed. */
int commit_resolve(struct run *run, struct pachd *cluster, const struct place *place, bool waits,
    struct pfs_commit *out, struct err *err) NODISCARD;

#endif
