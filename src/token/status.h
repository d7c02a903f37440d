/* status.h: whose the run's token is, and how long it is valid. */
#ifndef TOKEN_STATUS_H
#define TOKEN_STATUS_H

#include "base/base.h"
#include "base/err.h"

struct run;

/* Asks the cluster (WhoAmI) and shows the answer. EXIT_DONE; EXIT_EXPIRES, with a warning, when the token expires within
 * input `warn`; -1 with the failures of the connection. */
int token_status(struct run *run, struct err *err) NODISCARD;

#endif
