/* habits.h: words that users of pachctl, kubectl and other tools type, and the command of pachup that they mean. Pure. */
#ifndef INPUTS_HABITS_H
#define INPUTS_HABITS_H

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

struct arena;

/*
 * Looks whether arguments (without the program's name) begin with a command of another tool: "apply", or "update pipeline"
 * with what follows it. 0: they do not. -1 with ERR_USAGE: they do; the hint is the command line of pachup for it, with
 * the user's own words where a shell takes them as they are, else with placeholders. Flags of the other tool are left out.
 */
int habit_check(struct arena *a, int argc, char *const *argv, struct err *err) NODISCARD;

/* What pachup calls one or two words: "push" for "apply". NULL: they are not a habit, or pachup has no such command. */
const char *habit_command(struct str words);

#endif
