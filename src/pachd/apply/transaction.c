#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "pachd/apply/apply.h"
#include "pachd/apply/write.h"
#include "pipeline/render.h"
#include "pps_v2.pb-c.h"

enum { MESSAGE_SLACK = 64 }; /* gRPC's own bytes around a message, generously */

/* From 2.8 a transaction's element must carry what the server makes of the spec: asks for all at once. */
static int
dry_run(const struct writes *w, struct err *err)
{
	struct call *calls = ARENA_ARRAY(w->pachd->arena, w->count, struct call);

	for (size_t i = 0; i < w->count; i++)
		calls[i] = (struct call){
			.method = "/pps_v2.API/CreatePipelineV2",
			.request = write_v2_request(w->pachd->arena, &w->list[i], true),
		};
	if (channel_ask(w->pachd->channel, calls, w->count, w->pachd->arena, err) < 0)
		return -1;
	for (size_t i = 0; i < w->count; i++) {
		ProtobufCMessage *m;

		if (calls[i].status != GRPC_OK) {
			(void)rpc_error(w->pachd, &calls[i], err);
			return write_wrap(w, i, err);
		}
		m = message_read(w->pachd->arena, &pps_v2__create_pipeline_v2_response__descriptor,
		    calls[i].replies[0]);
		w->list[i].effective_json =
		    message_string(m, "effective_create_pipeline_request_json");
	}
	return 0;
}

/* The effective spec as a message; NULL when it says what our tables do not know. */
static ProtobufCMessage *
effective_request(const struct pachd *p, const struct write *one)
{
	struct diags d = diags_in(p->arena);
	struct doc *doc = doc_parse(p->arena, "effective spec", one->effective_json, &d);
	ProtobufCMessage *m;

	if (d.errors > 0 || doc->count != 1 || doc->first->kind != NODE_OBJECT)
		return NULL;
	if (one->step->action == ACTION_UPDATE)
		render_flag(doc->first, p->arena, "update");
	if (one->step->reprocess)
		render_flag(doc->first, p->arena, "reprocess");
	m = request_encode(p, doc->first, "effective spec", false, &d);
	return d.errors > 0 ? NULL : m;
}

/* One element of a transaction, or NULL when it cannot be made. */
static ProtobufCMessage *
element(const struct pachd *p, const struct write *one)
{
	const struct api *api = p->generation->api;
	ProtobufCMessage *e = message_new(p->arena, api->batch_element), *member = one->request;
	PpsV2__CreatePipelineTransaction *with_json;

	if (p->generation->v2) {
		member = effective_request(p, one);
		if (!member)
			return NULL;
		with_json = (PpsV2__CreatePipelineTransaction *)message_new(
		    p->arena, &pps_v2__create_pipeline_transaction__descriptor);
		with_json->create_pipeline_request = (PpsV2__CreatePipelineRequest *)member;
		with_json->user_json = arena_cstr(p->arena, one->user_json);
		with_json->effective_json = arena_cstr(p->arena, one->effective_json);
		if (p->facts.release >= RELEASE(2, 11, 0) && p->facts.user.len > 0)
			with_json->created_by = arena_cstr(p->arena, p->facts.user);
		member = &with_json->base;
	}
	message_set(e,
	    protobuf_c_message_descriptor_get_field(api->batch_element, p->generation->batch_field),
	    &member);
	return e;
}

static ProtobufCMessage *
repo_element(const struct writes *w, size_t i)
{
	const struct api *api = w->pachd->generation->api;
	ProtobufCMessage *e = message_new(w->pachd->arena, api->batch_element);
	ProtobufCMessage *member = write_repo(w, i);

	message_set(e,
	    protobuf_c_message_descriptor_get_field_by_name(api->batch_element, "create_repo"),
	    &member);
	return e;
}

