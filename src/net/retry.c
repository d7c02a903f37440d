/* Calls that may be asked again. */
#include <time.h>

#include "base/arena.h"
#include "net/call.h"
#include "process/stop_wait.h"

enum {
	MOST_RETRIES = 4,
	FIRST_PAUSE_MS =
	    200, /* doubled each time: 3 s in all, the time that a proxy takes to turn */
};

static bool
may_ask_again(const struct call *call)
{
	if (call->source || call->sink)
		return false;
	return call->answered ? call->status == GRPC_UNAVAILABLE : call->transient;
}

/* Between half of `ms` and all of it, so that many clients of one server do not come back at once. */
static int64_t
jitter(int64_t ms)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now); /* cannot fail with this clock */
	return ms / 2 + now.tv_nsec / 1000 % (ms / 2 + 1);
}

static bool
pause_before(const struct channel *c, int attempt)
{
	int64_t ms = jitter((int64_t)FIRST_PAUSE_MS << (attempt - 1));

	return stop_pause(channel_stop_fd(c), ms, c->deadline_ms);
}

static void
report_retry(const struct channel *c, const struct call *call, int attempt)
{
	struct err why = call->why;

	if (!c->opts.on_retry)
		return;
	if (call->answered)
		(void)err_set(&why, ERR_NETWORK, "'%s' is not available: %.*s", c->opts.url.text,
		    STR_FMT(str_head(call->message, 300)));
	c->opts.on_retry(c->opts.retry_ctx, &why, attempt, MOST_RETRIES);
}

/* Writes the places of the calls to send again into `which`; how many. 0 when another call failed
 * for good: then the whole has failed. */
static size_t
choose_calls(const struct call *calls, size_t count, size_t *which)
{
	size_t used = 0;

	for (size_t i = 0; i < count; i++) {
		if (may_ask_again(&calls[i]))
			which[used++] = i;
		else if (!calls[i].answered)
			return 0;
	}
	return used;
}

int
channel_ask(struct channel *c, struct call *calls, size_t count, struct arena *a, struct err *err)
{
	size_t *which = ARENA_ARRAY(a, count, size_t);
	struct call *again = ARENA_ARRAY(a, count, struct call);
	int rc = channel_run(c, calls, count, a, err);

	for (int attempt = 1; attempt <= MOST_RETRIES; attempt++) {
		size_t used = choose_calls(calls, count, which);

		if (used == 0 || !pause_before(c, attempt))
			break;
		report_retry(c, &calls[which[0]], attempt);
		for (size_t i = 0; i < used; i++)
			again[i] = calls[which[i]];
		rc = channel_run(c, again, used, a, err);
		for (size_t i = 0; i < used; i++)
			calls[which[i]] = again[i];
	}
	return rc < 0 ? calls_verdict(calls, count, err) : 0;
}
