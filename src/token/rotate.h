/* rotate.h: replaces the run's token by a new one. */
#ifndef TOKEN_ROTATE_H
#define TOKEN_ROTATE_H

#include "base/base.h"
#include "base/err.h"

struct run;

/*
 * Asks the cluster for a new token of the same robot (or input `robot`), tests it, stores it where inputs say
 * (token/store.h), and then revokes the old one, unless input `keep-old` is true. After any failure or a signal at least
 * one token is still valid, and the log says which one and where it is stored. -1: ERR_USAGE inputs that are missing or do
 * not fit together; ERR_REFUSED the user may not make tokens; the failures of the cluster and of the places.
 */
int token_rotate(struct run *run, struct err *err) NODISCARD;

#endif