/* How many of the first elements fit the limits of one transaction, behind the repos. */
static size_t
fitting(const struct writes *w, ProtobufCMessage *const *elements, size_t count)
{
	size_t limit = w->pachd->generation->batch_limit, bytes = MESSAGE_SLACK;

	for (size_t i = 0; i < w->repo_count; i++)
		bytes += protobuf_c_message_get_packed_size(repo_element(w, i)) + 8;
	for (size_t i = 0; i < count; i++) {
		bytes += protobuf_c_message_get_packed_size(elements[i]) + 8;
		if (bytes > MAX_RPC_BYTES || (limit > 0 && i + w->repo_count >= limit))
			return i;
	}
	return count;
}

static int
too_many(const struct pachd *p, size_t count, size_t fit, bool split, struct err *err)
{
	(void)err_set(err, ERR_SPEC,
	    "%zu changes%s do not fit in one transaction of pachd %s; the limit is %zu", count,
	    split ? " of connected pipelines" : "", p->facts.text.ptr, fit);
	return err_hint(err,
	    split ? "push fewer specs in one run; nothing was sent"
	          : "push fewer specs in one run, or set input 'split' to true; nothing was sent");
}

int
pachd_check_transaction_size(const struct pachd *p, const struct plan *plan, struct err *err)
{
	size_t limit = p->generation->batch_limit, count = plan->created + plan->updated;

	if (!p->facts.transactions || limit == 0 || plan->split
	    || count + plan->repo_count <= limit)
		return 0;
	return too_many(
	    p, count, limit > plan->repo_count ? limit - plan->repo_count : 0, false, err);
}

/* "error running request 2 of 7": the element at fault, repos first, or `count`, how many there are, when
 * the text names none. */
static size_t
culprit(const struct call *call, size_t count)
{
	static const char words[] = "error running request ";
	const char *at = call->message.ptr ? strstr(call->message.ptr, words) : NULL;
	unsigned long n = at ? strtoul(at + strlen(words), NULL, 10) : 0;

	return n >= 1 && n <= count ? n - 1 : count;
}

static void
note_transaction(const struct pachd *p, const struct call *call, struct pachd_result *out)
{
	ProtobufCMessage *info = call->reply_count ? message_read(p->arena,
	                             p->generation->api->transaction_info, call->replies[0])
	                                           : NULL;

	out->transaction = message_string(message_message(info, "transaction"), "id");
}

/* Says in *err which part of the batch it was. Always -1. */
static int
batch_wrap(const struct writes *w, const struct call *call, struct err *err)
{
	size_t count = w->repo_count + w->count;
	size_t at = call->answered ? culprit(call, count) : count;

	if (at < w->repo_count)
		return write_repo_wrap(w, at, err);
	if (at < count)
		return write_wrap(w, at - w->repo_count, err);
	return err_wrap(err, "cannot push %zu pipelines in one transaction", w->count);
}

/* The elements with the repos' before them. */
static ProtobufCMessage **
with_repos(const struct writes *w, ProtobufCMessage **elements)
{
	ProtobufCMessage **out;

	if (w->repo_count == 0)
		return elements;
	out = ARENA_ARRAY(w->pachd->arena, w->repo_count + w->count, ProtobufCMessage *);
	for (size_t i = 0; i < w->repo_count; i++)
		out[i] = repo_element(w, i);
	for (size_t i = 0; i < w->count; i++)
		out[w->repo_count + i] = elements[i];
	return out;
}

static int
run_batch(
    const struct writes *w, ProtobufCMessage **elements, struct pachd_result *out, struct err *err)
{
	struct pachd *p = w->pachd;
	const struct api *api = p->generation->api;
	ProtobufCMessage *batch = message_new(p->arena, api->batch_request);
	struct call call = { .method = api->batch };

	message_set_list(batch,
	    protobuf_c_message_descriptor_get_field_by_name(api->batch_request, "requests"),
	    with_repos(w, elements), w->repo_count + w->count);
	call.request = message_pack(p->arena, batch);
	if (write_run(w, 0, &call, out, err) < 0) {
		write_mark_unknown(out, w->list, w->count);
		return batch_wrap(w, &call, err);
	}
	note_transaction(p, &call, out);
	write_mark_all_done(w, out);
	return 0;
}

