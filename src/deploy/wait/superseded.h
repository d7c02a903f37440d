/* superseded.h: whether somebody else pushed the same pipelines at the same time. */
#ifndef DEPLOY_WAIT_SUPERSEDED_H
#define DEPLOY_WAIT_SUPERSEDED_H

#include <stddef.h>

#include "base/base.h"
#include "base/err.h"

struct waiter;

/* A push that came between ours and the plan makes our version a later one than was planned. What is live
 * is ours when it came with our transaction, or when it is what our spec makes of it: then the step's
 * version becomes that one, and the log says so. */
void waiter_take_over(struct waiter *w, size_t i);

/* What runs as step i's pipeline is somebody else's, or nothing: always -1 with ERR_SUPERSEDED. */
int waiter_superseded(struct waiter *w, size_t i, struct err *err);

#endif
