#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "pachd/apply/apply.h"
#include "pachd/apply/change.h"
#include "pps_v2.pb-c.h"
#include "wire/effective.h"

enum { MESSAGE_SLACK = 64 }; /* more than gRPC adds to a message */

/* From 2.8 an element of a transaction must hold the effective spec: asks the server for those of all changes. */
static int
dry_run(const struct changes *all, struct err *err)
{
	struct call *calls = ARENA_ARRAY(all->pachd->arena, all->count, struct call);

	for (size_t i = 0; i < all->count; i++) {
		calls[i] = rpc_call(all->pachd, METHOD_CREATE_PIPELINE_V2);
		calls[i].request = change_v2_request(all->pachd->arena, &all->list[i], true);
		calls[i].lane = DRY_RUN_LANE;
	}
	if (channel_ask(all->pachd->channel, calls, all->count, all->pachd->arena, err) < 0)
		return -1;
	for (size_t i = 0; i < all->count; i++) {
		if (calls[i].status != GRPC_OK) {
			(void)rpc_error(all->pachd, &calls[i], err);
			return change_wrap(all, i, err);
		}
		all->list[i].effective_json = message_string(
		    rpc_answer(all->pachd, all->pachd->arena, METHOD_CREATE_PIPELINE_V2, &calls[i]),
		    "effective_create_pipeline_request_json");
	}
	return 0;
}

/* The effective spec as the server would store it, as text. */
static struct str
effective_text(const struct pachd *p, const struct change *one, struct node *effective)
{
	struct str merged;

	effective_merge(
	    p->arena, rpc_method(p, METHOD_CREATE_PIPELINE)->request, effective, one->user);
	/* where it is too large, the batch is, too */
	return change_json(p, effective, &merged) ? merged : one->effective_json;
}

/* The effective spec as a message; NULL when it has fields that our .proto files lack. */
static ProtobufCMessage *
effective_request(const struct pachd *p, struct change *one)
{
	struct diags d = diags_in(p->arena);
	struct doc *doc = doc_parse(p->arena, "effective spec", one->effective_json, &d);
	ProtobufCMessage *m;

	if (d.errors > 0 || doc->count != 1 || doc->first->kind != NODE_OBJECT)
		return NULL;
	m = request_encode(p, p->arena, doc->first, "effective spec", false, &d);
	if (d.errors > 0)
		return NULL;
	change_flag(m, one->step);
	one->effective_json = effective_text(p, one, doc->first);
	return m;
}

/* One element of a transaction, or NULL when it cannot be made. */
static ProtobufCMessage *
pipeline_element(const struct pachd *p, struct change *one)
{
	enum api api = p->generation->api;
	ProtobufCMessage *e = message_new(p->arena, method_batch_element(api)),
	                 *member = one->request;
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
	    protobuf_c_message_descriptor_get_field(
	        method_batch_element(api), p->generation->batch_field),
	    &member);
	return e;
}

static ProtobufCMessage *
repo_element(const struct changes *all, size_t i)
{
	enum api api = all->pachd->generation->api;
	ProtobufCMessage *e = message_new(all->pachd->arena, method_batch_element(api));
	ProtobufCMessage *member = change_repo_request(all, i);

	message_set(e,
	    protobuf_c_message_descriptor_get_field_by_name(
	        method_batch_element(api), "create_repo"),
	    &member);
	return e;
}

