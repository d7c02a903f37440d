/* stop_wait.h: the one way to wait: a signal, a time and a descriptor end it. */
#ifndef PROCESS_STOP_WAIT_H
#define PROCESS_STOP_WAIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/base.h"

/* What ended a wait. */
enum woken { WOKEN_BY_TIME, WOKEN_BY_STOP, WOKEN_BY_FD };

/* What may end a wait. */
struct waited {
	int stop_fd;      /* readable since the first signal (watch_stop_fd()); -1: none */
	int fd;           /* readable, at its end or broken; -1: none */
	int64_t until_ms; /* clock_ms(); a time that has passed only looks; 0: no end */
};

/* Sleeps until the first of them comes; of two that are there already, the signal counts. A wait that
 * nothing can end (no descriptor, no time) is a mistake of ours. */
enum woken stop_wait(const struct waited *w) NODISCARD;

/* Whether the signal has come. Does not sleep. */
bool stop_is_set(int stop_fd) NODISCARD;

/* Sleeps `ms` before something is tried again. False: a signal came meanwhile, or `deadline_ms` (clock_ms();
 * 0: none) would pass before the end of the pause, and then without any sleep. */
bool stop_pause(int stop_fd, int64_t ms, int64_t deadline_ms);

#endif
