#include "pachd/pps/delete.h"

#include "base/arena.h"
#include "pachd/pfs/pfs_private.h"
#include "pachd/pps/poll.h"
#include "process/stop_wait.h"

enum { LOOK_MS = 15000 }; /* what is lost must be found, though the run's time may be up */

bool
pps_can_keep_repo(const struct pachd_facts *facts)
{
	return facts->release >= RELEASE(1, 10, 0);
}

/* Looks until the pipeline is gone, or as often as is sensible: a server may still be at work on a call whose
 * answer was lost. */
static void
look_again(
    struct pachd *p, const struct pachd_target *target, bool answered, struct pps_deletion *out)
{
	static const int pauses_ms[] = { 100, 400, 1000 };
	struct deployed now;
	struct err ignored;

	if (!answered)
		channel_grace(p->channel, LOOK_MS);
	for (size_t i = 0;; i++) {
		out->is_unknown = pachd_inspect(p, p->arena, target, 1, &now, &ignored) < 0;
		out->is_gone = !out->is_unknown && !now.exists;
		out->is_stopped = !out->is_unknown && now.exists && now.stopped;
		if (out->is_unknown || out->is_gone || answered || i == COUNT_OF(pauses_ms))
			return;
		(void)stop_pause(-1, pauses_ms[i], 0);
	}
}

int
pps_delete(struct pachd *p, const struct pachd_target *target, bool keeps_repo,
    struct pps_deletion *out, struct err *err)
{
	ProtobufCMessage *request = rpc_request(p, p->arena, METHOD_DELETE_PIPELINE);
	struct call call = rpc_call(p, METHOD_DELETE_PIPELINE);

	*out = (struct pps_deletion){ .words = STR("") };
	pps_build_pipeline(p, p->arena, request, target);
	if (keeps_repo)
		build_flag(request, "keep_repo");
	call.request = message_pack(p->arena, request);
	if (rpc_send(p, p->arena, &call, err) == 0) {
		out->is_gone = true;
		return 0;
	}
	if (!call.answered && !call.sent)
		return -1;
	look_again(p, target, call.answered, out);
	if (!out->is_gone)
		return -1;
	out->words = call.answered ? call.message : STR("");
	return 0;
}
