#include "pachd/pachd_private.h"

#include <string.h>

static const char push_again[] =
    "push again; another push came at the same time, and unchanged pipelines are kept";

static const char license[] = "activate an enterprise license";

/* Texts first, codes second: before 2.1 most failures come as UNKNOWN (2). */
static const struct refusal {
	const char *fragment; /* in the server's text; NULL: any */
	int code;             /* -1: any */
	const char *hint;
	bool is_race; /* what was looked at before has been changed by others since */
} refusals[] = {
	{ "the auth service is only partially activated", -1,
	    "complete or revert the activation of authentication on the cluster", false },
	{ "no authentication token", -1, "set input 'token'", false },
	{ "provided auth token is corrupted or has expired", -1,
	    "create a new token with 'pachctl auth get-robot-token' and store it as the secret "
	    "behind input 'token'",
	    false },
	{ "token expiration is in the past", -1,
	    "create a new token with 'pachctl auth get-robot-token' and store it as the secret "
	    "behind input 'token'",
	    false },
	{ "is not authorized to perform this operation", -1,
	    "grant the missing role: repoWriter on the output repo, repoReader on the inputs, "
	    "projectWriter for new pipelines",
	    false },
	{ "because a repo with the same name already exists", -1,
	    "rename the pipeline, or delete the repo if it is not needed", false },
	{ "unrecognized transaction request type", -1,
	    "report this server's version to the authors of pachup: it does not accept pipelines "
	    "in a transaction",
	    false },
	{ "(SQLSTATE 25P02)", -1, "try again; pachd's database rolled this change back", false },
	{ "(SQLSTATE 40001)", -1, "try again; pachd's database rolled this change back", false },
	{ "updated outside of transaction", -1, push_again, true },
	{ "concurrent modifications", -1, push_again, true },
	{ "already exists", GRPC_UNKNOWN, push_again, true },
	{ NULL, GRPC_ALREADY_EXISTS, push_again, true },
	{ "received message larger than max", -1, "push fewer pipelines at once", false },
	{ "cannot disable stats", -1,
	    "add \"enable_stats\": true to the spec: pachd cannot switch it off; or delete the "
	    "pipeline and push it again",
	    false },
	{ "activation key", -1, license, false },
	{ "activation token", -1, license, false },
	{ "Enterprise is not active", -1, license, false },
	{ "nauthenticated", -1, "check the token in input 'token'", false },
	{ "no file(s) found", -1, "check the path: pachup ls", false },
	{ "has no head", -1, "put data into the branch first: pachup put", false },
	{ "failed to get secret", -1, "create the secret: pachup secret set NAME KEY=env:VARIABLE",
	    false },
	{ "has no field named", -1, "remove the field, or upgrade the cluster", false },
	{ "could not make effective spec", -1, "correct the spec as the server's message says",
	    false },
	{ "validate request", -1, "correct the spec as the server's message says", false },
	{ "repo ", GRPC_NOT_FOUND,
	    "create the input repo, or push the pipeline that creates it in the same run", false },
	{ NULL, GRPC_UNAUTHENTICATED, "check the token in input 'token'", false },
	{ NULL, GRPC_PERMISSION_DENIED, "grant the missing role to the user of this token", false },
	{ NULL, GRPC_UNAVAILABLE, "try again; pachd is starting, or unreachable behind its proxy",
	    false },
	{ NULL, GRPC_RESOURCE_EXHAUSTED, "push fewer pipelines at once, or try again later",
	    false },
};

bool
call_says(const struct call *call, const char *fragment)
{
	return call->message.ptr && strstr(call->message.ptr, fragment);
}

bool
is_missing(const struct call *call)
{
	return call->status == GRPC_NOT_FOUND
	       || (call->status == GRPC_UNKNOWN && call_says(call, "not found"));
}

int
hint_proxy(const struct pachd *p, struct err *err)
{
	return err_hint(err, "check that %s is a pachd and that no proxy changes its responses",
	    p->opts.url.text);
}

/* The hint as this release spells it: 1.x has roles and commands of other names. */
static const char *
hint_of(const struct pachd *p, const struct refusal *r)
{
	bool is_1x = p->facts.release > 0 && p->facts.release < (uint32_t)RELEASE_2;

	if (r->hint == license)
		return is_1x ? "activate an enterprise license: pachctl enterprise activate"
		             : "activate an enterprise license: pachctl license activate";
	if (!is_1x || !strstr(r->fragment ? r->fragment : "", "not authorized"))
		return r->hint;
	return "give this user the missing role: WRITER on the output repo, READER on the inputs "
	       "(OWNER to delete)";
}

