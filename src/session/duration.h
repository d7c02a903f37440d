/* duration.h: spans of days and weeks, as people give them for tokens. */
#ifndef SESSION_DURATION_H
#define SESSION_DURATION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "inputs/inputs.h"

struct run;

/* "26w", "30d", "624h", "1d12h", "90s": whole numbers with units w, d, h, m, s, the larger first, each at
 * most once; in seconds. False when it is none, or longer than 100 years. */
bool duration_read(struct str text, int64_t *seconds);

/* The input's duration; it must be given. -1 with ERR_USAGE: it is none, or zero. */
int duration_input(
    const struct run *run, enum input_id id, int64_t *seconds, struct err *err) NODISCARD;

#endif
