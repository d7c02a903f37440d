#include "pachd/pps/stop.h"

#include "base/arena.h"
#include "pachd/pachd_private.h"
#include "pps.pb-c.h"
#include "pps_v2.pb-c.h"

static struct str
stop_request(const struct pachd *p, const struct pachd_target *target)
{
	Pps__Pipeline one = PPS__PIPELINE__INIT;
	Pps__StopPipelineRequest request_one = PPS__STOP_PIPELINE_REQUEST__INIT;
	PfsV2__Project project = PFS_V2__PROJECT__INIT;
	PpsV2__Pipeline two = PPS_V2__PIPELINE__INIT;
	PpsV2__StopPipelineRequest request_two = PPS_V2__STOP_PIPELINE_REQUEST__INIT;

	one.name = two.name = arena_cstr(p->arena, target->name);
	request_one.pipeline = &one;
	if (p->generation->api == &api_1)
		return message_pack(p->arena, &request_one.base);
	project.name = arena_cstr(p->arena, target->project);
	if (p->generation->projects)
		two.project = &project;
	request_two.pipeline = &two;
	return message_pack(p->arena, &request_two.base);
}

int
pachd_stop(struct pachd *p, const struct pachd_target *target, struct err *err)
{
	struct call call = { .method = p->generation->api->stop_pipeline,
		.request = stop_request(p, target) };

	if (channel_ask(p->channel, &call, 1, p->arena, err) < 0)
		return -1;
	return call.status == GRPC_OK ? 0 : rpc_error(p, &call, err);
}
