/* unnumbered.h: servers that report 0.0.0, as builds of its makers do: their generation by what they answer. */
#ifndef PACHD_UNNUMBERED_H
#define PACHD_UNNUMBERED_H

#include <stdint.h>

#include "base/base.h"
#include "base/err.h"

struct pachd;

/* Asks a 2.x server for what came with a generation, in one flight; *out becomes a release of that generation, the
 * newest where no answer shows it (a paused cluster has no such services). -1: the channel's failures. */
int unnumbered_find(struct pachd *p, uint32_t *out, struct err *err) NODISCARD;

#endif
