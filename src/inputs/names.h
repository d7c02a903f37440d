/* names.h: the names under which a runner hands inputs over, and misspelt ones. */
#ifndef INPUTS_NAMES_H
#define INPUTS_NAMES_H

#include "base/base.h"
#include "base/err.h"
#include "ci/ci.h"
#include "inputs/values.h"

/*
 * For an action or a task, where each INPUT_ variable was written by the user: ERR_USAGE for one that is not an input,
 * with the nearest that is (base/nearest.h); for a value that is a macro nobody has expanded ("$(token)", an undefined variable of
 * Azure's); and for a service connection that the agent did not hand over. 0 otherwise.
 */
int names_check(const struct values *v, const struct ci *ci, struct err *err) NODISCARD;

#endif
