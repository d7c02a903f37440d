/*
 * watch.h: a thread that sees signals and the time while the run itself cannot look.
 *
 * The first SIGINT or SIGTERM makes stop_fd readable, and the run ends itself in order. Where it does not,
 * because it computes, waits for standard input, or sits in a library that a server keeps busy, the thread
 * cuts the sockets that the library reads, and ends the process when even that does not help. A second
 * signal ends the process at once. One watch per process: it blocks both signals for all threads.
 */
#ifndef PROCESS_WATCH_H
#define PROCESS_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/base.h"
#include "base/err.h"

struct watch;

/* How the process ends when the thread has to end it. */
struct watch_ends {
	int64_t deadline_ms;     /* CLOCK_MONOTONIC in ms; 0: the time does not end the run */
	int late_code;           /* the exit code when that time has passed */
	const char *interrupted; /* lines for standard error, each with its line end; borrowed */
	const char *late;
};

/* Owned: end it with watch_end(); NULL is fine there. NULL with ERR_SYSTEM: no memory, descriptor or thread. */
struct watch *watch_start(const struct watch_ends *ends, struct err *err) NODISCARD;
void watch_end(struct watch *w);

/* In all that follows a watch of NULL does nothing. */

/* Readable since the first signal; to be polled, never read. -1 without a watch. */
int watch_stop_fd(const struct watch *w);

/* The first signal that came; 0: none. */
int watch_signal(const struct watch *w);

/* Between both the run looks at stop_fd and the clock itself, or must not be ended in the middle: it gets
 * WATCH_HELD_MS to end in order after a signal or the deadline instead of WATCH_FREE_MS. Pairs nest. */
void watch_hold(struct watch *w);
void watch_release(struct watch *w);

enum { WATCH_FREE_MS = 700, WATCH_HELD_MS = 5000, WATCH_REPORT_MS = 2000 };

/* The run may go on until `until_ms`, whatever has come: it cleans up, or finishes a write. After that it has
 * WATCH_REPORT_MS to say how it went. */
void watch_allow(struct watch *w, int64_t until_ms);

/*
 * What may be left on a server when the thread has to end the process from now on: a line with its line end,
 * written behind those of watch_ends. NULL: nothing. Borrowed until it is replaced or watch_end(). A line with
 * control characters or "##", which could command a CI runner, is taken for NULL.
 */
void watch_hint(struct watch *w, const char *line);

/* A socket that a library works on. Its number may be closed and used again without notice. */
void watch_socket(struct watch *w, int fd);

/*
 * Around a call into a library that reads those sockets. It must be back by `until_ms` (0: at any time), and
 * soon after a signal when `heeds_stop`; else the sockets are shut down, as often as it takes.
 * watch_leave() is true when that was done since watch_enter().
 */
void watch_enter(struct watch *w, int64_t until_ms, bool heeds_stop);
bool watch_leave(struct watch *w);

#endif