/* A change by the part of the graph that it belongs to. */
struct member {
	size_t part, index;
};

static int
by_part(const void *left, const void *right)
{
	const struct member *a = left, *b = right;
	int order = (a->part > b->part) - (a->part < b->part);

	return order ? order : (a->index > b->index) - (a->index < b->index);
}

/* The changes and their elements with the members of one part side by side, each part in sending order.
 */
static struct writes
sort_by_part(const struct writes *w, ProtobufCMessage *const *elements, ProtobufCMessage **sorted)
{
	struct member *members = ARENA_ARRAY(w->pachd->arena, w->count, struct member);
	struct writes out = *w;

	for (size_t i = 0; i < w->count; i++)
		members[i] = (struct member){ w->list[i].step->part, i };
	if (w->count > 1)
		qsort(members, w->count, sizeof(*members), by_part);
	out.list = ARENA_ARRAY(w->pachd->arena, w->count, struct write);
	for (size_t i = 0; i < w->count; i++) {
		out.list[i] = w->list[members[i].index];
		sorted[i] = elements[members[i].index];
	}
	return out;
}

/* How many of the first changes are whole parts that fit one transaction; 0 when the first part alone
 * does not. */
static size_t
whole_parts(const struct writes *w, ProtobufCMessage *const *elements)
{
	size_t fit = fitting(w, elements, w->count);

	while (fit > 0 && fit < w->count && w->list[fit].step->part == w->list[fit - 1].step->part)
		fit--;
	return fit;
}

/* Finds the sizes of the transactions, in `sizes` (room for w->count); 0 when a part does not fit. */
static size_t
cut(const struct writes *w, ProtobufCMessage *const *elements, size_t *sizes, struct err *err)
{
	struct writes rest = *w;
	size_t count = 0;

	while (rest.count > 0) {
		size_t fit = whole_parts(&rest, elements), part = 1;

		if (fit == 0) {
			while (part < rest.count
			       && rest.list[part].step->part == rest.list[0].step->part)
				part++;
			rest.count = part;
			(void)too_many(w->pachd, part, fitting(w, elements, part), true, err);
			return 0;
		}
		sizes[count++] = fit;
		rest.list += fit;
		rest.count -= fit;
		elements += fit;
	}
	return count;
}

static int
run_parts(const struct writes *w, ProtobufCMessage *const *elements, struct pachd_result *out,
    struct err *err)
{
	ProtobufCMessage **sorted = ARENA_ARRAY(w->pachd->arena, w->count, ProtobufCMessage *);
	size_t *sizes = ARENA_ARRAY(w->pachd->arena, w->count, size_t);
	struct writes rest = sort_by_part(w, elements, sorted);
	size_t count = cut(&rest, sorted, sizes, err), done = 0;

	if (count == 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		struct writes one = rest;

		one.list += done;
		one.count = sizes[i];
		one.repo_count = i == 0 ? rest.repo_count : 0;

		out->transactions = i + 1;
		if (run_batch(&one, sorted + done, out, err) < 0) {
			out->done = done;
			return err_wrap(err, "transaction %zu of %zu", i + 1, count);
		}
		done += sizes[i];
		out->done = done;
	}
	return 0;
}

int
write_together(const struct writes *w, bool split, struct pachd_result *out, struct err *err)
{
	struct pachd *p = w->pachd;
	ProtobufCMessage **elements = ARENA_ARRAY(p->arena, w->count, ProtobufCMessage *);
	size_t fit;

	if (p->generation->v2 && dry_run(w, err) < 0)
		return -1;
	for (size_t i = 0; i < w->count; i++) {
		elements[i] = element(p, &w->list[i]);
		if (!elements[i]) /* a server newer than our tables: it shall do it itself */
			return write_open_transaction(w, out, err);
	}
	fit = fitting(w, elements, w->count);
	if (fit < w->count && split)
		return run_parts(w, elements, out, err);
	if (fit < w->count)
		return too_many(p, w->count, fit, false, err);
	out->transactions = 1;
	return run_batch(w, elements, out, err);
}
