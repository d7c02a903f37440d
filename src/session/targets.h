/* targets.h: the logins of a run, and of each of its targets, which is a run of its own. */
#ifndef SESSION_TARGETS_H
#define SESSION_TARGETS_H

#include "base/base.h"
#include "base/err.h"

struct run;

/* Reads the run's token, as token_read(). Where the run is for several targets, makes run->targets in the order of
 * run->target_names: each has inputs, mistakes and token of its own. After that no secret input stays in the environment,
 * whatever came of it. -1: the failures of config_apply() and token_read(). */
int targets_open(struct run *run, unsigned use, struct err *err) NODISCARD;

#endif
