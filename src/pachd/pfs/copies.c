#include "pachd/pfs/copies.h"

#include "base/arena.h"
#include "pachd/pfs/pfs_private.h"

static void
build_open(const struct pachd *p, struct arena *a, ProtobufCMessage *message, const char *name,
    const struct pfs_open *open)
{
	pfs_build_commit(p, a, message, name, &open->at);
	build_string(
	    a, build_message(a, build_message(a, message, name), "branch"), "name", open->branch);
}

static int
run_batch(struct pachd *p, ProtobufCMessage *batch, struct call *call, struct err *err)
{
	*call = rpc_call(p, METHOD_BATCH_TRANSACTION);
	call->request = message_pack(p->arena, batch);
	return rpc_send(p, p->arena, call, err);
}

int
pfs_start_commits(struct pachd *p, struct arena *a, const struct pfs_start *list, size_t count,
    struct str *id, struct err *err)
{
	ProtobufCMessage *batch = rpc_request(p, p->arena, METHOD_BATCH_TRANSACTION), *made;
	struct call call;

	*id = STR("");
	for (size_t i = 0; i < count; i++) {
		ProtobufCMessage *member;

		if (!list[i].makes_repo)
			continue;
		member = build_message(
		    p->arena, build_element(p->arena, batch, "requests"), "create_repo");
		pfs_build_repo(p, p->arena, member, "repo", &list[i].at);
		build_string(p->arena, member, "description", list[i].about_repo);
	}
	for (size_t i = 0; i < count; i++) {
		ProtobufCMessage *member = build_message(
		    p->arena, build_element(p->arena, batch, "requests"), "start_commit");

		build_string(p->arena, member, "description", list[i].description);
		pfs_build_branch(p, p->arena, member, &list[i].at);
	}
	if (run_batch(p, batch, &call, err) < 0
	    || rpc_reply(p, a, METHOD_BATCH_TRANSACTION, &call, &made, err) < 0)
		return -1;
	*id = message_string(message_message(made, "transaction"), "id");
	return 0;
}

int
pfs_finish_commits(struct pachd *p, const struct pfs_finish *list, size_t count, struct err *err)
{
	ProtobufCMessage *batch = rpc_request(p, p->arena, METHOD_BATCH_TRANSACTION);
	struct call call;

	for (size_t i = 0; i < count; i++) {
		ProtobufCMessage *member = build_message(
		    p->arena, build_element(p->arena, batch, "requests"), "finish_commit");

		build_open(p, p->arena, member, "commit", &list[i].at);
		build_string(p->arena, member, "description", list[i].description);
	}
	return run_batch(p, batch, &call, err);
}

/* The stream that is being sent: the commit, a delete of its contents, then the copies. */
struct filling {
	struct pachd *p;
	const struct pfs_open *at;
	const struct pfs_copy *list;
	size_t count, sent;
	struct arena *scratch; /* of the message that is out */
};

enum { LEADING = 2 }; /* messages before the copies */

static void
build_copy(struct filling *f, ProtobufCMessage *m, const struct pfs_copy *one)
{
	struct arena *a = f->scratch;
	ProtobufCMessage *member = build_message(a, m, one->from ? "copy_file" : "add_file");

	build_string(a, member, one->from ? "dst" : "path", one->path);
	if (!one->from) {
		build_bytes(build_message(a, member, "raw"), "value", STR(""));
		return;
	}
	member = build_message(a, member, "src");
	pfs_build_commit(f->p, a, member, "commit", one->from);
	build_string(a, member, "path", one->path);
}

static int
next_message(void *ctx, struct str *message, struct err *err)
{
	struct filling *f = ctx;
	ProtobufCMessage *m;

	(void)err;
	if (f->sent == f->count + LEADING)
		return 0;
	arena_free(f->scratch);
	f->scratch = arena_like(f->p->arena);
	m = rpc_request(f->p, f->scratch, METHOD_PUT_FILE);
	if (f->sent == 0)
		build_open(f->p, f->scratch, m, "set_commit", f->at);
	else if (f->sent == 1)
		build_string(
		    f->scratch, build_message(f->scratch, m, "delete_file"), "path", STR("/"));
	else
		build_copy(f, m, &f->list[f->sent - LEADING]);
	f->sent++;
	*message = message_pack(f->scratch, m);
	return 1;
}

int
pfs_fill_commit(struct pachd *p, const struct pfs_open *at, const struct pfs_copy *list,
    size_t count, struct err *err)
{
	struct filling f = { .p = p, .at = at, .list = list, .count = count };
	struct call_source source = { next_message, &f };
	struct call call = rpc_call(p, METHOD_PUT_FILE);
	int rc;

	call.source = &source;
	rc = rpc_send(p, p->arena, &call, err);
	arena_free(f.scratch);
	return rc;
}
