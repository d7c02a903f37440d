#include "pachd/client.h"

#include <string.h>

#include "base/arena.h"

static const char push_again[] =
    "somebody else pushed at the same time: push again, what already runs is left alone";

/* Texts first, codes second: before 2.1 most failures come as UNKNOWN (2). */
static const struct refusal {
	const char *fragment; /* in the server's text; NULL: any */
	int code;             /* -1: any */
	const char *hint;
	bool is_race; /* what was looked at before has been changed by others since */
} refusals[] = {
	{ "the auth service is only partially activated", -1,
	    "finish or undo the activation of authentication on the cluster", false },
	{ "no authentication token", -1, "give a token: input 'token', or PACHYDERM_TOKEN", false },
	{ "provided auth token is corrupted or has expired", -1,
	    "make a new token (pachctl auth get-robot-token) and store it where input 'token' "
	    "takes it from",
	    false },
	{ "token expiration is in the past", -1,
	    "make a new token (pachctl auth get-robot-token) and store it where input 'token' "
	    "takes it from",
	    false },
	{ "is not authorized to perform this operation", -1,
	    "give this user the missing role: repoWriter on the output repo, repoReader on the "
	    "inputs, "
	    "projectWriter for new pipelines",
	    false },
	{ "because a repo with the same name already exists", -1,
	    "rename the pipeline, or delete the repo if nothing needs it", false },
	{ "unrecognized transaction request type", -1,
	    "this server does not take pipelines in a transaction: tell the makers of pachup its "
	    "version",
	    false },
	{ "updated outside of the transaction", -1, push_again, true },
	{ "concurrent modifications", -1, push_again, true },
	{ "already exists", GRPC_UNKNOWN, push_again, true },
	{ NULL, GRPC_ALREADY_EXISTS, push_again, true },
	{ "received message larger than max", -1, "push fewer pipelines at once", false },
	{ "failed to get secret", -1, "create the secret on the cluster (pachctl create secret)",
	    false },
	{ "has no field named", -1, "remove the field, or upgrade the cluster", false },
	{ "could not make effective spec", -1, "mend the spec as the server's words say", false },
	{ "validate request", -1, "mend the spec as the server's words say", false },
	{ "repo ", GRPC_NOT_FOUND,
	    "create the input repo, or push the pipeline that makes it along", false },
	{ NULL, GRPC_UNAUTHENTICATED, "check the token: input 'token', or PACHYDERM_TOKEN", false },
	{ NULL, GRPC_PERMISSION_DENIED, "give this token's user the missing role", false },
	{ NULL, GRPC_UNAVAILABLE, "pachd is starting or unreachable behind its proxy: try again",
	    false },
	{ NULL, GRPC_RESOURCE_EXHAUSTED, "push fewer pipelines at once, or try again later",
	    false },
};

static bool
fits(const struct refusal *r, const struct call *call)
{
	if (r->code >= 0 && r->code != call->status)
		return false;
	return !r->fragment || (call->message.ptr && strstr(call->message.ptr, r->fragment));
}

static bool
says(const struct call *call, const char *fragment)
{
	return call->message.ptr && strstr(call->message.ptr, fragment);
}

int
rpc_error(const struct pachd *p, const struct call *call, struct err *err)
{
	const char *text = call->message.ptr ? call->message.ptr : "";

	if (call->status == GRPC_DEADLINE_EXCEEDED) {
		(void)err_set(err, ERR_TIMEOUT, "the cluster did not finish in time");
		return err_hint(err, "give it more time with input 'timeout'");
	}
	(void)err_set(err, call->status == GRPC_UNAVAILABLE ? ERR_NETWORK : ERR_REFUSED,
	    "the cluster refused: %s", call->message.len ? text : "it gave no reason");
	for (size_t i = 0; i < COUNT_OF(refusals); i++)
		if (fits(&refusals[i], call)) {
			err->kind = refusals[i].is_race ? ERR_SUPERSEDED : err->kind;
			return err_hint(err, "%s", refusals[i].hint);
		}
	/* before 2.1 it comes as UNKNOWN */
	if (says(call, "repo ") && says(call, "not found"))
		return err_hint(
		    err, "create the input repo, or push the pipeline that makes it along");
	if (call->status == GRPC_UNIMPLEMENTED && p->facts.release >= RELEASE(2, 2, 0))
		return err_hint(
		    err, "a paused cluster answers so: unpause it (pachctl enterprise unpause)");
	if (call->message.len == 0)
		return err_hint(err, "look at pachd's log; the gRPC status was %d", call->status);
	return err_hint(err, "pachd's log says more: kubectl logs deployment/pachd");
}

/* Takes `word` off the front of *text. */
static bool
skip(struct str *text, struct str word)
{
	if (!str_eq(str_head(*text, word.len), word))
		return false;
	*text = str_tail(*text, word.len);
	return true;
}

/* The sentences: `pipeline "edges" not found` in every line, and in 2.0 and 2.1, where the commit of its
 * spec is looked for first, `pipeline not found: couldn't find up to date spec for pipeline "edges"`. */
bool
is_missing_pipeline(const struct call *call, const struct pachd_target *target)
{
	struct str text = call->message;

	if (call->status == GRPC_NOT_FOUND)
		return true;
	if (call->status != GRPC_UNKNOWN)
		return false;
	if (skip(&text, STR("pipeline not found: couldn't find up to date spec for ")))
		return true;
	if (!skip(&text, STR("pipeline \"")))
		return false;
	if (skip(&text, target->project) && !skip(&text, STR("/")))
		text = str_tail(call->message, strlen("pipeline \""));
	return skip(&text, target->name) && str_is(text, "\" not found");
}

bool
is_missing_id(const struct call *call, struct str id)
{
	static const char words[] = "not found";
	struct str text = call->message;

	if (call->status == GRPC_NOT_FOUND)
		return true;
	return call->status == GRPC_UNKNOWN && text.len > strlen(words) && says(call, id.ptr)
	       && str_is(str_tail(text, text.len - strlen(words)), words);
}
