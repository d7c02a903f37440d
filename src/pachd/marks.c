#include "pachd/marks.h"

#include <stdlib.h>

#include "base/arena.h"
#include "pachd/preflight_calls.h"
#include "pachd/rpc.h"
#include "wire/build.h"

/* Up to this many repos are asked for one by one: for a list the server reads all repos of the projects. */
enum { MAX_SINGLE_MARKS = 16 };

/* The longest time to write marks: the push has succeeded already. */
enum { WRITE_MARKS_MS = 10000 };

bool
pachd_keeps_marks(const struct pachd_facts *facts)
{
	return facts->repo_metadata || facts->annotations;
}

/* Marks that are being read, and the calls for them. */
struct reading {
	struct pachd *p;
	struct pachd_marked **list;
	size_t count;
	struct call *calls;
};

static bool
says_enough(const struct pachd *p, const struct pachd_marked *one)
{
	if (one->kind == MARKED_PIPELINE && one->live && mark_is_set(&one->live->mark)
	    && one->live->mark.version == one->live->version)
		return true;
	return !p->facts.repo_metadata;
}

static void
ask_one(const struct reading *r, size_t i)
{
	const struct pachd_marked *one = r->list[i];
	bool is_project = one->kind == MARKED_PROJECT;

	r->calls[i] = rpc_call(r->p, is_project ? METHOD_INSPECT_PROJECT : METHOD_INSPECT_REPO);
	r->calls[i].lane = api_lane(API_2);
	r->calls[i].request = is_project ? project_request(r->p->arena, one->target.project)
	                                 : inspect_repo_request(r->p->arena, API_2, &one->target);
}

static void
learn_one(const struct reading *r, size_t i)
{
	struct pachd_marked *one = r->list[i];
	const struct call *call = &r->calls[i];
	enum method_id id =
	    one->kind == MARKED_PROJECT ? METHOD_INSPECT_PROJECT : METHOD_INSPECT_REPO;
	const ProtobufCMessage *info = rpc_answer(r->p, r->p->arena, id, call);

	if (info)
		one->mark = mark_read(r->p->arena, info, "metadata");
	else
		one->is_unknown = preflight_known(call) != PACHD_MISSING;
}

static int
by_target(const void *left, const void *right)
{
	const struct pachd_target *a = &(*(struct pachd_marked *const *)left)->target,
	                          *b = &(*(struct pachd_marked *const *)right)->target;

	return target_order(a, b);
}

/* A list leaves out the repos that the user may not see: they have no mark, as if they did not exist. */
static int
read_list(const struct reading *r, struct err *err)
{
	struct pachd *p = r->p;
	ProtobufCMessage *request = rpc_request(p, p->arena, METHOD_LIST_REPO);
	struct call call = rpc_call(p, METHOD_LIST_REPO);
	struct rpc_list infos = { .count = 0 };
	bool is_read;

	qsort(r->list, r->count, sizeof(*r->list), by_target);
	for (size_t i = 0; i < r->count; i++)
		rpc_add_project(p->arena, request, r->list[i]->target.project);
	build_string(p->arena, request, "type", STR("user"));
	call.request = message_pack(p->arena, request);
	if (channel_ask(p->channel, &call, 1, p->arena, err) < 0)
		return -1;
	is_read = call.status == GRPC_OK
	          && rpc_read_list(p, p->arena, METHOD_LIST_REPO, "repo_info", &call, &infos);
	for (size_t i = 0; i < r->count; i++)
		r->list[i]->is_unknown = !is_read;
	for (size_t i = 0; i < infos.count && is_read; i++) {
		struct pachd_marked key = { .target = target_read(
			                        message_message(infos.list[i], "repo")) },
		                    *wanted = &key, **found;

		found = bsearch(&wanted, r->list, r->count, sizeof(wanted), by_target);
		if (found)
			(*found)->mark = mark_read(p->arena, infos.list[i], "metadata");
	}
	return 0;
}

