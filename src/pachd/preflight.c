#include "pachd/preflight.h"

#include <stdlib.h>

#include "auth.pb-c.h"
#include "auth_v2.pb-c.h"
#include "base/arena.h"
#include "pachd/preflight_calls.h"
#include "pachd/rpc.h"
#include "pfs.pb-c.h"

/* Up to MAX_SINGLE_REPOS are asked for one by one, more by one list, unless the list would be more than LIST_PART
 * times as long, by the number of pipelines that are known. */
enum { MAX_SINGLE_REPOS = 16, LIST_PART = 10, CALLS_PER_PROJECT = 2 };

enum about {
	ABOUT_REPO,
	ABOUT_BRANCH,
	ABOUT_REPOS,
	ABOUT_SECRET,
	ABOUT_CLUSTER,
	ABOUT_LICENSE,
	ABOUT_PROJECT,
	ABOUT_RIGHTS
};

/* What one call is about: which of the repos, the secrets or the projects that are asked for. */
struct question {
	enum about about;
	size_t index;
};

/* What is asked for, and the calls that ask. */
struct preflight {
	const struct pachd *pachd;
	enum api api;
	struct pachd_preflight *asked;
	struct call *calls;
	struct question *questions; /* of each call */
	size_t used;
	bool is_list;   /* the repos come in a list */
	bool has_login; /* rights are asked for */
};

/* Whether the repo is asked for by its branch, which is less work for a server from 2.0 on. */
static bool
is_by_branch(const struct preflight *q, const struct pachd_repo *repo)
{
	return q->api == API_2 && repo->branch.len > 0;
}

static bool
wants_list(const struct preflight *q)
{
	size_t whole = 0;

	for (size_t i = 0; i < q->asked->repo_count; i++)
		whole += !is_by_branch(q, &q->asked->repos[i]);
	return whole > MAX_SINGLE_REPOS && whole * LIST_PART >= q->pachd->listed.count;
}

static struct call *
add_call(struct preflight *q, struct question question, enum method_id id, struct str request)
{
	struct call *call = &q->calls[q->used];

	*call = rpc_call(q->pachd, id);
	call->request = request;
	call->lane = api_lane(q->api);
	q->questions[q->used++] = question;
	return call;
}

static void
ask_repos(struct preflight *q, struct arena *a)
{
	const struct pachd_preflight *asked = q->asked;

	if (q->is_list) {
		add_call(q, (struct question){ ABOUT_REPOS, 0 }, METHOD_LIST_REPO,
		    list_repos_request(a, q->api, asked))
		    ->lane = 0;
		return;
	}
	for (size_t i = 0; i < asked->repo_count; i++) {
		const struct pachd_repo *repo = &asked->repos[i];

		if (is_by_branch(q, repo))
			(void)add_call(q, (struct question){ ABOUT_BRANCH, i },
			    METHOD_INSPECT_BRANCH, branch_request(a, repo));
		else
			(void)add_call(q, (struct question){ ABOUT_REPO, i }, METHOD_INSPECT_REPO,
			    inspect_repo_request(a, q->api, &repo->target));
	}
}

/* The project that every cluster has. */
static bool
is_built_in(struct str project)
{
	return str_is(project, "default");
}

static void
ask_projects(struct preflight *q, struct arena *a)
{
	struct pachd_preflight *asked = q->asked;

	for (size_t i = 0; i < asked->project_count && q->pachd->facts.projects; i++) {
		struct str name = asked->projects[i].name;

		if (is_built_in(name))
			asked->projects[i].known = PACHD_PRESENT;
		else
			(void)add_call(q, (struct question){ ABOUT_PROJECT, i },
			    METHOD_INSPECT_PROJECT, project_request(a, name));
		if (q->has_login)
			(void)add_call(q, (struct question){ ABOUT_RIGHTS, i },
			    METHOD_GET_PERMISSIONS, rights_request(a, name));
	}
}

static void
ask_all(struct preflight *q, struct arena *a)
{
	const struct pachd_preflight *asked = q->asked;

	ask_repos(q, a);
	for (size_t i = 0; i < asked->secret_count; i++)
		(void)add_call(q, (struct question){ ABOUT_SECRET, i }, METHOD_INSPECT_SECRET,
		    secret_request(a, q->api, asked->secrets[i].name));
	if (asked->wants_id)
		(void)add_call(q, (struct question){ ABOUT_CLUSTER, 0 }, METHOD_INSPECT_CLUSTER,
		    (struct str){ "", 0 });
	if (asked->wants_license && license_is_asked(q->pachd))
		/* pachd has that in memory: it needs no connection to the database */
		add_call(q, (struct question){ ABOUT_LICENSE, 0 }, METHOD_GET_STATE,
		    (struct str){ "", 0 })
		    ->lane = 0;
	ask_projects(q, a);
}

