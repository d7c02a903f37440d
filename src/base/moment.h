/* moment.h: points in time, in seconds since 1970, as people read and write them. */
#ifndef BASE_MOMENT_H
#define BASE_MOMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/base.h"
#include "base/date.h"
#include "base/str.h"

struct arena;

/* "2026-11-21 10:00 UTC", in `a`; empty where the calendar of the system has no such year. */
struct str moment_text(struct arena *a, int64_t seconds);

/* The same for programs: "2026-11-21T10:00:00Z" (RFC 3339). */
struct str moment_iso(struct arena *a, int64_t seconds);

/* "in 12 days", "in 3 hours", "in 5 minutes"; "3 days ago" for a negative number of seconds. In `a`. */
struct str moment_distance(struct arena *a, int64_t seconds);

/* Reads "2026-12-31" (the first second of the day), "2026-12-31T10:00Z" or "2026-12-31T10:00:00Z", all in UTC.
 * False for every other text and for days before 1970. */
bool moment_read(struct str text, int64_t *seconds);

#endif
