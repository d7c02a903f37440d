#include "pachd/license.h"

#include <stdlib.h>

#include "base/arena.h"
#include "enterprise.pb-c.h"
#include "pachd/rpc.h"
#include "wire/build.h"

/* The states of both interfaces have the same numbers. */
static_assert((int)ENTERPRISE__STATE__EXPIRED == 2, "2.x has it, too");

bool
license_is_asked(const struct pachd *p)
{
	return p->facts.release >= RELEASE(1, 12, 0);
}

static int
by_text(const void *left, const void *right)
{
	return str_cmp(*(const struct str *)left, *(const struct str *)right);
}

/* Pipelines of several projects that have one name count once: the server's own count does not know projects. */
static size_t
count_names(struct pachd *p, const struct rpc_list *infos)
{
	struct str *names = ARENA_ARRAY(p->arena, infos->count, struct str);
	size_t count = 0;

	for (size_t i = 0; i < infos->count; i++)
		names[i] = target_read(message_message(infos->list[i], "pipeline")).name;
	if (infos->count > 1)
		qsort(names, infos->count, sizeof(*names), by_text);
	for (size_t i = 0; i < infos->count; i++)
		count += i == 0 || !str_eq(names[i], names[i - 1]);
	return count;
}

int
license_count(struct pachd *p, struct pachd_license *license, struct err *err)
{
	ProtobufCMessage *request = rpc_request(p, p->arena, METHOD_LIST_PIPELINE);
	struct call call = rpc_call(p, METHOD_LIST_PIPELINE);
	struct rpc_list infos;

	if (!license->is_limited)
		return 0;
	if (p->generation->api == API_1)
		build_flag(request, "allow_incomplete"); /* names are enough */
	call.request = message_pack(p->arena, request);
	if (channel_ask(p->channel, &call, 1, p->arena, err) < 0)
		return -1;
	license->is_limited =
	    call.status == GRPC_OK
	    && rpc_read_list(p, p->arena, METHOD_LIST_PIPELINE, "pipeline_info", &call, &infos);
	if (license->is_limited)
		license->pipelines = count_names(p, &infos);
	return 0;
}

void
license_learn(const struct pachd *p, const struct call *call, struct pachd_license *out)
{
	const ProtobufCMessage *m = rpc_answer(p, p->arena, METHOD_GET_STATE, call);
	int64_t state;

	*out = (struct pachd_license){ .is_limited = false };
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
