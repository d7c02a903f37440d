/* commit.h: which commit a command reads, and that it is finished. */
#ifndef DATA_COMMIT_H
#define DATA_COMMIT_H

#include <stdbool.h>

#include "base/base.h"
#include "base/err.h"
#include "data/place.h"

struct pachd;
struct run;

/*
 * Finds the commit of the place; from here on it is meant by its id, whatever happens to the branch. `waits`: for
 * its end. One that is finishing (2.x) is always waited for, as pachd itself does before a read: that takes
 * seconds. -1: ERR_REFUSED no such repo, branch or commit; ERR_TIMEOUT.
 */
int commit_look_up(struct run *run, struct pachd *cluster, const struct place *place, bool waits,
    struct pfs_commit *out, struct err *err) NODISCARD;

/* The same, of a commit that has ended well. -1 also with ERR_REFUSED: not finished where nobody waits; ERR_FAILED:
 * the job that writes it has failed. */
int commit_resolve(struct run *run, struct pachd *cluster, const struct place *place, bool waits,
    struct pfs_commit *out, struct err *err) NODISCARD;

#endif
