/* downstream.h: pipelines that read from what was pushed and are not in the plan (2.x). */
#ifndef DEPLOY_WAIT_DOWNSTREAM_H
#define DEPLOY_WAIT_DOWNSTREAM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/err.h"

struct arena;
struct buf;
struct job;
struct jobs;
struct waiter;

/* Asks what kind of pipelines those outside the plan are that have a job of the push and were
 * not seen before. -1 with the channel's failures. */
int downstream_inspect(
    struct waiter *w, struct arena *scratch, const struct jobs *jobs, struct err *err) NODISCARD;

/* Notes the state of the job, of a pipeline outside the plan; true when it will never end. */
bool downstream_is_endless(const struct waiter *w, const struct job *job);

/* Adds to `names` those whose jobs have not ended, and returns how many there are. `before` are named already. */
size_t downstream_missing(const struct waiter *w, struct buf *names, size_t before);

#endif
