/* stop_wait.h: the one way to wait, until a signal, a time or a descriptor ends it. */
#ifndef PROCESS_STOP_WAIT_H
#define PROCESS_STOP_WAIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/base.h"

/* What ended a wait. */
enum woken { WOKEN_BY_TIME, WOKEN_BY_STOP, WOKEN_BY_FD };

/* What may end a wait. */
struct waited {
	int stop_fd; /* readable since the first signal (watch_stop_fd()); -1: none */
	int fd;      /* is waited for until it can be read, is at its end or broken; -1: none */
	int64_t until_ms; /* clock_ms(); 0: no end. In the past: the wait does not sleep */
};

/* Sleeps until the first of them comes; where the signal and another one are there, the signal counts. At least
 * one of the three must be given. */
enum woken stop_wait(const struct waited *w) NODISCARD;

/* Whether the signal has come. Does not sleep. */
bool stop_is_set(int stop_fd) NODISCARD;

/* Sleeps `ms` before something is tried again. False: a signal came, or the pause would end after `deadline_ms`
 * (clock_ms(); 0: none); in that case it does not sleep. */
bool stop_pause(int stop_fd, int64_t ms, int64_t deadline_ms);

#endif
