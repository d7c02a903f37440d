#include "pachd/pps/delete.h"

#include "pachd/pps/poll.h"
#include "pachd/pps/pps_private.h"

enum {
	LOOK_MS = 15000
}; /* for finding out after a lost answer, also when the deadline has passed */

bool
pps_can_keep_repo(const struct pachd_facts *facts)
{
	return facts->release >= RELEASE(1, 10, 0);
}

/* Looks whether the pipeline is gone; several times after a lost answer, as the server may still be at work on the
 * call. */
static void
look_again(
    struct pachd *p, const struct pachd_target *target, bool answered, struct pps_deletion *out)
{
	struct deployed now;
	struct err ignored;
	size_t looks = 0;

	if (!answered)
		channel_grace(p->channel, LOOK_MS);
	do {
		out->is_unknown = pachd_inspect(p, p->arena, target, 1, &now, &ignored) < 0;
		out->is_gone = !out->is_unknown && !now.exists;
		out->is_stopped = !out->is_unknown && now.exists && now.stopped;
	} while (!out->is_unknown && !out->is_gone && !answered && pause_and_retry(&looks));
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
