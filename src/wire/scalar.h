/* scalar.h: scalars as people write them in specs. Pure. */
#ifndef WIRE_SCALAR_H
#define WIRE_SCALAR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/base.h"
#include "base/str.h"

/* An integer, perhaps with '-'; also "1.0" and "1e3" where that is a whole number below 2^53. False for any other
 * text, and for a number outside [low, high]. */
bool value_int(struct str text, int64_t low, int64_t high, int64_t *out);
bool value_uint(struct str text, uint64_t high, uint64_t *out);

/* A decimal number; "NaN", "Infinity" and "-Infinity" too. */
bool value_double(struct str text, double *out);

/* Seconds and nanoseconds of the same sign. */
struct span_of_time {
	int64_t seconds;
	int32_t nanos;
};

/* Go's duration syntax: "90s", "1h30m", "1.5h", "100ms", "-5m", "0"; the protobuf form is a part of
 * it. At most 10,000 years. */
bool value_duration(struct str text, struct span_of_time *out);

/* RFC 3339 as protobuf's JSON readers take it: "2024-02-29T12:00:00.5+01:00", 'T' and 'Z' as capitals, at
 * most nine digits of a second, years 1 to 9999 in UTC. Seconds since 1970 in UTC. */
bool value_timestamp(struct str text, struct span_of_time *out);

#endif
