/* since.h: input `since`: which specs changed since a commit, and what left them. */
#ifndef DEPLOY_GATHER_SINCE_H
#define DEPLOY_GATHER_SINCE_H

#include "base/base.h"
#include "base/err.h"

struct lists;
struct run;
struct work;

/*
 * Marks those of work->all as left out of which nothing changed since the commit of input `since`: a revision's
 * merge base with HEAD, or for "event" what the CI event says was there before. Changed means: the file, its line in a
 * list, or the image that an image line gives it. Fills in work->gone and work->since. Where an event names
 * no such commit, or this clone does not hold it, everything counts as changed, with a warning; never
 * nothing by mistake. The log says which commit it was and how many are left. -1: ERR_USAGE "event"
 * without a CI event; ERR_SYSTEM no repository, a revision that is not there, or a history that is cut
 * off before the merge base.
 */
int since_mark(
    struct run *run, const struct lists *lists, struct work *work, struct err *err) NODISCARD;

#endif
