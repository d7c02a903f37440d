#include "pachd/auth/tokens.h"

#include "base/arena.h"
#include "pachd/rpc.h"
#include "secret/secret.h"

/* One call whose request or answer is a secret; all of it lives in an arena of its own, which is wiped. */
struct exchange {
	struct pachd *pachd;
	struct arena *scratch;
	enum method_id id;
	struct call call;
};

static struct exchange
exchange_begin(struct pachd *p, enum method_id id)
{
	struct exchange x = { p, arena_like(p->arena), id, rpc_call(p, id) };

	x.call.is_secret = true;
	return x;
}

/* Makes the call; `may_repeat`: it does no harm when it comes twice. */
static int
exchange_send(struct exchange *x, bool may_repeat, struct err *err)
{
	return may_repeat ? rpc_ask(x->pachd, x->scratch, &x->call, err)
	                  : rpc_send(x->pachd, x->scratch, &x->call, err);
}

/* The answer's member `name` as a secret of its own. */
static struct secret *
exchange_take(struct exchange *x, const char *name, struct err *err)
{
	ProtobufCMessage *m =
	    message_read(x->scratch, rpc_method(x->pachd, x->id)->reply, x->call.replies[0]);
	struct secret *s =
	    m ? secret_new(message_string(m, name), "the token from the cluster", err) : NULL;

	secret_wipe((char *)(uintptr_t)x->call.replies[0].ptr, x->call.replies[0].len);
	if (s)
		secret_set_audience(s, AUDIENCE_PACHD);
	if (!m)
		(void)err_set(err, ERR_NETWORK, "the cluster's answer cannot be read");
	return s;
}

static void
explain_refusal(const struct exchange *x, struct str robot, struct err *err)
{
	struct str user = x->pachd->facts.user;

	if (err->kind != ERR_REFUSED || !call_says(&x->call, "not authorized"))
		return;
	if (is_1x(x->pachd))
		(void)err_hint(err,
		    "before 2.0 only an administrator of the cluster can make tokens for "
		    "others: pachctl auth modify-admins --add %.*s",
		    STR_FMT(user));
	else
		(void)err_hint(err,
		    "ask an administrator for: pachctl auth set cluster robotUser %.*s%s",
		    STR_FMT(user),
		    str_eq(user, robot) ? "" : ", which lets it make tokens of robots");
}

struct secret *
pachd_new_token(struct pachd *p, struct str robot, int64_t ttl_s, struct err *err)
{
	struct exchange x = exchange_begin(p, METHOD_NEW_TOKEN);
	ProtobufCMessage *request = rpc_request(p, x.scratch, METHOD_NEW_TOKEN);
	struct secret *token = NULL;

	message_set_string(request, is_1x(p) ? "subject" : "robot", arena_cstr(x.scratch, robot));
	message_set_int(request, "ttl", ttl_s);
	x.call.request = message_pack(x.scratch, request);
	if (exchange_send(&x, false, err) < 0)
		explain_refusal(&x, robot, err);
	else
		token = exchange_take(&x, "token", err);
	arena_wipe(x.scratch);
	return token;
}

struct packing {
	struct exchange *exchange;
	ProtobufCMessage *request;
	const char *member;
};

static int
pack_secret(void *ctx, struct str bytes)
{
	struct packing *packing = ctx;
	struct arena *scratch = packing->exchange->scratch;

	message_set_string(packing->request, packing->member, arena_cstr(scratch, bytes));
	packing->exchange->call.request = message_pack(scratch, packing->request);
	return 0;
}

/* A request whose only member is a secret. */
static int
pack(struct exchange *x, const char *member, const struct secret *secret, struct err *err)
{
	struct packing packing = { x, rpc_request(x->pachd, x->scratch, x->id), member };

	return secret_lend(secret, pack_secret, &packing) == 0
	           ? 0
	           : err_set(err, ERR_SYSTEM, "the memory of the token cannot be read");
}

int
pachd_revoke_token(struct pachd *p, const struct secret *token, struct err *err)
{
	struct exchange x = exchange_begin(p, METHOD_REVOKE_TOKEN);
	int rc = pack(&x, "token", token, err);

	if (rc == 0)
		rc = exchange_send(&x, true, err);
	arena_wipe(x.scratch);
	return rc;
}

/* A cluster trusts one issuer, through which people log in: it is not a CI system's. */
static void
explain_issuer(const struct exchange *x, struct err *err)
{
	if (call_says(&x->call, "could not verify token"))
		(void)err_hint(err, "use a robot's token (pachup token rotate renews it), or an ID "
		                    "token of the issuer "
		                    "that the cluster is configured with. Do not let an "
		                    "administrator point that issuer "
		                    "at GitHub: nobody could log in any more, and the workflows of "
		                    "all repositories "
		                    "would be one and the same user");
	else if (x->call.status == GRPC_UNIMPLEMENTED && !call_says(&x->call, "not activated"))
		(void)err_hint(err, "use a robot's token: ID tokens came with pachd 1.12.0");
}

struct secret *
pachd_authenticate(struct pachd *p, const struct secret *id_token, struct err *err)
{
	struct exchange x = exchange_begin(p, METHOD_AUTHENTICATE);
	struct secret *token = NULL;

	if (pack(&x, "id_token", id_token, err) == 0) {
		if (exchange_send(&x, false, err) < 0)
			explain_issuer(&x, err);
		else
			token = exchange_take(&x, "pach_token", err);
	}
	arena_wipe(x.scratch);
	return token;
}
