/* rpc.h: one call to the cluster in the words of its release. After pachd_probe(). */
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

/* Makes a call that only reads, again where a failure may pass. -1 with *err: the channel's failures, and those of
 * rpc_error() when the status is not OK. The answer lives in `a`. */
int rpc_ask(const struct pachd *p, struct arena *a, struct call *call, struct err *err) NODISCARD;

/* Makes a call that changes something: sent once. Else as rpc_ask(). */
int rpc_send(const struct pachd *p, struct arena *a, struct call *call, struct err *err) NODISCARD;

/* Parses the first message of the answer to the call `id`, into `a`. -1: ERR_NETWORK, there is none or it is
 * malformed. */
int rpc_reply(const struct pachd *p, struct arena *a, enum method_id id, const struct call *call,
    ProtobufCMessage **out, struct err *err) NODISCARD;

#endif
