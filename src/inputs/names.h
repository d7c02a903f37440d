/* names.h: the names under which a runner hands inputs over, and misspelt ones. */
#ifndef INPUTS_NAMES_H
#define INPUTS_NAMES_H

#include "base/base.h"
#include "base/err.h"
#include "ci/ci.h"
#include "inputs/values.h"

/*
 * For an action or a task, whose INPUT_ variables the user has written. -1 with ERR_USAGE: one of them is not an
 * input (the hint names the nearest one, base/nearest.h), a value is a macro that was not replaced ("$(token)",
 * for a variable that Azure does not know), or the agent has not handed over a service connection. 0 otherwise.
 */
int names_check(const struct values *v, const struct ci *ci, struct err *err) NODISCARD;

#endif
