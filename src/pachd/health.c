#include "pachd/health.h"

#include "admin_v2.pb-c.h"
#include "base/arena.h"
#include "pachd/rpc.h"
#include "wire/build.h"

int64_t
token_expiry(const ProtobufCMessage *who, int64_t now_s)
{
	int64_t ttl = message_int(who, "ttl");
	const ProtobufCMessage *when = message_message(who, "expiration");

	if (when)
		return message_int(when, "seconds");
	return ttl > 0 ? now_s + ttl : 0;
}

static void
learn_login(const struct pachd *p, const struct call *call, int64_t now_s, struct pachd_health *out)
{
	const ProtobufCMessage *who = rpc_answer(p, p->arena, METHOD_WHO_AM_I, call);

	if (!who)
		return;
	out->has_login = true;
	out->is_admin = message_flag(who, "is_admin");
	out->expires_s = token_expiry(who, now_s);
}

static void
learn_cluster(const struct pachd *p, const struct call *call, struct pachd_health *out)
{
	const AdminV2__ClusterInfo *info;

	if (p->generation->api != API_2)
		return; /* 1.x reports only the cluster's name */
	info = (const AdminV2__ClusterInfo *)rpc_answer(p, p->arena, METHOD_INSPECT_CLUSTER, call);
	if (!info)
		return;
	out->id = str_of(info->id);
	out->is_paused = info->paused;
	out->warning_count = info->n_warnings;
	out->warnings = ARENA_ARRAY(p->arena, info->n_warnings, struct str);
	for (size_t i = 0; i < info->n_warnings; i++)
		out->warnings[i] = str_of(info->warnings[i]);
}

/* From 2.4.4 the server warns a client that does not say which interface it speaks. */
static struct str
inspect_cluster_request(const struct pachd *p)
{
	ProtobufCMessage *request, *version;

	if (p->facts.release < RELEASE(2, 4, 4))
		return STR("");
	request = rpc_request(p, p->arena, METHOD_INSPECT_CLUSTER);
	version = build_message(p->arena, request, "client_version");
	message_set_int(version, "major", p->facts.release >> 20);
	message_set_int(version, "minor", p->facts.release >> 10 & 1023);
	message_set_int(version, "micro", p->facts.release & 1023);
	return message_pack(p->arena, request);
}

int
pachd_health(struct pachd *p, int64_t now_s, struct pachd_health *out, struct err *err)
{
	struct call calls[] = { rpc_call(p, METHOD_WHO_AM_I), rpc_call(p, METHOD_INSPECT_CLUSTER) };

	calls[1].request = inspect_cluster_request(p);
	if (channel_ask(p->channel, calls, COUNT_OF(calls), p->arena, err) < 0)
		return -1;
	*out = (struct pachd_health){ .expires_s = 0 };
	learn_login(p, &calls[0], now_s, out);
	learn_cluster(p, &calls[1], out);
	return 0;
}
