/* poll.h: what runs now, again after pachd_probe(). */
#ifndef PACHD_PPS_POLL_H
#define PACHD_PPS_POLL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "pachd/pachd.h"

struct arena;
struct deployed;

/* What runs now under each target: out[i] is target i's. One call, or one for each target where they are few; sent
 * once, as who polls asks again anyway. In `scratch`. Failures as pachd_probe(). */
int pachd_poll(struct pachd *p, struct arena *scratch, const struct pachd_target *targets,
    size_t count, struct deployed *out, struct err *err) NODISCARD;
/* The same for a single look: repeated after failures that may pass, as in channel_ask(). */
int pachd_inspect(struct pachd *p, struct arena *scratch, const struct pachd_target *targets,
    size_t count, struct deployed *out, struct err *err) NODISCARD;

/* Whether to look once more for what a server may still be working on, after a pause: three times in 1.5 s, whatever
 * signal comes. `*looks` counts them, from 0. */
bool pause_and_retry(size_t *looks);

#endif
