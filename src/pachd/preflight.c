#include "pachd/preflight.h"

#include "pachd/preflight_answers.h"
#include "pachd/preflight_calls.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

/* Up to this many repos are asked for one by one; more come in one list, unless they are less than this part of
 * the cluster's, as far as those are known: its pipelines' repos. */
enum { MAX_SINGLE_REPOS = 16, LIST_PART = 10, CALLS_PER_PROJECT = 2 };

/* What is asked for, and the calls that ask. */
struct preflight {
	const struct pachd *pachd;
	enum api api;
	struct pachd_preflight *asked;
	struct call *calls;
	size_t used;
	bool is_list;   /* the repos come in a list */
	bool has_login; /* rights are asked for */
};

/* Whether the repo is asked for by its branch, which costs a server less from 2.0 on. */
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

/* Adds a single read. */
static void
add_call(struct preflight *q, const char *method, struct str request)
{
	q->calls[q->used++] =
	    (struct call){ .method = method, .request = request, .lane = api_lane(q->api) };
}

static void
ask_repos(struct preflight *q, struct arena *a)
{
	const struct pachd_preflight *asked = q->asked;

	if (q->is_list) {
		q->calls[q->used++] = (struct call){
			.method = method_of(q->api, METHOD_LIST_REPO)->path,
			.request = list_repos_request(a, q->api, asked),
			.streams = method_of(q->api, METHOD_LIST_REPO)->streams,
		};
		return;
	}
	for (size_t i = 0; i < asked->repo_count; i++) {
		const struct pachd_repo *repo = &asked->repos[i];

		if (is_by_branch(q, repo))
			add_call(q, method_of(q->api, METHOD_INSPECT_BRANCH)->path,
			    branch_request(a, repo));
		else
			add_call(q, method_of(q->api, METHOD_INSPECT_REPO)->path,
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
	const struct pachd_preflight *asked = q->asked;

	for (size_t i = 0; i < asked->project_count && q->pachd->facts.projects; i++) {
		struct str name = asked->projects[i].name;

		if (!is_built_in(name))
			add_call(q, method_of(q->api, METHOD_INSPECT_PROJECT)->path,
			    project_request(a, name));
		if (q->has_login)
			add_call(q, method_of(q->api, METHOD_GET_PERMISSIONS)->path,
			    rights_request(a, name));
	}
}

static void
ask_all(struct preflight *q, struct arena *a)
{
	const struct pachd_preflight *asked = q->asked;

	ask_repos(q, a);
	for (size_t i = 0; i < asked->secret_count; i++)
		add_call(q, method_of(q->api, METHOD_INSPECT_SECRET)->path,
		    secret_request(a, q->api, asked->secrets[i].name));
	if (asked->wants_id)
		add_call(q, method_of(q->api, METHOD_INSPECT_CLUSTER)->path, (struct str){ "", 0 });
	ask_projects(q, a);
}

/* A refusal that says that the very thing is not there: codes from 2.1 on, texts before. */
static bool
is_missing(const struct call *call)
{
	return call->status == GRPC_NOT_FOUND
	       || (call->status == GRPC_UNKNOWN && call->message.ptr
	           && strstr(call->message.ptr, "not found"));
}

enum pachd_presence
preflight_known(const struct call *call)
{
	if (call->status == GRPC_OK)
		return PACHD_PRESENT;
	return is_missing(call) ? PACHD_MISSING : PACHD_UNKNOWN;
}

static const ProtobufCMessageDescriptor *
repo_info(const struct preflight *q)
{
	return method_of(q->api, METHOD_INSPECT_REPO)->reply;
}

static void
learn_whole(
    const struct preflight *q, struct arena *a, const struct call *call, struct pachd_repo *out)
{
	const ProtobufCMessage *info = NULL;

	if (call->status == GRPC_OK)
		info = message_read(a, repo_info(q), call->replies[0]);
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

/* Whoever has not the branch is looked at as a whole: it may be empty, have other branches, or not be there. */
static int
learn_single(const struct preflight *q, struct arena *a, struct err *err)
{
	struct pachd_preflight *asked = q->asked;
	size_t *which = ARENA_ARRAY(a, asked->repo_count, size_t), count = 0;
	struct call *calls = ARENA_ARRAY(a, asked->repo_count, struct call);

	for (size_t i = 0; i < asked->repo_count; i++) {
		struct pachd_repo *repo = &asked->repos[i];

		if (!is_by_branch(q, repo)) {
			learn_whole(q, a, &q->calls[i], repo);
		} else if (q->calls[i].status == GRPC_OK) {
			learn_branch(a, repo);
		} else {
			calls[count] = (struct call){
				.method = method_of(q->api, METHOD_INSPECT_REPO)->path,
				.lane = api_lane(q->api),
				.request = inspect_repo_request(a, q->api, &repo->target),
			};
			which[count++] = i;
		}
	}
	if (count > 0 && channel_ask(q->pachd->channel, calls, count, a, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		learn_whole(q, a, &calls[i], &asked->repos[which[i]]);
	return 0;
}

static int
by_target(const void *left, const void *right)
{
	const struct pachd_target *a = &(*(struct pachd_repo *const *)left)->target,
	                          *b = &(*(struct pachd_repo *const *)right)->target;
	int order = str_cmp(a->name, b->name);

	return order ? order : str_cmp(a->project, b->project);
}

static void
sort_in(const struct preflight *q, struct arena *a, const ProtobufCMessage *info,
    struct pachd_repo *const *sorted)
{
	const ProtobufCMessage *repo = message_message(info, "repo");
	struct pachd_repo key = { .target = {
		                      .project =
		                          message_string(message_message(repo, "project"), "name"),
		                      .name = message_string(repo, "name"),
		                  } };
	struct pachd_repo *wanted = &key, *const * found;

	if (key.target.project.len == 0)
		key.target.project = STR("default");
	found = bsearch(&wanted, sorted, q->asked->repo_count, sizeof(wanted), by_target);
	if (found && (*found)->known != PACHD_PRESENT)
		preflight_learn_repo(a, info, *found);
}

static void
learn_list(const struct preflight *q, struct arena *a)
{
	const struct call *call = q->calls;
	size_t count = q->asked->repo_count;
	struct pachd_repo **sorted = ARENA_ARRAY(a, count, struct pachd_repo *);
	const ProtobufCMessageDescriptor *type = method_of(q->api, METHOD_LIST_REPO)->reply;

	if (call->status != GRPC_OK)
		return;
	for (size_t i = 0; i < count; i++) {
		sorted[i] = &q->asked->repos[i];
		sorted[i]->known = PACHD_MISSING;
	}
	qsort(sorted, count, sizeof(struct pachd_repo *), by_target);
	for (size_t i = 0; i < call->reply_count; i++) {
		const ProtobufCMessage *m = message_read(a, type, call->replies[i]);
		ProtobufCMessage **list = m ? message_list(m, "repo_info") : NULL;

		if (m && q->api == API_2)
			sort_in(q, a, m, sorted);
		for (size_t j = 0; list && j < message_count(m, "repo_info"); j++)
			sort_in(q, a, list[j], sorted);
	}
}

/* In the order of ask_projects(). */
static void
learn_projects(const struct preflight *q, struct arena *a, const struct call *next)
{
	for (size_t i = 0; i < q->asked->project_count && q->pachd->facts.projects; i++) {
		struct pachd_project *one = &q->asked->projects[i];

		one->known = is_built_in(one->name) ? PACHD_PRESENT : preflight_known(next++);
		if (q->has_login)
			preflight_learn_rights(a, next++, one);
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

/* Both lines call it `id`. */
static struct str
cluster_id(const struct preflight *q, struct arena *a, const struct call *call)
{
	if (call->status != GRPC_OK)
		return (struct str){ "", 0 };
	return message_string(
	    message_read(a, method_of(q->api, METHOD_INSPECT_CLUSTER)->reply, call->replies[0]),
	    "id");
}

/* In the order of ask_all(). */
static int
learn_all(const struct preflight *q, struct arena *a, struct err *err)
{
	struct pachd_preflight *asked = q->asked;
	size_t n = q->is_list ? 1 : asked->repo_count;

	if (q->is_list)
		learn_list(q, a);
	else if (learn_single(q, a, err) < 0)
		return -1;
	for (size_t i = 0; i < asked->secret_count; i++)
		asked->secrets[i].known = preflight_known(&q->calls[n++]);
	if (asked->wants_id)
		asked->id = cluster_id(q, a, &q->calls[n++]);
	learn_projects(q, a, &q->calls[n]);
	if (q->is_list)
		doubt_list(asked);
	return 0;
}

int
pachd_preflight(struct pachd *p, struct pachd_preflight *asked, struct err *err)
{
	size_t room =
	    asked->repo_count + asked->secret_count + CALLS_PER_PROJECT * asked->project_count + 1;
	struct preflight q = {
		.pachd = p,
		.api = p->generation->api,
		.asked = asked,
		.calls = ARENA_ARRAY(p->arena, room, struct call),
		.has_login = p->facts.has_login,
	};

	q.is_list = wants_list(&q);
	ask_all(&q, p->arena);
	if (q.used > 0 && channel_ask(p->channel, q.calls, q.used, p->arena, err) < 0)
		return -1;
	return learn_all(&q, p->arena, err);
}
