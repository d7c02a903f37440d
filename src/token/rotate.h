/* rotate.h: a new token in the place of the run's token. */
#ifndef TOKEN_ROTATE_H
#define TOKEN_ROTATE_H

#include "base/base.h"
#include "base/err.h"

struct run;

/*
 * Asks the cluster for a new token of the same robot (or input `robot`), tests it, stores it where inputs say
 * (token/store.h), and then revokes the old one, unless input `keep-old` is true. Whatever fails on the way, or
 * a signal: at least one token still works, and the log says which and where it is. -1: ERR_USAGE inputs that
 * are missing or do not fit together; ERR_REFUSED the cluster does not hand out tokens to this one; the failures
 * of the cluster and of the places.
 */
int token_rotate(struct run *run, struct err *err) NODISCARD;

#endif
