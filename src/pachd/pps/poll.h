/* poll.h: what runs now, asked again. */
#ifndef PACHD_PPS_POLL_H
#define PACHD_PPS_POLL_H

#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "pachd/pachd.h"

struct arena;
struct deployed;

/* What runs now, asked again after pachd_probe(): one call, or one for each target where they are few.
 * Everything lives in `scratch`. Failures as pachd_probe(). */
int pachd_poll(struct pachd *p, struct arena *scratch, const struct pachd_target *targets,
    size_t count, struct deployed *out, struct err *err) NODISCARD;
/* The same for those who ask once: a lost connection and the like is asked again, as channel_ask() does. */
int pachd_inspect(struct pachd *p, struct arena *scratch, const struct pachd_target *targets,
    size_t count, struct deployed *out, struct err *err) NODISCARD;

#endif
