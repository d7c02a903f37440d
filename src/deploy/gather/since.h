/* since.h: input `since`: only specs whose files changed since a commit. */
#ifndef DEPLOY_GATHER_SINCE_H
#define DEPLOY_GATHER_SINCE_H

#include "base/base.h"
#include "base/err.h"

struct run;
struct work;

/*
 * Leaves only those candidates in work->list whose files differ from what the commit of input `since`
 * held: a revision's merge base with HEAD, or for "event" what the CI event says was there before.
 * Where an event names no such commit, or this clone does not hold it, everything counts as changed,
 * with a warning; never nothing by mistake. The log says which commit it was and how many are left.
 * -1: ERR_USAGE "event" without a CI event; ERR_SYSTEM no repository, a revision that is not there,
 * or a history that is cut off before the merge base.
 */
int since_restrict(struct run *run, struct work *work, struct err *err) NODISCARD;

#endif