/* How many of the first elements fit into one transaction together with the repos. */
static size_t
count_fitting(const struct changes *all, ProtobufCMessage *const *elements, size_t count)
{
	size_t limit = all->pachd->generation->batch_limit, bytes = MESSAGE_SLACK;

	for (size_t i = 0; i < all->repo_count; i++)
		bytes += protobuf_c_message_get_packed_size(repo_element(all, i)) + 8;
	for (size_t i = 0; i < count; i++) {
		bytes += protobuf_c_message_get_packed_size(elements[i]) + 8;
		if (bytes > MAX_RPC_BYTES || (limit > 0 && i + all->repo_count >= limit))
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

/* "error running request 2 of 7": the place of the element at fault, from 0, repos first; `count`, how many there
 * are, when the text names none. */
static size_t
find_culprit(const struct call *call, size_t count)
{
	static const char words[] = "error running request ";
	const char *at = call->message.ptr ? strstr(call->message.ptr, words) : NULL;
	unsigned long n = at ? strtoul(at + strlen(words), NULL, 10) : 0;

	return n >= 1 && n <= count ? n - 1 : count;
}

static void
note_transaction(const struct pachd *p, const struct call *call, struct pachd_result *out)
{
	const ProtobufCMessage *info = rpc_answer(p, p->arena, METHOD_BATCH_TRANSACTION, call);

	out->transaction = message_string(message_message(info, "transaction"), "id");
}

/* Adds to *err which element of the batch failed. Always -1. */
static int
batch_wrap(const struct changes *all, const struct call *call, struct err *err)
{
	size_t count = all->repo_count + all->count;
	size_t at = call->answered ? find_culprit(call, count) : count;

	if (at < all->repo_count)
		return change_repo_wrap(all, at, err);
	if (at < count)
		return change_wrap(all, at - all->repo_count, err);
	return err_wrap(err, "cannot push %zu pipelines in one transaction", all->count);
}

/* The elements of the repos and then those of the pipelines. */
static ProtobufCMessage **
with_repos(const struct changes *all, ProtobufCMessage **elements)
{
	ProtobufCMessage **out;

	if (all->repo_count == 0)
		return elements;
	out = ARENA_ARRAY(all->pachd->arena, all->repo_count + all->count, ProtobufCMessage *);
	for (size_t i = 0; i < all->repo_count; i++)
		out[i] = repo_element(all, i);
	for (size_t i = 0; i < all->count; i++)
		out[all->repo_count + i] = elements[i];
	return out;
}

static int
run_batch(const struct changes *all, ProtobufCMessage **elements, struct pachd_result *out,
    struct err *err)
{
	struct pachd *p = all->pachd;
	enum api api = p->generation->api;
	ProtobufCMessage *batch =
	    message_new(p->arena, method_of(api, METHOD_BATCH_TRANSACTION)->request);
	struct call call = rpc_call(p, METHOD_BATCH_TRANSACTION);

	message_set_list(batch,
	    protobuf_c_message_descriptor_get_field_by_name(
	        method_of(api, METHOD_BATCH_TRANSACTION)->request, "requests"),
	    with_repos(all, elements), all->repo_count + all->count);
	call.request = message_pack(p->arena, batch);
	if (change_send(all, 0, &call, out, err) < 0) {
		change_mark_unknown(out, all->list, all->count);
		return batch_wrap(all, &call, err);
	}
	note_transaction(p, &call, out);
	change_mark_all_done(all, out);
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

/* The changes and their elements, in `sorted`, part by part; each part in sending order. */
static struct changes
sort_by_part(
    const struct changes *all, ProtobufCMessage *const *elements, ProtobufCMessage **sorted)
{
	struct member *members = ARENA_ARRAY(all->pachd->arena, all->count, struct member);
	struct changes out = *all;

	for (size_t i = 0; i < all->count; i++)
		members[i] = (struct member){ all->list[i].step->part, i };
	if (all->count > 1)
		qsort(members, all->count, sizeof(*members), by_part);
	out.list = ARENA_ARRAY(all->pachd->arena, all->count, struct change);
	for (size_t i = 0; i < all->count; i++) {
		out.list[i] = all->list[members[i].index];
		sorted[i] = elements[members[i].index];
	}
	return out;
}

/* How many of the first changes make up whole parts that fit into one transaction; 0 when the first part alone does
 * not. */
static size_t
whole_parts(const struct changes *all, ProtobufCMessage *const *elements)
{
	size_t fit = count_fitting(all, elements, all->count);

	while (fit > 0 && fit < all->count
	       && all->list[fit].step->part == all->list[fit - 1].step->part)
		fit--;
	return fit;
}

/* Writes the size of each transaction into `sizes` (room for all->count); how many. 0 with *err: a part does not
 * fit. */
static size_t
cut_into_parts(
    const struct changes *all, ProtobufCMessage *const *elements, size_t *sizes, struct err *err)
{
	struct changes rest = *all;
	size_t count = 0;

	while (rest.count > 0) {
		size_t fit = whole_parts(&rest, elements), part = 1;

		if (fit == 0) {
			while (part < rest.count
			       && rest.list[part].step->part == rest.list[0].step->part)
				part++;
			rest.count = part;
			(void)too_many(
			    all->pachd, part, count_fitting(all, elements, part), true, err);
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
run_parts(const struct changes *all, ProtobufCMessage *const *elements, struct pachd_result *out,
    struct err *err)
{
	ProtobufCMessage **sorted = ARENA_ARRAY(all->pachd->arena, all->count, ProtobufCMessage *);
	size_t *sizes = ARENA_ARRAY(all->pachd->arena, all->count, size_t);
	struct changes rest = sort_by_part(all, elements, sorted);
	size_t count = cut_into_parts(&rest, sorted, sizes, err), done = 0;

	if (count == 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		struct changes one = rest;

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
change_together(const struct changes *all, bool split, struct pachd_result *out, struct err *err)
{
	struct pachd *p = all->pachd;
	ProtobufCMessage **elements = ARENA_ARRAY(p->arena, all->count, ProtobufCMessage *);
	size_t fit;

	if (p->generation->v2 && dry_run(all, err) < 0)
		return -1;
	for (size_t i = 0; i < all->count; i++) {
		elements[i] = pipeline_element(p, &all->list[i]);
		/* a server newer than our .proto files makes the elements itself */
		if (!elements[i])
			return change_in_open_transaction(all, out, err);
	}
	fit = count_fitting(all, elements, all->count);
	if (fit < all->count && split)
		return run_parts(all, elements, out, err);
	if (fit < all->count)
		return too_many(p, all->count, fit, false, err);
	out->transactions = 1;
	return run_batch(all, elements, out, err);
}
