/*
 * watch.h: a thread that sees signals and the time while the run itself cannot look.
 *
 * The first SIGINT or SIGTERM makes stop_fd readable, and the run ends in order. Where it does not, because it
 * computes, waits for standard input, or is in a library that a server keeps busy, the thread shuts down the
 * sockets that the library reads, and ends the process when that does not help. A second signal ends the process
 * at once. A process has one watch: it blocks both signals for all threads.
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

/* All functions below do nothing for a watch of NULL. */

/* Readable since the first signal; to be polled, never read. -1 without a watch. */
int watch_stop_fd(const struct watch *w);

/* The first signal that came; 0: none. */
int watch_signal(const struct watch *w);

/* Between the two calls the run looks at stop_fd and the clock itself, or must not be interrupted: after a signal
 * or the deadline it gets WATCH_HELD_MS to end in order, otherwise WATCH_FREE_MS. Pairs nest. */
void watch_hold(struct watch *w);
void watch_release(struct watch *w);

enum { WATCH_FREE_MS = 700, WATCH_HELD_MS = 5000, WATCH_REPORT_MS = 2000 };

/* The run may go on until `until_ms`, even after a signal or the deadline: it cleans up, or finishes a write.
 * After that it has WATCH_REPORT_MS to report. */
void watch_allow(struct watch *w, int64_t until_ms);

/*
 * A line with its line end that says what may be left on a server; where the thread has to end the process, it
 * writes the line behind those of watch_ends. NULL: none. Borrowed until it is replaced or watch_end(). A line
 * with control characters or "##", which could command a CI runner, counts as NULL.
 */
void watch_hint(struct watch *w, const char *line);

/* A socket that a library works on. Its number may be closed and used again without notice. */
void watch_socket(struct watch *w, int fd);

/*
 * Around a call into a library that reads those sockets. The call must return by `until_ms` (0: at any time), and
 * with `heeds_stop` soon after a signal; else the sockets are shut down, again and again until it returns.
 * watch_leave() is true when that happened since watch_enter().
 */
void watch_enter(struct watch *w, int64_t until_ms, bool heeds_stop);
bool watch_leave(struct watch *w);

#endif