static int
read_each(struct reading *r, struct err *err)
{
	r->calls = ARENA_ARRAY(r->p->arena, r->count, struct call);
	for (size_t i = 0; i < r->count; i++)
		ask_one(r, i);
	if (channel_ask(r->p->channel, r->calls, r->count, r->p->arena, err) < 0)
		return -1;
	for (size_t i = 0; i < r->count; i++)
		learn_one(r, i);
	return 0;
}

int
pachd_read_marks(struct pachd *p, struct pachd_marked *list, size_t count, struct err *err)
{
	struct reading repos = { .p = p,
		.list = ARENA_ARRAY(p->arena, count, struct pachd_marked *) },
	               projects = repos;

	projects.list = ARENA_ARRAY(p->arena, count, struct pachd_marked *);
	for (size_t i = 0; i < count; i++) {
		struct pachd_marked *one = &list[i];
		struct reading *r = one->kind == MARKED_PROJECT ? &projects : &repos;

		one->mark = (struct mark){ .version = 0 };
		one->is_unknown = false;
		if (!says_enough(p, one))
			r->list[r->count++] = one;
	}
	if (projects.count > 0 && read_each(&projects, err) < 0)
		return -1;
	if (repos.count > MAX_SINGLE_MARKS ? read_list(&repos, err) < 0
	                                   : repos.count > 0 && read_each(&repos, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (!mark_is_set(&list[i].mark) && list[i].live)
			list[i].mark = list[i].live->mark;
	return 0;
}

/* Adds an edit of the mark to the request; returns where its target goes. */
static ProtobufCMessage *
add_edit(struct arena *a, ProtobufCMessage *request, const struct pachd_marked *one)
{
	ProtobufCMessage *edit = build_element(a, request, "edits");
	ProtobufCMessage *key = build_message(a, edit, "edit_key");

	build_string(a, key, "key", STR(MARK_KEY));
	build_string(a, key, "value", mark_text(a, &one->mark));
	return edit;
}

/* The repo or pipeline of that name, as the picker `kind`. */
static void
pick_named(
    struct arena *a, ProtobufCMessage *edit, const char *kind, const struct pachd_target *target)
{
	ProtobufCMessage *name = build_message(a, build_message(a, edit, kind), "name");

	build_string(a, build_message(a, name, "project"), "name", target->project);
	build_string(a, name, "name", target->name);
}

static void
add_marked(const struct pachd *p, struct arena *a, ProtobufCMessage *request,
    const struct pachd_marked *one)
{
	if (one->kind == MARKED_PROJECT) {
		build_string(a, build_message(a, add_edit(a, request, one), "project"), "name",
		    one->target.project);
		return;
	}
	pick_named(a, add_edit(a, request, one), "repo", &one->target);
	if (one->kind == MARKED_PIPELINE && p->facts.metadata)
		pick_named(a, add_edit(a, request, one), "pipeline", &one->target);
}

static int
write_some(struct pachd *p, const struct pachd_marked *list, size_t count, struct err *err)
{
	struct arena *scratch = arena_like(p->arena);
	ProtobufCMessage *request = rpc_request(p, scratch, METHOD_EDIT_METADATA);
	struct call call = rpc_call(p, METHOD_EDIT_METADATA);
	int rc;

	for (size_t i = 0; i < count; i++)
		add_marked(p, scratch, request, &list[i]);
	call.timeout_ms = share_ms(p, 4, WRITE_MARKS_MS);
	call.request = message_pack(scratch, request);
	rc = rpc_send(p, scratch, &call, err);
	arena_free(scratch);
	return rc;
}

int
pachd_write_marks(struct pachd *p, const struct pachd_marked *list, size_t count, struct err *err)
{
	for (size_t i = 0; p->facts.repo_metadata && i < count; i += MARKS_PER_CALL) {
		size_t some = count - i < MARKS_PER_CALL ? count - i : MARKS_PER_CALL;

		if (write_some(p, &list[i], some, err) < 0)
			return -1;
	}
	return 0;
}
