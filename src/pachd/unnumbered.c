#include "pachd/unnumbered.h"

#include "pachd/preflight_calls.h"
#include "pachd/rpc.h"

/* Whether the server does not have the method: code 12 from 2.4.2 on, a text before. Code 12 alone may also mean that
 * authentication is off. */
static bool
is_unknown(const struct call *call)
{
	return (call->status == GRPC_UNIMPLEMENTED && call_says(call, "unknown method"))
	       || (call->status == GRPC_UNKNOWN && call_says(call, "no auth function for"));
}

int
unnumbered_find(struct pachd *p, uint32_t *out, struct err *err)
{
	struct call calls[] = { rpc_call(p, METHOD_GET_CLUSTER_DEFAULTS),
		rpc_call(p, METHOD_INSPECT_PROJECT) };

	calls[1].request = project_request(p->arena, STR("default"));
	if (channel_ask(p->channel, calls, COUNT_OF(calls), p->arena, err) < 0)
		return -1;
	*out = (uint32_t)RELEASE_NEWEST;
	if (is_unknown(&calls[1]))
		*out = RELEASE(2, 4, 6);
	else if (is_unknown(&calls[0]))
		*out = RELEASE(2, 7, 8);
	return 0;
}
