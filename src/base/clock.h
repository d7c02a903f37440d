/* clock.h: the monotonic clock, which deadlines are on. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

/* CLOCK_MONOTONIC in ms. */
int64_t clock_ms(void);

#endif
