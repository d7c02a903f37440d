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
	struct run *run; /* NULL: the target cannot be planned */
	struct err why;  /* then: the reason */
};

/* Reads the run's token, as token_read(). A run for several targets has none: it makes run->targets in the order of
 * run->target_names, and each has inputs, mistakes and token of its own. In any case all secret inputs are erased from the
 * environment.
 *
 * With run->given makes run->plans as well, one for each target of input plan-for: runs of the command plan, with the
 * inputs of pachup.yaml and without those that are only for the run itself. What was given of a cluster (a token, whom to
 * trust) is used only where the run asks no cluster itself, a token only for a single such target; keys of seals are used
 * for all. -1: the failures of config_apply() and token_read(). */
int targets_open(struct run *run, unsigned use, struct err *err) NODISCARD;

#endif
