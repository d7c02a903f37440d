/* targets.h: the logins of a run, and of each of its targets, which is a run of its own. */
#ifndef SESSION_TARGETS_H
#define SESSION_TARGETS_H

#include "base/base.h"
#include "base/err.h"
#include "inputs/options.h"
#include "inputs/values.h"

struct run;

/* The inputs, as text and typed. */
struct given_inputs {
	struct values in;
	struct options opt;
};

/* One of input plan-for. */
struct plan_target {
	const char *name;
	struct run *run; /* NULL: it cannot be planned, */
	struct err why;
};

/* Reads the run's token, as token_read(). Where the run is for several targets, makes run->targets in the order of
 * run->target_names: each has inputs, mistakes and token of its own. After that no secret input stays in the environment,
 * whatever came of it.
 *
 * With run->given makes run->plans as well, one for each target of input plan-for: runs of the command plan, with what
 * pachup.yaml says and nothing of what the run itself is for. A token that was given to the run counts only for the
 * single target of a run that asks no cluster itself. -1: the failures of config_apply() and token_read(). */
int targets_open(struct run *run, unsigned use, struct err *err) NODISCARD;

#endif
