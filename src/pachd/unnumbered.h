/* unnumbered.h: servers that report 0.0.0, as development builds do: their generation by what they answer. */
#ifndef PACHD_UNNUMBERED_H
#define PACHD_UNNUMBERED_H

#include <stdint.h>

#include "base/base.h"
#include "base/err.h"

struct pachd;

/* Makes calls that came with a generation of 2.x, in one flight; *out becomes a release of the generation that has
 * them, the newest where no answer shows it (a paused cluster has no such services). -1: the channel's failures. */
int unnumbered_find(struct pachd *p, uint32_t *out, struct err *err) NODISCARD;

#endif
