/*
 * Which commit GITHUB_SHA is differs from event to event: "Events that trigger workflows" of
 * GitHub's documentation; the payload's fields: its "Webhook events and payloads".
 */
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "ci/ci.h"
#include "ci/event.h"
#include "ci/github_name.h"
#include "ci/systems/other.h"
#include "files/read.h"
#include "format/doc.h"

struct reading {
	struct ci *ci;
	struct arena *arena;
	const struct node *payload; /* NULL: there is none that could be read */
	struct event *out;
};

/* Whoever opens a pull request writes parts of the payload, so one that has any mistake counts as
 * unreadable. */
static const struct node *
read_payload(struct ci *ci, struct arena *a)
{
	const char *path = env_get(ci->env, "GITHUB_EVENT_PATH");
	struct diags mistakes = diags_in(a);
	struct err err = { 0 };
	struct str text;
	struct doc *doc;

	if (!path)
		return NULL;
	if (file_read(a, path, MAX_EVENT_BYTES, &text, &err) < 0) {
		ci_note(ci, "cannot read the event payload: %s", err.text);
		return NULL;
	}
	doc = doc_parse(a, path, text, &mistakes);
	if (mistakes.errors == 0 && doc->count == 1 && doc->first->kind == NODE_OBJECT)
		return doc->first;
	ci_note(ci, "the event payload '%s' is not a JSON object", path);
	return NULL;
}

/* A string of the payload; empty when it is missing or something else. */
static struct str
text_at(const struct reading *r, const char *path)
{
	return node_text(node_at(r->payload, path));
}

static bool
is_true_at(const struct reading *r, const char *path)
{
	return node_is_true(node_at(r->payload, path));
}

static struct str
sha_at(const struct reading *r, const char *path)
{
	return event_sha(r->arena, text_at(r, path));
}

/* The commit that build steps tag with where it is not GITHUB_SHA. */
static void
take_sha(const struct reading *r, const char *path, const char *from)
{
	struct str sha = sha_at(r, path);

	if (sha.len == 0)
		return;
	r->out->sha = sha;
	r->out->sha_from = from;
}

static struct str
variable_or(const struct reading *r, const char *variable, const char *path)
{
	const char *value = env_get(r->ci->env, variable);

	return value ? str_of(value) : text_at(r, path);
}

/* True when `path` names the repository that the workflow runs in. */
static bool
is_ours(const struct reading *r, const char *path)
{
	struct str ours = variable_or(r, "GITHUB_REPOSITORY", "repository.full_name");

	return ours.len > 0 && str_eq(text_at(r, path), ours);
}

static void
read_push(const struct reading *r)
{
	r->out->is_deletion = is_true_at(r, "deleted");
	r->out->is_creation = is_true_at(r, "created");
	r->out->before = sha_at(r, "before");
}

/* A merged request is on the base branch: the event is then like a push to that. */
static void
read_merged(const struct reading *r)
{
	struct str base = variable_or(r, "GITHUB_BASE_REF", "pull_request.base.ref");

	r->out->is_pull_request = false;
	take_sha(r, "pull_request.merge_commit_sha", "pull_request.merge_commit_sha in the event");
	r->out->branch = base;
	if (base.len > 0)
		r->out->ref = arena_fmt(r->arena, "refs/heads/%.*s", STR_FMT(base));
}

/* A whole number of the payload with at most 10 digits; empty for anything else. */
static struct str
number_at(const struct reading *r, const char *path)
{
	const struct node *n = node_at(r->payload, path);

	if (!n || n->kind != NODE_NUMBER || n->text.len > 10 || str_digits(n->text) != n->text.len)
		return STR("");
	return n->text;
}

static void
read_pull_request(const struct reading *r)
{
	struct event *out = r->out;

	out->is_pull_request = true;
	out->number = number_at(r, "pull_request.number");
	out->branch = variable_or(r, "GITHUB_HEAD_REF", "pull_request.head.ref");
	out->before = sha_at(r, "pull_request.base.sha");
	out->head = sha_at(r, "pull_request.head.sha");
	if (out->head.len > 0)
		out->head_from = "pull_request.head.sha in the event";
	if (!r->payload)
		out->untrusted = "a pull request of unknown origin (its event payload cannot be "
		                 "read)";
	else if (text_at(r, "pull_request.head.repo.full_name").len == 0)
		out->untrusted = "a pull request from a repository that is gone";
	else if (!is_ours(r, "pull_request.head.repo.full_name"))
		out->untrusted = "a pull request from a fork";
	if (str_is(text_at(r, "action"), "closed") && is_true_at(r, "pull_request.merged"))
		read_merged(r);
}

/* Runs with the base branch's secrets whoever opened the pull request. */
static void
read_target(const struct reading *r)
{
	read_pull_request(r);
	r->out->untrusted = "pull_request_target";
}

/* Events that only those can cause who may write to the repository, by GitHub's "Events that trigger workflows". All
 * others, also those that GitHub will add, count as events that anybody can cause. */
static bool
is_trusted(struct str event)
{
	return str_is_one_of(event, "push|create|workflow_dispatch|repository_dispatch|schedule|"
	                            "release|deployment|registry_package|package");
}

