/* duration.h: spans of time as people give them. */
#ifndef INPUTS_DURATION_H
#define INPUTS_DURATION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* "26w", "30d", "1h30m", "1.5s", "250ms" and "0": numbers with the units w, d, h, m, s, ms, which are added up; in ms.
 * False when it is not one, or longer than 100 years. Durations in specs have another grammar, which is pachd's: Go's, in
 * nanoseconds, without w and d (wire/scalar.h). */
bool duration_read(struct str text, int64_t *ms);

#endif
