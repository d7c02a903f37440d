/* elapsed.h: how long something took, for people. */
#ifndef BASE_ELAPSED_H
#define BASE_ELAPSED_H

#include <stdint.h>

#include "base/str.h"

struct arena;

/* "0.3s", "12s", "1m12s", "10m", "2h5m": below 10 s with tenths, else in whole seconds; both are rounded down.
 * "0s" for 0 and less. In `a`. */
struct str elapsed_text(struct arena *a, int64_t ms);

#endif