enum pachd_presence
preflight_known(const struct call *call)
{
	if (call->status == GRPC_OK)
		return PACHD_PRESENT;
	return is_missing(call) ? PACHD_MISSING : PACHD_UNKNOWN;
}

bool
holds_permission(const ProtobufCMessage *message, int permission)
{
	const ProtobufCFieldDescriptor *field =
	    protobuf_c_message_descriptor_get_field_by_name(message->descriptor, "permissions");
	const AuthV2__Permission *list = *(AuthV2__Permission **)message_at(message, field->offset);
	size_t count = *(size_t *)message_at(message, field->quantifier_offset);

	for (size_t i = 0; i < count; i++)
		if ((int)list[i] == permission)
			return true;
	return false;
}

static struct pachd_rights
repo_rights(const ProtobufCMessage *auth)
{
	return (struct pachd_rights){
		.reported = true,
		.read = holds_permission(auth, AUTH_V2__PERMISSION__REPO_READ),
		.add_reader = holds_permission(auth, AUTH_V2__PERMISSION__REPO_ADD_PIPELINE_READER),
		.write = holds_permission(auth, AUTH_V2__PERMISSION__REPO_WRITE),
		.create_branch = holds_permission(auth, AUTH_V2__PERMISSION__REPO_CREATE_BRANCH),
		.erase = holds_permission(auth, AUTH_V2__PERMISSION__REPO_DELETE),
	};
}

static struct pachd_rights
scope_rights(const Pfs__RepoAuthInfo *info)
{
	Auth__Scope scope = info->has_access_level ? info->access_level : AUTH__SCOPE__NONE;
	bool read = scope >= AUTH__SCOPE__READER, write = scope >= AUTH__SCOPE__WRITER;

	return (struct pachd_rights){
		.reported = true,
		.read = read,
		.add_reader = read,
		.write = write,
		.create_branch = write,
		.erase = scope >= AUTH__SCOPE__OWNER,
	};
}

void
preflight_learn_repo(struct arena *a, const ProtobufCMessage *info, struct pachd_repo *out)
{
	ProtobufCMessage **branches = message_list(info, "branches");
	size_t count = message_count(info, "branches");
	const ProtobufCMessage *auth = message_message(info, "auth_info");

	out->known = PACHD_PRESENT;
	out->branches = ARENA_ARRAY(a, count, struct str);
	for (size_t i = 0; i < count; i++)
		out->branches[out->branch_count++] = message_string(branches[i], "name");
	if (auth && auth->descriptor == &pfs__repo_auth_info__descriptor)
		out->rights = scope_rights((const Pfs__RepoAuthInfo *)auth);
	else if (auth)
		out->rights = repo_rights(auth);
}

/* Nothing is learned from a refusal. */
static void
learn_rights(
    const struct preflight *q, struct arena *a, const struct call *call, struct pachd_project *out)
{
	const ProtobufCMessage *m = rpc_answer(q->pachd, a, METHOD_GET_PERMISSIONS, call);

	if (!m)
		return;
	out->rights = (struct pachd_rights){
		.reported = true,
		.list_repos = holds_permission(m, AUTH_V2__PERMISSION__PROJECT_LIST_REPO),
		.create_repo = holds_permission(m, AUTH_V2__PERMISSION__PROJECT_CREATE_REPO),
	};
}

static void
learn_whole(
    const struct preflight *q, struct arena *a, const struct call *call, struct pachd_repo *out)
{
	const ProtobufCMessage *info = rpc_answer(q->pachd, a, METHOD_INSPECT_REPO, call);

	if (info)
		preflight_learn_repo(a, info, out);
	else if (call->status != GRPC_OK)
		out->known = preflight_known(call);
}

/* The branch is there, and so is its repo. */
static void
learn_branch(struct arena *a, struct pachd_repo *out)
{
	out->known = PACHD_PRESENT;
	out->branches = ARENA_NEW(a, struct str);
	*out->branches = out->branch;
	out->branch_count = 1;
}