/* The name behind `word` in the text; empty where the word is not there. */
static struct str
named_behind(struct str text, const char *word)
{
	const char *at = text.ptr ? strstr(text.ptr, word) : NULL;
	struct str name;

	if (!at)
		return STR("");
	name = str_of(at + strlen(word));
	return str_head(name, strcspn(name.ptr, " ,;\n"));
}

/* 2.x says on what a right is missing: "… needs permissions [REPO_WRITE] on REPO default/edges". */
static bool
hint_role(const struct call *call, struct err *err)
{
	struct str repo = named_behind(call->message, " on REPO ");
	struct str project = named_behind(call->message, " on PROJECT ");

	if (repo.len > 0)
		(void)err_hint(err, "ask an administrator for the missing role on repo '%.*s': %s",
		    STR_FMT(repo),
		    call_says(call, "REPO_DELETE]") ? "repoOwner"
		    : call_says(call, "WRITE") || call_says(call, "CREATE")
		            || call_says(call, "DELETE")
		        ? "repoWriter"
		        : "repoReader");
	else if (project.len > 0)
		(void)err_hint(err,
		    "ask an administrator for the missing role on project '%.*s': %s",
		    STR_FMT(project),
		    call_says(call, "PROJECT_DELETE") ? "projectOwner" : "projectWriter");
	return repo.len + project.len > 0;
}

/* What fits no row of the table. */
static int
hint_other(const struct pachd *p, const struct call *call, struct err *err)
{
	/* before 2.1 it comes as UNKNOWN; a branch by the key that etcd has for it */
	if (call_says(call, "branches/") && call_says(call, "not found"))
		return err_hint(err, "check the repo and its branch: pachup ls REPO");
	if (call_says(call, "repo ") && call_says(call, "not found"))
		return err_hint(err,
		    "create the input repo, or push the pipeline that creates it in the same run");
	if (call_says(call, "pipeline") && call_says(call, "not found"))
		return err_hint(err, "check its name and project: pachup status");
	if (call->status == GRPC_UNIMPLEMENTED && p->facts.release >= RELEASE(2, 2, 0))
		return err_hint(
		    err, "if the cluster is paused, unpause it: pachctl enterprise unpause");
	if (call->message.len == 0)
		return err_hint(err,
		    "check pachd's log (gRPC status %d): kubectl logs deployment/pachd",
		    call->status);
	return err_hint(err, "check pachd's log: kubectl logs deployment/pachd");
}

static const struct refusal *
find_refusal(const struct call *call)
{
	for (size_t i = 0; i < COUNT_OF(refusals); i++)
		if ((refusals[i].code < 0 || refusals[i].code == call->status)
		    && (!refusals[i].fragment || call_says(call, refusals[i].fragment)))
			return &refusals[i];
	return NULL;
}

int
rpc_error(const struct pachd *p, const struct call *call, struct err *err)
{
	const char *text = call->message.ptr ? call->message.ptr : "";
	const struct refusal *known = find_refusal(call);

	if (call->status == GRPC_DEADLINE_EXCEEDED) {
		(void)err_set(err, ERR_TIMEOUT, "the cluster timed out");
		return err_hint(err, "raise input 'timeout'");
	}
	(void)err_set(err, call->status == GRPC_UNAVAILABLE ? ERR_NETWORK : ERR_REFUSED,
	    "the cluster refused: %s", call->message.len ? text : "no reason given");
	if (!known)
		return hint_other(p, call, err);
	err->kind = known->is_race ? ERR_SUPERSEDED : err->kind;
	if (p->facts.release >= (uint32_t)RELEASE_2 && call_says(call, "is not authorized")
	    && hint_role(call, err))
		return -1;
	return err_hint_text(err, hint_of(p, known));
}

/* Takes `word` off the front of *text. */
static bool
take_word(struct str *text, struct str word)
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
	if (str_take(&text, "pipeline not found: couldn't find up to date spec for "))
		return true;
	if (!str_take(&text, "pipeline \""))
		return false;
	if (take_word(&text, target->project) && !str_take(&text, "/"))
		text = str_tail(call->message, strlen("pipeline \""));
	return take_word(&text, target->name) && str_is(text, "\" not found");
}

bool
is_missing_id(const struct call *call, struct str id)
{
	static const char words[] = "not found";
	struct str text = call->message;

	if (call->status == GRPC_NOT_FOUND)
		return true;
	return call->status == GRPC_UNKNOWN && text.len > strlen(words) && call_says(call, id.ptr)
	       && str_is(str_tail(text, text.len - strlen(words)), words);
}
