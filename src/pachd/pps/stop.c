#include "pachd/pps/stop.h"

#include "base/arena.h"
#include "pachd/rpc.h"
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
	if (p->generation->api == API_1)
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
	struct call call = rpc_call(p, METHOD_STOP_PIPELINE);

	call.request = stop_request(p, target);
	return rpc_ask(p, p->arena, &call, err);
}
