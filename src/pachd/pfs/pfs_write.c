/* Writing files: one stream, one commit. */

#include "base/arena.h"
#include "base/limits.h"
#include "pachd/pachctl.h"
#include "pachd/pfs/pfs_private.h"
#include "pfs.pb-c.h"
#include "process/watch.h"

/* The stream that is being sent: the steps become messages one by one, each in an arena of its own. */
struct putting {
	struct pachd *p;
	struct pfs_ref at; /* 1.x: the started commit, when there is one */
	const struct pfs_steps *steps;
	struct arena *scratch; /* of the last message; or NULL */
	struct str path;       /* 2.x: of the file that is being sent, in `paths` */
	struct arena *paths;
	bool is_begun;
	/* the step that comes next: after the delete before a file, or after send_deletes() */
	struct pfs_step held;
	bool has_held;
};

static int
next_step(struct putting *w, struct pfs_step *step, struct err *err)
{
	if (!w->has_held)
		return w->steps->next(w->steps->ctx, step, err);
	*step = w->held;
	w->has_held = false;
	return 1;
}

/* An empty message in a scratch arena of its own. */
static ProtobufCMessage *
fresh_message(struct putting *w)
{
	arena_free(w->scratch);
	w->scratch = arena_like(w->p->arena);
	return rpc_request(w->p, w->scratch, METHOD_PUT_FILE);
}

static void
build_delete(struct putting *w, ProtobufCMessage *m, struct str path)
{
	build_string(w->scratch, build_message(w->scratch, m, "delete_file"), "path", path);
}

static void
build_add(struct putting *w, ProtobufCMessage *m, struct str bytes)
{
	ProtobufCMessage *add = build_message(w->scratch, m, "add_file");

	build_string(w->scratch, add, "path", w->path);
	build_bytes(build_message(w->scratch, add, "raw"), "value", bytes);
}

static void
remember_path(struct putting *w, struct str path)
{
	arena_free(w->paths);
	w->paths = arena_like(w->p->arena);
	w->path = arena_str(w->paths, path);
}

/* 2.x: before a file comes a delete of its old contents, unless the bytes are appended. */
static int
next_modify(void *ctx, struct str *message, struct err *err)
{
	struct putting *w = ctx;
	ProtobufCMessage *m = fresh_message(w);
	struct pfs_step step;
	int rc;

	if (!w->is_begun) {
		w->is_begun = true;
		pfs_build_commit(w->p, w->scratch, m, "set_commit", &w->at);
		*message = message_pack(w->scratch, m);
		return 1;
	}
	rc = next_step(w, &step, err);
	if (rc <= 0)
		return rc;
	if (step.what == PFS_DELETE) {
		build_delete(w, m, step.path);
	} else if (step.what == PFS_BEGIN && !step.appends) {
		remember_path(w, step.path);
		build_delete(w, m, step.path);
		w->held = (struct pfs_step){ .what = PFS_MORE, .bytes = step.bytes };
		w->has_held = true;
	} else {
		if (step.what == PFS_BEGIN)
			remember_path(w, step.path);
		build_add(w, m, step.bytes);
	}
	*message = message_pack(w->scratch, m);
	return 1;
}

/* 1.x: the first message of a file names it. */
static int
next_put(void *ctx, struct str *message, struct err *err)
{
	struct putting *w = ctx;
	ProtobufCMessage *m = fresh_message(w);
	struct pfs_step step;
	int rc = next_step(w, &step, err);

	if (rc <= 0)
		return rc;
	if (step.what == PFS_BEGIN) {
		pfs_build_file(w->p, w->scratch, m, &w->at, step.path);
		if (!step.appends)
			message_set_int(
			    build_message(w->scratch, m, "overwrite_index"), "index", 0);
		if (step.split != PFS_WHOLE)
			message_set_int(m, "delimiter",
			    step.split == PFS_LINES ? PFS__DELIMITER__LINE : PFS__DELIMITER__JSON);
	}
	build_bytes(m, "value", step.bytes);
	*message = message_pack(w->scratch, m);
	return 1;
}

