#include "pachd/license.h"

#include "enterprise.pb-c.h"
#include "pachd/rpc.h"
#include "pps.pb-c.h"

/* Their names are enough. */
static int
count_pipelines(struct pachd *p, struct pachd_license *out, struct err *err)
{
	Pps__ListPipelineRequest all = PPS__LIST_PIPELINE_REQUEST__INIT;
	struct call call = rpc_call(p, METHOD_LIST_PIPELINE);
	const ProtobufCMessage *list = NULL;

	all.has_allow_incomplete = all.allow_incomplete = 1;
	call.request = message_pack(p->arena, &all.base);
	if (channel_ask(p->channel, &call, 1, p->arena, err) < 0)
		return -1;
	if (call.status == GRPC_OK)
		list = message_read(
		    p->arena, rpc_method(p, METHOD_LIST_PIPELINE)->reply, call.replies[0]);
	out->is_limited = list != NULL;
	out->pipelines = list ? message_count(list, "pipeline_info") : 0;
	return 0;
}

int
pachd_license(struct pachd *p, struct pachd_license *out, struct err *err)
{
	struct call call;
	const Enterprise__GetStateResponse *state = NULL;

	*out = (struct pachd_license){ .is_limited = false };
	if (p->facts.release < RELEASE(1, 12, 0) || p->generation->api != API_1)
		return 0;
	call = rpc_call(p, METHOD_GET_STATE);
	if (channel_ask(p->channel, &call, 1, p->arena, err) < 0)
		return -1;
	if (call.status == GRPC_OK)
		state = (const Enterprise__GetStateResponse *)message_read(
		    p->arena, rpc_method(p, METHOD_GET_STATE)->reply, call.replies[0]);
	if (!state || (state->has_state && state->state == ENTERPRISE__STATE__ACTIVE))
		return 0;
	out->is_expired = state->has_state && state->state == ENTERPRISE__STATE__EXPIRED;
	return count_pipelines(p, out, err);
}
