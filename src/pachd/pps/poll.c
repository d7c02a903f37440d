#include "pachd/pps/poll.h"

#include "base/arena.h"
#include "pachd/inspect.h"
#include "process/stop_wait.h"

typedef int asking(struct channel *, struct call *, size_t, struct arena *, struct err *);

static int
poll_by(asking *ask, struct pachd *p, struct arena *scratch, const struct pachd_target *targets,
    size_t count, struct deployed *out, struct err *err)
{
	struct inspect q = { .api = p->generation->api, .targets = targets, .count = count };
	size_t used;

	q.calls = ARENA_ARRAY(scratch, inspect_calls(count), struct call);
	used = inspect_ask(&q, scratch);
	if (ask(p->channel, q.calls, used, scratch, err) < 0)
		return -1;
	return inspect_read(&q, p, scratch, out, err);
}

int
pachd_poll(struct pachd *p, struct arena *scratch, const struct pachd_target *targets, size_t count,
    struct deployed *out, struct err *err)
{
	return poll_by(channel_run, p, scratch, targets, count, out, err);
}

int
pachd_inspect(struct pachd *p, struct arena *scratch, const struct pachd_target *targets,
    size_t count, struct deployed *out, struct err *err)
{
	return poll_by(channel_ask, p, scratch, targets, count, out, err);
}

bool
pause_and_retry(size_t *looks)
{
	static const int pauses_ms[] = { 100, 400, 1000 };

	if (*looks == COUNT_OF(pauses_ms))
		return false;
	(void)stop_pause(-1, pauses_ms[(*looks)++], 0);
	return true;
}
