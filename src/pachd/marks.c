#include "pachd/marks.h"

#include <stdlib.h>

#include "base/arena.h"
#include "metadata.pb-c.h"
#include "pachd/preflight_calls.h"
#include "pachd/rpc.h"
#include "pfs_v2.pb-c.h"

/* Up to this many repos are asked for by themselves; a list costs the server all repos of the projects. */
enum { MAX_SINGLE_MARKS = 16 };

/* Writing, at most: a mark must not hold up what it is about. */
enum { WRITE_MARKS_MS = 10000 };

bool
pachd_keeps_marks(const struct pachd_facts *facts)
{
	return facts->repo_metadata || facts->annotations;
}

/* Reading: those that are asked for, and the calls. */
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
	const ProtobufCMessage *info = NULL;

	if (call->status == GRPC_OK)
		info = message_read(r->p->arena, rpc_method(r->p, id)->reply, call->replies[0]);
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

static struct str
list_request(struct pachd *p, const struct reading *r)
{
	struct pachd_repo *repos = ARENA_ARRAY(p->arena, r->count, struct pachd_repo);
	const struct pachd_preflight asked = { .repos = repos, .repo_count = r->count };

	for (size_t i = 0; i < r->count; i++)
		repos[i].target = r->list[i]->target;
	return list_repos_request(p->arena, API_2, &asked);
}

/* One repo of the list; those of others are many. */
static void
learn_listed(const struct reading *r, const ProtobufCMessage *info)
{
	const ProtobufCMessage *repo = message_message(info, "repo");
	struct pachd_marked key = { .target = {
		                        .project = message_string(
		                            message_message(repo, "project"), "name"),
		                        .name = message_string(repo, "name"),
		                    } };
	struct pachd_marked *wanted = &key, **found;

	found = bsearch(&wanted, r->list, r->count, sizeof(wanted), by_target);
	if (found)
		(*found)->mark = mark_read(r->p->arena, info, "metadata");
}

/* A list leaves out the repos that the user may not see: they have no mark, as those that are not there. */
static int
read_list(const struct reading *r, struct err *err)
{
	struct pachd *p = r->p;
	struct call call = rpc_call(p, METHOD_LIST_REPO);

	qsort(r->list, r->count, sizeof(*r->list), by_target);
	call.request = list_request(p, r);
	if (channel_ask(p->channel, &call, 1, p->arena, err) < 0)
		return -1;
	for (size_t i = 0; i < r->count && call.status != GRPC_OK; i++)
		r->list[i]->is_unknown = true;
	for (size_t i = 0; i < call.reply_count && call.status == GRPC_OK; i++) {
		const ProtobufCMessage *info =
		    message_read(p->arena, rpc_method(p, METHOD_LIST_REPO)->reply, call.replies[i]);

		if (info)
			learn_listed(r, info);
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

struct writing {
	struct arena *arena;
	Metadata__Edit **edits;
	size_t count;
};

static Metadata__Edit *
add_edit(struct writing *w, const struct pachd_marked *one)
{
	Metadata__Edit *edit = ARENA_NEW(w->arena, Metadata__Edit);
	Metadata__Edit__EditKey *key = ARENA_NEW(w->arena, Metadata__Edit__EditKey);

	metadata__edit__init(edit);
	metadata__edit__edit_key__init(key);
	key->key = arena_cstr(w->arena, STR(MARK_KEY));
	key->value = arena_cstr(w->arena, mark_text(w->arena, &one->mark));
	edit->edit_key = key;
	w->edits[w->count++] = edit;
	return edit;
}

static PfsV2__ProjectPicker *
pick_project(struct arena *a, struct str name)
{
	PfsV2__ProjectPicker *project = ARENA_NEW(a, PfsV2__ProjectPicker);

	pfs_v2__project_picker__init(project);
	project->name = arena_cstr(a, name);
	return project;
}

static void
add_repo(struct writing *w, const struct pachd_marked *one)
{
	Metadata__Edit *edit = add_edit(w, one);
	PfsV2__RepoPicker *picker = ARENA_NEW(w->arena, PfsV2__RepoPicker);
	PfsV2__RepoPicker__RepoName *name = ARENA_NEW(w->arena, PfsV2__RepoPicker__RepoName);

	pfs_v2__repo_picker__init(picker);
	pfs_v2__repo_picker__repo_name__init(name);
	name->project = pick_project(w->arena, one->target.project);
	name->name = arena_cstr(w->arena, one->target.name);
	picker->name = name;
	edit->repo = picker;
}

static void
add_pipeline(struct writing *w, const struct pachd_marked *one)
{
	Metadata__Edit *edit = add_edit(w, one);
	PpsV2__PipelinePicker *picker = ARENA_NEW(w->arena, PpsV2__PipelinePicker);
	PpsV2__PipelinePicker__PipelineName *name =
	    ARENA_NEW(w->arena, PpsV2__PipelinePicker__PipelineName);

	pps_v2__pipeline_picker__init(picker);
	pps_v2__pipeline_picker__pipeline_name__init(name);
	name->project = pick_project(w->arena, one->target.project);
	name->name = arena_cstr(w->arena, one->target.name);
	picker->name = name;
	edit->pipeline = picker;
}

static void
add_marked(struct writing *w, const struct pachd *p, const struct pachd_marked *one)
{
	if (one->kind == MARKED_PROJECT) {
		add_edit(w, one)->project = pick_project(w->arena, one->target.project);
		return;
	}
	add_repo(w, one);
	if (one->kind == MARKED_PIPELINE && p->facts.metadata)
		add_pipeline(w, one);
}

static int
write_some(struct pachd *p, const struct pachd_marked *list, size_t count, struct err *err)
{
	Metadata__EditMetadataRequest request = METADATA__EDIT_METADATA_REQUEST__INIT;
	struct writing w = { .arena = p->arena,
		.edits = ARENA_ARRAY(p->arena, 2 * count, Metadata__Edit *) };
	struct call call = rpc_call(p, METHOD_EDIT_METADATA);

	for (size_t i = 0; i < count; i++)
		add_marked(&w, p, &list[i]);
	request.edits = w.edits;
	request.n_edits = w.count;
	call.timeout_ms = share_ms(p, 4, WRITE_MARKS_MS);
	call.request = message_pack(p->arena, &request.base);
	return rpc_send(p, p->arena, &call, err);
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
