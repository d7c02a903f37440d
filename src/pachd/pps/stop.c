#include "pachd/pps/stop.h"

#include "base/arena.h"
#include "pachd/pfs/pfs_private.h"

/* Both may come twice, so both are asked again where a failure may pass. */
static int
ask(struct pachd *p, enum method_id id, const struct pachd_target *target, struct err *err)
{
	ProtobufCMessage *request = rpc_request(p, p->arena, id);
	struct call call = rpc_call(p, id);

	pps_build_pipeline(p, p->arena, request, target);
	call.request = message_pack(p->arena, request);
	return rpc_ask(p, p->arena, &call, err);
}

int
pachd_stop(struct pachd *p, const struct pachd_target *target, struct err *err)
{
	return ask(p, METHOD_STOP_PIPELINE, target, err);
}

int
pachd_start(struct pachd *p, const struct pachd_target *target, struct err *err)
{
	return ask(p, METHOD_START_PIPELINE, target, err);
}
