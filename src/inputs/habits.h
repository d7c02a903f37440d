/* habits.h: commands of pachctl, kubectl and other tools, and the commands of pachup that do the same. Pure. */
#ifndef INPUTS_HABITS_H
#define INPUTS_HABITS_H

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

struct arena;

/*
 * Checks whether the arguments (without the program's name) begin with a command of another tool, such as "apply"
 * or "update pipeline". 0: they do not. -1 with ERR_USAGE: they do; the hint is the command line of pachup, with
 * the user's own words where they need no quotes in a shell, else with placeholders. Flags of the other tool are
 * left out.
 */
int habit_check(struct arena *a, int argc, char *const *argv, struct err *err) NODISCARD;

/* The command of pachup for one or two words: "push" for "apply". NULL: they are not in the table, or pachup has
 * none. */
const char *habit_command(struct str words);

#endif
