#include "pachd/license.h"

#include <stdlib.h>

#include "base/arena.h"
#include "enterprise.pb-c.h"
#include "pachd/rpc.h"
#include "pps.pb-c.h"
#include "pps_v2.pb-c.h"

/* The states of both lines have the same numbers. */
static_assert((int)ENTERPRISE__STATE__EXPIRED == 2, "2.x has it, too");

bool
license_is_asked(const struct pachd *p)
{
	return p->facts.release >= RELEASE(1, 12, 0);
}

/* Their names are enough. */
static struct str
list_request(const struct pachd *p)
{
	Pps__ListPipelineRequest one = PPS__LIST_PIPELINE_REQUEST__INIT;
	PpsV2__ListPipelineRequest two = PPS_V2__LIST_PIPELINE_REQUEST__INIT;

	one.has_allow_incomplete = one.allow_incomplete = 1;
	return p->generation->api == API_1 ? message_pack(p->arena, &one.base)
	                                   : message_pack(p->arena, &two.base);
}

static int
by_text(const void *left, const void *right)
{
	return str_cmp(*(const struct str *)left, *(const struct str *)right);
}

/* Pipelines of several projects that have one name count once: the server's own count does not know projects. */
static size_t
count_names(struct pachd *p, const struct call *call)
{
	struct str *names = ARENA_ARRAY(p->arena, call->reply_count, struct str);
	size_t count = 0;

	for (size_t i = 0; i < call->reply_count; i++)
		names[i] =
		    message_string(message_message(message_read(p->arena,
		                                       rpc_method(p, METHOD_LIST_PIPELINE)->reply,
		                                       call->replies[i]),
		                       "pipeline"),
		        "name");
	if (call->reply_count > 1)
		qsort(names, call->reply_count, sizeof(*names), by_text);
	for (size_t i = 0; i < call->reply_count; i++)
		count += i == 0 || !str_eq(names[i], names[i - 1]);
	return count;
}

int
license_count(struct pachd *p, struct pachd_license *license, struct err *err)
{
	struct call call = rpc_call(p, METHOD_LIST_PIPELINE);

	if (!license->is_limited)
		return 0;
	call.request = list_request(p);
	if (channel_ask(p->channel, &call, 1, p->arena, err) < 0)
		return -1;
	license->is_limited = call.status == GRPC_OK;
	if (call.status != GRPC_OK)
		return 0;
	license->pipelines =
	    p->generation->api == API_2
	        ? count_names(p, &call)
	        : message_count(message_read(p->arena, rpc_method(p, METHOD_LIST_PIPELINE)->reply,
	                            call.replies[0]),
	            "pipeline_info");
	return 0;
}

void
license_learn(const struct pachd *p, const struct call *call, struct pachd_license *out)
{
	const ProtobufCMessage *m = NULL;
	int64_t state;

	*out = (struct pachd_license){ .is_limited = false };
	if (call->status == GRPC_OK)
		m = message_read(
		    p->arena, rpc_method(p, METHOD_GET_STATE)->reply, call->replies[0]);
	if (!m)
		return;
	state = message_int(m, "state");
	out->is_limited = state != ENTERPRISE__STATE__ACTIVE;
	out->is_expired = state == ENTERPRISE__STATE__EXPIRED;
	out->remedy = p->generation->api == API_2 ? "pachctl license activate"
	                                          : "pachctl enterprise activate";
}

int
pachd_license(struct pachd *p, struct pachd_license *out, struct err *err)
{
	struct call call;

	*out = (struct pachd_license){ .is_limited = false };
	if (!license_is_asked(p))
		return 0;
	call = rpc_call(p, METHOD_GET_STATE);
	if (channel_ask(p->channel, &call, 1, p->arena, err) < 0)
		return -1;
	license_learn(p, &call, out);
	return license_count(p, out, err);
}
