#include "process/stop_wait.h"

#include <assert.h>
#include <limits.h>
#include <poll.h>

#include "base/clock.h"

/* What poll() takes: -1 for no end. */
static int
sleep_ms(int64_t until_ms)
{
	int64_t left = until_ms - clock_ms();

	if (until_ms == 0)
		return -1;
	if (left < 0)
		return 0;
	return left < INT_MAX ? (int)left : INT_MAX;
}

enum woken
stop_wait(const struct waited *w)
{
	struct pollfd fds[] = { { .fd = w->stop_fd, .events = POLLIN },
		{ .fd = w->fd, .events = POLLIN } };

	assert(w->until_ms != 0 || w->stop_fd >= 0 || w->fd >= 0);
	for (;;) {
		int ms = sleep_ms(w->until_ms);
		int ready = poll(fds, COUNT_OF(fds), ms);

		if (ready > 0)
			return fds[0].revents ? WOKEN_BY_STOP : WOKEN_BY_FD;
		/* a handled signal, or a time that is longer than poll() takes, only begins the next turn */
		if (ms == 0 || (w->until_ms != 0 && clock_ms() >= w->until_ms))
			return WOKEN_BY_TIME;
	}
}

bool
stop_is_set(int stop_fd)
{
	const struct waited now = { .stop_fd = stop_fd, .fd = -1, .until_ms = 1 };

	return stop_wait(&now) == WOKEN_BY_STOP;
}

bool
stop_pause(int stop_fd, int64_t ms, int64_t deadline_ms)
{
	struct waited pause = { .stop_fd = stop_fd, .fd = -1, .until_ms = clock_ms() + ms };

	if (deadline_ms != 0 && pause.until_ms >= deadline_ms)
		return false;
	return stop_wait(&pause) == WOKEN_BY_TIME;
}
