/* Listing and reading files. */

#include "base/arena.h"
#include "base/limits.h"
#include "pachd/pfs/pfs_private.h"

/* FileType DIR of both interfaces. */
enum { TYPE_DIR = 2 };

/* 2.x ends a directory's path with '/'. */
static struct str
without_slash(struct str path)
{
	return path.len > 1 && path.ptr[path.len - 1] == '/' ? str_head(path, path.len - 1) : path;
}

static void
read_file(const ProtobufCMessage *info, struct pfs_file *out)
{
	*out = (struct pfs_file){
		.path = without_slash(message_string(message_message(info, "file"), "path")),
		.is_dir = message_int(info, "file_type") == TYPE_DIR,
		.size = (uint64_t)message_int(info, "size_bytes"),
		.hash = message_bytes(info, "hash"),
		.committed_s = message_int(message_message(info, "committed"), "seconds"),
	};
	if (out->path.len == 0)
		out->path = STR("/");
}

/* A list of files that is being read. */
struct listing {
	struct arena *arena; /* of the call; each message has an arena of its own */
	ProtobufCMessage *request;
	const ProtobufCMessageDescriptor *type;
	pfs_take *take;
	void *ctx;
};

/* A listing by the call `id`, whose empty request is in `a`. */
static struct listing
listing_new(const struct pachd *p, struct arena *a, enum method_id id, pfs_take *take, void *ctx)
{
	return (struct listing){ a, rpc_request(p, a, id), rpc_method(p, id)->reply, take, ctx };
}

static int
take_info(void *ctx, struct str message, struct err *err)
{
	struct listing *l = ctx;
	struct arena *scratch = arena_like(l->arena);
	ProtobufCMessage *info = message_read(scratch, l->type, message);
	struct pfs_file file;
	int rc;

	if (info) {
		read_file(info, &file);
		rc = l->take(l->ctx, &file, err);
	} else {
		rc = err_set(err, ERR_NETWORK, "the list of files cannot be read");
	}
	arena_free(scratch);
	return rc;
}

/* Makes the call and frees its arena. After a failure *is_missing says whether nothing of that name exists. */
static int
run_listing(
    struct pachd *p, enum method_id id, struct listing *l, bool *is_missing, struct err *err)
{
	struct call_sink sink = { .take = take_info, .ctx = l };
	struct call call = rpc_call(p, id);
	int rc;

	call.sink = &sink;
	call.request = message_pack(l->arena, l->request);
	rc = rpc_send(p, l->arena, &call, err);
	*is_missing = rc < 0 && pfs_is_missing(&call);
	arena_free(l->arena);
	return rc;
}

int
pfs_list(struct pachd *p, const struct pfs_ref *at, struct str path, pfs_take *take, void *ctx,
    bool *is_missing, struct err *err)
{
	struct listing l = listing_new(p, arena_like(p->arena), METHOD_LIST_FILE, take, ctx);

	pfs_build_file(p, l.arena, l.request, at, path);
	if (!is_1x(p) && p->facts.release < RELEASE(2, 1, 0))
		build_flag(
		    l.request, "details"); /* sizes and hashes; later releases always send them */
	return run_listing(p, METHOD_LIST_FILE, &l, is_missing, err);
}

int
pfs_glob(struct pachd *p, const struct pfs_ref *at, struct str pattern, pfs_take *take, void *ctx,
    struct err *err)
{
	struct listing l = listing_new(p, arena_like(p->arena), METHOD_GLOB_FILE, take, ctx);
	bool is_missing;

	pfs_build_commit(p, l.arena, l.request, "commit", at);
	build_string(l.arena, l.request, "pattern", pattern);
	return run_listing(p, METHOD_GLOB_FILE, &l, &is_missing, err);
}

/* Below 1.8 there is no walk: directories are listed one by one. */
struct walk {
	struct pachd *p;
	const struct pfs_ref *at;
	struct arena *arena;
	pfs_take *take;
	void *ctx;
	unsigned depth;
};

struct entries {
	struct arena *arena;
	struct pfs_file *list;
	size_t count, room;
};

static int
keep_entry(void *ctx, const struct pfs_file *file, struct err *err)
{
	struct entries *e = ctx;

	(void)err;
	e->list = arena_grow(e->arena, e->list, e->count, &e->room, sizeof(*e->list));
	e->list[e->count] = *file;
	e->list[e->count].path = arena_str(e->arena, file->path);
	e->list[e->count++].hash = arena_str(e->arena, file->hash);
	return 0;
}

static int
walk_directory(struct walk *w, struct str path, struct err *err)
{
	struct entries e = { .arena = w->arena };
	bool is_missing;
	int rc;

	if (++w->depth > MAX_DIR_DEPTH)
		return err_set(err, ERR_REFUSED, "'%.*s' nests more than %d directories",
		    STR_FMT(path), MAX_DIR_DEPTH);
	rc = pfs_list(w->p, w->at, path, keep_entry, &e, &is_missing, err);
	for (size_t i = 0; rc == 0 && i < e.count; i++) {
		rc = w->take(w->ctx, &e.list[i], err);
		if (rc == 0 && e.list[i].is_dir)
			rc = walk_directory(w, e.list[i].path, err);
	}
	w->depth--;
	return rc;
}

