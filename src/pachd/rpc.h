/* rpc.h: one call to the cluster by the interface of its release. After pachd_probe(). */
#ifndef PACHD_RPC_H
#define PACHD_RPC_H

#include "pachd/pachd_private.h"
#include "wire/methods.h"

/* The call's row for the cluster's interface. */
const struct method *rpc_method(const struct pachd *p, enum method_id id);

/* Whether the cluster's release has the call. */
bool rpc_exists(const struct pachd *p, enum method_id id);

/* An empty request, in `a`, and an empty call for one. */
ProtobufCMessage *rpc_request(const struct pachd *p, struct arena *a, enum method_id id);
struct call rpc_call(const struct pachd *p, enum method_id id);

/* Makes a call that only reads; it is repeated where a failure may pass (channel_ask()). The answer lives in `a`.
 * -1: the channel's failures, and those of rpc_error() where the status is not OK. */
int rpc_ask(const struct pachd *p, struct arena *a, struct call *call, struct err *err) NODISCARD;

/* Makes a call that changes something, or cannot be repeated: it is sent once. Else as rpc_ask(). */
int rpc_send(const struct pachd *p, struct arena *a, struct call *call, struct err *err) NODISCARD;

/* Parses the first message of the answer to the call `id`, into `a`. -1: ERR_NETWORK, there is none or it is
 * malformed. */
int rpc_reply(const struct pachd *p, struct arena *a, enum method_id id, const struct call *call,
    ProtobufCMessage **out, struct err *err) NODISCARD;

/* The same where no failure is reported: NULL when the call was refused, or its answer holds no message or a
 * malformed one. */
ProtobufCMessage *rpc_answer(
    const struct pachd *p, struct arena *a, enum method_id id, const struct call *call);

struct rpc_list {
	ProtobufCMessage **list;
	size_t count;
};

/* Parses the answer to a call that lists something, into `a`: from 2.0 on each message comes by itself, up to 1.13
 * one message holds all in its list `member`. False: it is malformed. */
bool rpc_read_list(const struct pachd *p, struct arena *a, enum method_id id, const char *member,
    const struct call *call, struct rpc_list *out) NODISCARD;

/* Adds the project to the list `projects` of a request of 2.x, unless it is in it. */
void rpc_add_project(struct arena *a, ProtobufCMessage *request, struct str project);

#endif