/* Runs on the default branch, about a commit of another run, and may do no more than that run may. */
static void
read_workflow_run(const struct reading *r)
{
	struct str branch = text_at(r, "workflow_run.head_branch"),
	           cause = text_at(r, "workflow_run.event");

	take_sha(r, "workflow_run.head_sha", "workflow_run.head_sha in the event");
	if (branch.len > 0)
		r->out->branch = branch;
	if (!r->payload)
		r->out->untrusted = "a workflow_run of unknown origin (its event payload cannot be "
		                    "read)";
	else if (!is_ours(r, "workflow_run.head_repository.full_name"))
		r->out->untrusted = "a workflow_run of a fork";
	else if (str_is_one_of(cause, "pull_request|merge_group")) /* own code, not merged yet */
		r->out->is_pull_request = true;
	else if (!is_trusted(cause))
		r->out->untrusted =
		    arena_fmt(r->arena, "a workflow_run after '%.*s'", STR_FMT(cause)).ptr;
}

/* A commit in the merge queue is not merged yet. */
static void
read_merge_group(const struct reading *r)
{
	r->out->is_pull_request = true;
	take_sha(r, "merge_group.head_sha", "merge_group.head_sha in the event");
	r->out->before = sha_at(r, "merge_group.base_sha");
}

static const struct kind {
	const char *name;
	void (*read)(const struct reading *r);
} kinds[] = {
	{ "push", read_push },
	{ "pull_request", read_pull_request },
	{ "pull_request_review", read_pull_request },
	{ "pull_request_review_comment", read_pull_request },
	{ "pull_request_target", read_target },
	{ "workflow_run", read_workflow_run },
	{ "merge_group", read_merge_group },
};

/* The page of the run: server, repository and number. */
static struct str
run_url(const struct reading *r)
{
	const char *server = env_get(r->ci->env, "GITHUB_SERVER_URL");
	const char *number = env_get(r->ci->env, "GITHUB_RUN_ID");

	if (!server || !number || r->out->repository.len == 0)
		return STR("");
	return arena_fmt(
	    r->arena, "%s/%.*s/actions/runs/%s", server, STR_FMT(r->out->repository), number);
}

/* The documents of the action's own repository and release: GitHub names both to the action. */
static struct str
documents_page(const struct reading *r)
{
	struct str server = str_of(env_get(r->ci->env, "GITHUB_SERVER_URL"));
	struct str name = str_of(env_get(r->ci->env, "GITHUB_ACTION_REPOSITORY"));
	struct str ref = str_of(env_get(r->ci->env, "GITHUB_ACTION_REF"));
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                            "0123456789-._/";

	for (size_t i = 0; i < ref.len; i++)
		if (!memchr(plain, ref.ptr[i], sizeof(plain) - 1))
			return STR("");
	if (!str_starts(server, "https://") || !github_is_repository(name) || ref.len == 0)
		return STR("");
	return arena_fmt(
	    r->arena, "%.*s/%.*s/blob/%.*s/docs", STR_FMT(server), STR_FMT(name), STR_FMT(ref));
}

/* The repository's page; only a server that is reached over TLS gets links. */
static struct str
repository_page(const struct reading *r)
{
	struct str server = str_of(env_get(r->ci->env, "GITHUB_SERVER_URL"));

	if (!str_starts(server, "https://") || !github_is_repository(r->out->repository))
		return STR("");
	return arena_fmt(r->arena, "%.*s/%.*s", STR_FMT(server), STR_FMT(r->out->repository));
}

void
github_event(struct ci *ci, struct arena *a, struct event *out)
{
	struct reading r = { ci, a, read_payload(ci, a), out };

	*out = (struct event){ .name = env_get(ci->env, "GITHUB_EVENT_NAME"),
		.sha = event_sha(a, str_of(env_get(ci->env, "GITHUB_SHA"))),
		.ref = str_of(env_get(ci->env, "GITHUB_REF")),
		.default_branch = text_at(&r, "repository.default_branch") };
	out->repository = str_of(env_get(ci->env, "GITHUB_REPOSITORY"));
	out->run_url = run_url(&r);
	out->web = repository_page(&r);
	if (out->web.len > 0)
		out->compare = arena_fmt(a, "%.*s/compare/{old}...{new}", STR_FMT(out->web));
	out->documents = documents_page(&r);
	out->is_read_only = str_is(str_of(env_get(ci->env, "GITHUB_ACTOR")), "dependabot[bot]");
	if (out->sha.len > 0)
		out->sha_from = "GITHUB_SHA";
	if (str_starts(out->ref, "refs/heads/"))
		out->branch = ref_short(out->ref);
	for (size_t i = 0; out->name && i < COUNT_OF(kinds); i++)
		if (str_is(str_of(kinds[i].name), out->name)) {
			kinds[i].read(&r);
			return;
		}
	if (!out->name || !is_trusted(str_of(out->name)))
		out->untrusted =
		    arena_fmt(a, "the event '%.100s'", out->name ? out->name : "(none)").ptr;
}
