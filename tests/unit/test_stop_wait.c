/* process/stop_wait.h: what ends a wait, in a table of what is there already and what comes. */
#include "tap.h"

#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/clock.h"
#include "process/stop_wait.h"

/* Much longer than any row takes: a wait that sleeps that long has missed its end. */
enum { LONG_MS = 60000 };

static const struct row {
	const char *name;
	bool has_signal, has_bytes, is_closed; /* what is there when the wait begins */
	int64_t ms;                            /* until then, from now; -1: it has passed already */
	enum woken woken;
} rows[] = {
	{ "a time that has passed only looks", false, false, false, -1, WOKEN_BY_TIME },
	{ "a time that comes", false, false, false, 5, WOKEN_BY_TIME },
	{ "a signal that is there", true, false, false, LONG_MS, WOKEN_BY_STOP },
	{ "a signal is seen when the time has passed, too", true, false, false, -1, WOKEN_BY_STOP },
	{ "bytes that are there", false, true, false, LONG_MS, WOKEN_BY_FD },
	{ "the other end is closed", false, false, true, LONG_MS, WOKEN_BY_FD },
	{ "of both the signal counts", true, true, false, LONG_MS, WOKEN_BY_STOP },
};

static void
try_row(const struct row *row)
{
	int stop[2], other[2];
	int64_t begun = clock_ms();
	struct waited w;
	enum woken woken;

	if (pipe(stop) < 0 || pipe(other) < 0 || (row->has_signal && write(stop[1], "x", 1) != 1)
	    || (row->has_bytes && write(other[1], "x", 1) != 1))
		exit(2);
	if (row->is_closed)
		(void)close(other[1]);
	w = (struct waited){ .stop_fd = stop[0], .fd = other[0], .until_ms = begun + row->ms };
	woken = stop_wait(&w);
	ok(woken == row->woken && clock_ms() - begun < LONG_MS, "%s", row->name);
	ok(row->woken != WOKEN_BY_TIME || clock_ms() >= begun + row->ms, "%s: not before",
	    row->name);
	ok(stop_is_set(stop[0]) == row->has_signal, "%s: and whether there is one", row->name);
	(void)close(stop[0]), (void)close(stop[1]), (void)close(other[0]);
	if (!row->is_closed)
		(void)close(other[1]);
}

static void
take_alarm(int number)
{
	(void)number;
}

/* A handled signal of another kind wakes poll(), but no wait. */
static void
test_wait__survives_an_interrupted_call(void)
{
	struct sigaction action = { .sa_handler = take_alarm };
	struct itimerval soon = { .it_interval = { 0, 2000 }, .it_value = { 0, 2000 } };
	const struct itimerval never = { { 0, 0 }, { 0, 0 } };
	int64_t begun = clock_ms();

	(void)sigaction(SIGALRM, &action, NULL);
	(void)setitimer(ITIMER_REAL, &soon, NULL);
	ok(stop_pause(-1, 40, 0) && clock_ms() - begun >= 40, "the pause has its whole length");
	(void)setitimer(ITIMER_REAL, &never, NULL);
}

static void
test_pause__ends_before_the_deadline_would(void)
{
	int64_t begun = clock_ms();

	ok(!stop_pause(-1, LONG_MS, begun + LONG_MS), "no pause that the deadline would end");
	ok(clock_ms() - begun < LONG_MS, "and it does not sleep");
	ok(stop_pause(-1, 1, begun + LONG_MS), "a pause that ends before the deadline");
	ok(stop_pause(-1, 1, 0), "a pause without a deadline");
	ok(!stop_is_set(-1), "without a watch there is no signal");
}

int
main(void)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		try_row(&rows[i]);
	test_wait__survives_an_interrupted_call();
	test_pause__ends_before_the_deadline_would();
	return done();
}
