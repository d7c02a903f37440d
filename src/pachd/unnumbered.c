#include "pachd/unnumbered.h"

#include <string.h>

#include "base/arena.h"
#include "pachd/rpc.h"
#include "pfs_v2.pb-c.h"

/* What the server says to a method that it does not have: code 12 from 2.4.2 on, a text before. That
 * authentication is off has code 12, too. */
static bool
is_unknown(const struct call *call)
{
	const char *text = call->message.ptr ? call->message.ptr : "";

	return (call->status == GRPC_UNIMPLEMENTED && strstr(text, "unknown method"))
	       || (call->status == GRPC_UNKNOWN && strstr(text, "no auth function for"));
}

int
unnumbered_find(struct pachd *p, uint32_t *out, struct err *err)
{
	PfsV2__Project project = PFS_V2__PROJECT__INIT;
	PfsV2__InspectProjectRequest request = PFS_V2__INSPECT_PROJECT_REQUEST__INIT;
	struct call calls[] = { rpc_call(p, METHOD_GET_CLUSTER_DEFAULTS),
		rpc_call(p, METHOD_INSPECT_PROJECT) };

	project.name = arena_cstr(p->arena, STR("default"));
	request.project = &project;
	calls[1].request = message_pack(p->arena, &request.base);
	if (channel_ask(p->channel, calls, COUNT_OF(calls), p->arena, err) < 0)
		return -1;
	*out = (uint32_t)RELEASE_NEWEST;
	if (is_unknown(&calls[1]))
		*out = RELEASE(2, 4, 6);
	else if (is_unknown(&calls[0]))
		*out = RELEASE(2, 7, 8);
	return 0;
}
