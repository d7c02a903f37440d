/* duration.h: spans of time as people give them. */
#ifndef INPUTS_DURATION_H
#define INPUTS_DURATION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* Reads "26w", "30d", "1h30m", "1.5s", "250ms" or "0": numbers with the units w, d, h, m, s, ms, whose sum in ms
 * is *ms. False for any other text and for more than 100 years. Durations in specs have the grammar of pachd,
 * which is Go's: in nanoseconds, without w and d (wire/scalar.h). */
bool duration_read(struct str text, int64_t *ms);

#endif
