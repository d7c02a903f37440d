/* How long calls may take. */
#include "base/clock.h"
#include "pachd/pachd_private.h"

int64_t
share_ms(const struct pachd *p, int64_t parts, int64_t most)
{
	int64_t share = p->opts.deadline_ms > 0 ? (p->opts.deadline_ms - clock_ms()) / parts : most;

	if (share < 1)
		return 1;
	return share < most ? share : most;
}

void
pachd_grace(struct pachd *p, int64_t grace_ms)
{
	p->opts.stop_fd = -1;
	p->opts.deadline_ms = clock_ms() + grace_ms;
	channel_grace(p->channel, grace_ms);
}
