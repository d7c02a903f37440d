#include "pachd/pps/stop.h"

#include "pachd/pps/pps_private.h"

/* Both calls may come twice, so they are repeated where a failure may pass. */
static int
call_for(struct pachd *p, enum method_id id, const struct pachd_target *target, struct err *err)
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
	return call_for(p, METHOD_STOP_PIPELINE, target, err);
}

int
pachd_start(struct pachd *p, const struct pachd_target *target, struct err *err)
{
	return call_for(p, METHOD_START_PIPELINE, target, err);
}
