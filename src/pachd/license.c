#include "pachd/license.h"

#include "enterprise.pb-c.h"
#include "pachd/client.h"
#include "pps.pb-c.h"

int
pachd_license(struct pachd *p, struct pachd_license *out, struct err *err)
{
	Pps__ListPipelineRequest all = PPS__LIST_PIPELINE_REQUEST__INIT;
	struct call calls[] = { { .method = "/enterprise.API/GetState" },
		{ .method = p->generation->api->list_pipeline } };
	const Enterprise__GetStateResponse *state;
	const ProtobufCMessage *list;

	*out = (struct pachd_license){ .is_limited = false };
	if (p->facts.release < RELEASE(1, 12, 0) || p->generation->api != &api_1)
		return 0;
	all.has_allow_incomplete = all.allow_incomplete = 1; /* their names are enough */
	calls[1].request = message_pack(p->arena, &all.base);
	if (channel_ask(p->channel, calls, COUNT_OF(calls), p->arena, err) < 0)
		return -1;
	if (calls[0].status != GRPC_OK || calls[1].status != GRPC_OK)
		return 0;
	state = (const Enterprise__GetStateResponse *)message_read(
	    p->arena, &enterprise__get_state_response__descriptor, calls[0].replies[0]);
	list = message_read(p->arena, p->generation->api->infos, calls[1].replies[0]);
	if (!state || !list)
		return 0;
	out->is_limited = !state->has_state || state->state != ENTERPRISE__STATE__ACTIVE;
	out->is_expired = state->has_state && state->state == ENTERPRISE__STATE__EXPIRED;
	out->pipelines = message_count(list, "pipeline_info");
	return 0;
}