/* Asks for repos whose branch does not exist, as a whole: a repo may be empty, have other branches, or not exist. */
static int
ask_whole(const struct preflight *q, struct arena *a, struct err *err)
{
	struct pachd_preflight *asked = q->asked;
	struct pachd_repo **which = ARENA_ARRAY(a, asked->repo_count, struct pachd_repo *);
	struct call *calls = ARENA_ARRAY(a, asked->repo_count, struct call);
	size_t count = 0;

	for (size_t i = 0; i < q->used; i++) {
		if (q->questions[i].about != ABOUT_BRANCH || q->calls[i].status == GRPC_OK)
			continue;
		which[count] = &asked->repos[q->questions[i].index];
		calls[count] = rpc_call(q->pachd, METHOD_INSPECT_REPO);
		calls[count].lane = api_lane(q->api);
		calls[count].request = inspect_repo_request(a, q->api, &which[count]->target);
		count++;
	}
	if (count > 0 && channel_ask(q->pachd->channel, calls, count, a, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		learn_whole(q, a, &calls[i], which[i]);
	return 0;
}

static int
by_target(const void *left, const void *right)
{
	const struct pachd_target *a = &(*(struct pachd_repo *const *)left)->target,
	                          *b = &(*(struct pachd_repo *const *)right)->target;

	return target_order(a, b);
}

static void
learn_list(const struct preflight *q, struct arena *a, const struct call *call)
{
	size_t count = q->asked->repo_count;
	struct pachd_repo **sorted = ARENA_ARRAY(a, count, struct pachd_repo *);
	struct rpc_list infos;

	if (call->status != GRPC_OK
	    || !rpc_read_list(q->pachd, a, METHOD_LIST_REPO, "repo_info", call, &infos))
		return;
	for (size_t i = 0; i < count; i++) {
		sorted[i] = &q->asked->repos[i];
		sorted[i]->known = PACHD_MISSING;
	}
	qsort(sorted, count, sizeof(struct pachd_repo *), by_target);
	for (size_t i = 0; i < infos.count; i++) {
		struct pachd_repo key = { .target =
			                      target_read(message_message(infos.list[i], "repo")) },
		                  *wanted = &key, **found;

		found = bsearch(&wanted, sorted, count, sizeof(wanted), by_target);
		if (found && (*found)->known != PACHD_PRESENT)
			preflight_learn_repo(a, infos.list[i], *found);
	}
}

/* A list leaves out the repos of projects whose repos the user may not see (2.6+). */
static void
doubt_list(struct pachd_preflight *asked)
{
	for (size_t i = 0; i < asked->repo_count; i++)
		for (size_t k = 0; k < asked->project_count; k++) {
			const struct pachd_project *project = &asked->projects[k];
			struct pachd_repo *repo = &asked->repos[i];

			if (repo->known == PACHD_MISSING && project->rights.reported
			    && !project->rights.list_repos
			    && str_eq(project->name, repo->target.project))
				repo->known = PACHD_UNKNOWN;
		}
}

static void
learn_answer(const struct preflight *q, struct arena *a, size_t i)
{
	struct pachd_preflight *asked = q->asked;
	const struct call *call = &q->calls[i];
	size_t index = q->questions[i].index;

	switch (q->questions[i].about) {
	case ABOUT_REPO:
		learn_whole(q, a, call, &asked->repos[index]);
		break;
	case ABOUT_BRANCH:
		if (call->status == GRPC_OK)
			learn_branch(a, &asked->repos[index]);
		break;
	case ABOUT_REPOS:
		learn_list(q, a, call);
		break;
	case ABOUT_SECRET:
		asked->secrets[index].known = preflight_known(call);
		break;
	case ABOUT_CLUSTER:
		asked->id =
		    message_string(rpc_answer(q->pachd, a, METHOD_INSPECT_CLUSTER, call), "id");
		break;
	case ABOUT_LICENSE:
		license_learn(q->pachd, call, &asked->license);
		break;
	case ABOUT_PROJECT:
		asked->projects[index].known = preflight_known(call);
		break;
	case ABOUT_RIGHTS:
		learn_rights(q, a, call, &asked->projects[index]);
		break;
	}
}

int
pachd_preflight(struct pachd *p, struct pachd_preflight *asked, struct err *err)
{
	size_t room =
	    asked->repo_count + asked->secret_count + CALLS_PER_PROJECT * asked->project_count + 2;
	struct preflight q = {
		.pachd = p,
		.api = p->generation->api,
		.asked = asked,
		.calls = ARENA_ARRAY(p->arena, room, struct call),
		.questions = ARENA_ARRAY(p->arena, room, struct question),
		.has_login = p->facts.has_login,
	};

	q.is_list = wants_list(&q);
	ask_all(&q, p->arena);
	if (q.used > 0 && channel_ask(p->channel, q.calls, q.used, p->arena, err) < 0)
		return -1;
	for (size_t i = 0; i < q.used; i++)
		learn_answer(&q, p->arena, i);
	if (ask_whole(&q, p->arena, err) < 0)
		return -1;
	if (q.is_list)
		doubt_list(asked);
	return 0;
}

bool
pachd_has_branch(const struct pachd_repo *repo, struct str branch)
{
	for (size_t i = 0; i < repo->branch_count; i++)
		if (str_eq(repo->branches[i], branch))
			return true;
	return false;
}