int
pfs_walk(struct pachd *p, const struct pfs_ref *at, struct str path, pfs_take *take, void *ctx,
    struct err *err)
{
	struct arena *scratch = arena_like(p->arena);
	struct walk w = { p, at, scratch, take, ctx, 0 };
	struct listing l;
	bool is_missing;
	int rc;

	if (rpc_exists(p, METHOD_WALK_FILE)) {
		l = listing_new(p, scratch, METHOD_WALK_FILE, take, ctx);
		pfs_build_file(p, scratch, l.request, at, path);
		return run_listing(p, METHOD_WALK_FILE, &l, &is_missing, err);
	}
	rc = walk_directory(&w, path, err);
	arena_free(scratch);
	return rc;
}

void
pfs_walk_all(struct pachd *p, struct pfs_walking *list, size_t count)
{
	struct arena *scratch = arena_like(p->arena);
	struct listing *listings = ARENA_ARRAY(scratch, count, struct listing);
	struct call_sink *sinks = ARENA_ARRAY(scratch, count, struct call_sink);
	struct call *calls = ARENA_ARRAY(scratch, count, struct call);
	struct err each_has_its_own;
	int rc = -1;

	for (size_t i = 0; i < count && rpc_exists(p, METHOD_WALK_FILE); i++) {
		listings[i] = listing_new(p, scratch, METHOD_WALK_FILE, list[i].take, list[i].ctx);
		sinks[i] = (struct call_sink){ .take = take_info, .ctx = &listings[i] };
		calls[i] = rpc_call(p, METHOD_WALK_FILE);
		calls[i].sink = &sinks[i];
		calls[i].timeout_ms = list[i].timeout_ms;
		calls[i].lane = api_lane(p->generation->api);
		pfs_build_file(p, scratch, listings[i].request, list[i].at, list[i].path);
		calls[i].request = message_pack(scratch, listings[i].request);
	}
	if (rpc_exists(p, METHOD_WALK_FILE))
		rc = channel_run(p->channel, calls, count, scratch, &each_has_its_own);
	for (size_t i = 0; i < count; i++)
		list[i].is_done = (rc == 0 || calls[i].answered) && calls[i].status == GRPC_OK;
	arena_free(scratch);
}

int
pfs_inspect(struct pachd *p, struct arena *a, const struct pfs_ref *at, struct str path,
    bool *found, struct pfs_file *out, struct err *err)
{
	ProtobufCMessage *request = rpc_request(p, a, METHOD_INSPECT_FILE), *info;
	struct call call = rpc_call(p, METHOD_INSPECT_FILE);

	pfs_build_file(p, a, request, at, path);
	call.request = message_pack(a, request);
	*found = rpc_ask(p, a, &call, err) == 0;
	if (!*found)
		return call.answered && str_starts(call.message, "file ") && pfs_is_missing(&call)
		           ? 0
		           : -1;
	if (rpc_reply(p, a, METHOD_INSPECT_FILE, &call, &info, err) < 0)
		return -1;
	read_file(info, out);
	return 0;
}

struct reading {
	pfs_bytes *take;
	void *ctx;
};

/* Reads a google.protobuf.BytesValue: field 1, or an empty message for no bytes. In place, as it may be large. */
static int
take_bytes(void *ctx, struct str message, struct err *err)
{
	struct reading *r = ctx;
	size_t len = 0, at = 1;
	unsigned shift = 0;

	if (message.len == 0)
		return 0;
	for (; at < message.len && shift < 28; at++, shift += 7) {
		len |= (size_t)((unsigned char)message.ptr[at] & 0x7f) << shift;
		if (!((unsigned char)message.ptr[at] & 0x80))
			break;
	}
	if (message.ptr[0] != 0x0a || at >= message.len || message.len - at - 1 != len)
		return err_set(err, ERR_NETWORK, "a piece of the file cannot be read");
	return r->take(r->ctx, str_tail(message, at + 1), err);
}

static int
get_file(struct pachd *p, enum method_id id, const struct pfs_ref *at, struct str path,
    struct reading *r, struct err *err)
{
	struct arena *scratch = arena_like(p->arena);
	ProtobufCMessage *request = rpc_request(p, scratch, id);
	struct call_sink sink = { .take = take_bytes, .ctx = r };
	struct call call = rpc_call(p, id);
	int rc;

	pfs_build_file(p, scratch, request, at, path);
	call.sink = &sink;
	call.request = message_pack(scratch, request);
	rc = rpc_send(p, scratch, &call, err);
	arena_free(scratch);
	return rc;
}

int
pfs_get(struct pachd *p, const struct pfs_ref *at, struct str path, pfs_bytes *take, void *ctx,
    struct err *err)
{
	struct reading r = { take, ctx };

	return get_file(p, METHOD_GET_FILE, at, path, &r, err);
}

int
pfs_get_tar(struct pachd *p, const struct pfs_ref *at, struct str path, pfs_bytes *take, void *ctx,
    struct err *err)
{
	struct reading r = { take, ctx };

	return get_file(p, METHOD_GET_FILE_TAR, at, path, &r, err);
}