static int
send_stream(struct putting *w, bool *sent, struct err *err)
{
	struct call_source source = { is_1x(w->p) ? next_put : next_modify, w };
	struct call call = rpc_call(w->p, METHOD_PUT_FILE);
	struct arena *a = arena_like(w->p->arena);
	int rc;

	call.source = &source;
	rc = rpc_send(w->p, a, &call, err);
	*sent = call.sent;
	arena_free(a);
	return rc;
}

static int
start_commit(struct putting *w, struct err *err)
{
	struct arena *a = w->p->arena;
	ProtobufCMessage *m = rpc_request(w->p, a, METHOD_START_COMMIT), *commit;
	struct call call = rpc_call(w->p, METHOD_START_COMMIT);

	pfs_build_repo(w->p, a, build_message(a, m, "parent"), "repo", &w->at);
	build_string(a, m, "branch", w->at.ref);
	call.request = message_pack(a, m);
	if (rpc_send(w->p, a, &call, err) < 0
	    || rpc_reply(w->p, a, METHOD_START_COMMIT, &call, &commit, err) < 0)
		return -1;
	w->at.ref = message_string(commit, "id");
	return 0;
}

static int
run_on_commit(struct putting *w, enum method_id id, struct err *err)
{
	ProtobufCMessage *m = rpc_request(w->p, w->p->arena, id);
	struct call call = rpc_call(w->p, id);

	pfs_build_commit(w->p, w->p->arena, m, "commit", &w->at);
	call.request = message_pack(w->p->arena, m);
	return rpc_send(w->p, w->p->arena, &call, err);
}

/* Sends the deletes that come first; the step after them is held. */
static int
send_deletes(struct putting *w, struct err *err)
{
	struct arena *a = w->p->arena;
	int rc;

	while ((rc = next_step(w, &w->held, err)) > 0 && w->held.what == PFS_DELETE) {
		ProtobufCMessage *m = rpc_request(w->p, a, METHOD_DELETE_FILE);
		struct call call = rpc_call(w->p, METHOD_DELETE_FILE);

		pfs_build_file(w->p, a, m, &w->at, w->held.path);
		call.request = message_pack(a, m);
		if (rpc_send(w->p, a, &call, err) < 0)
			return -1;
	}
	w->has_held = rc > 0;
	return rc < 0 ? -1 : 0;
}

static const char *
how_to_delete(const struct putting *w)
{
	return arena_fmt(w->p->arena, "delete it: %.*s",
	    STR_FMT(pachctl_line(w->p->arena, &w->p->facts, "delete", "commit", w->at.project,
	        w->at.repo, w->at.ref)))
	    .ptr;
}

/* Deletes the commit that was started: while it is open, no other can be. Always -1. */
static int
delete_started(struct putting *w, struct err *err)
{
	struct err why = { 0 };

	channel_grace(w->p->channel, CLEANUP_MS);
	if (run_on_commit(w, METHOD_DELETE_COMMIT, &why) == 0) {
		watch_hint(w->p->opts.watch, NULL);
		return -1;
	}
	(void)err_wrap(err, "commit %.*s was left open (%s)", STR_FMT(w->at.ref), why.text);
	return err_hint(err, "%s", how_to_delete(w));
}

static int
put_in_commit(struct putting *w, bool *sent, struct err *err)
{
	struct watch *watch = w->p->opts.watch;

	if (start_commit(w, err) < 0)
		return -1;
	watch_hint(watch, arena_fmt(w->p->arena, "  hint: commit %.*s may still be open; %s\n",
	                      STR_FMT(w->at.ref), how_to_delete(w))
	                      .ptr);
	if (send_deletes(w, err) == 0 && (!w->has_held || send_stream(w, sent, err) == 0)
	    && run_on_commit(w, METHOD_FINISH_COMMIT, err) == 0) {
		watch_hint(watch, NULL);
		return 0;
	}
	*sent = false;
	return delete_started(w, err);
}

int
pfs_put(struct pachd *p, const struct pfs_ref *at, const struct pfs_steps *steps, bool deletes,
    bool *sent, struct err *err)
{
	struct putting w = { .p = p, .at = *at, .steps = steps };
	int rc;

	*sent = false;
	rc = deletes && is_1x(p) ? put_in_commit(&w, sent, err) : send_stream(&w, sent, err);
	arena_free(w.scratch);
	arena_free(w.paths);
	return rc;
}
