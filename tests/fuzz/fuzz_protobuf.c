/* What a server answers is protobuf bytes that nobody vouches for: whatever can be read must be
 * understood, packed again and compared without harm, and packing what was packed changes nothing. */
#include "base/arena.h"
#include "pachd/compare.h"
#include "pachd/pachd_private.h"
#include "pachd/pps/history.h"
#include "pachd/preflight.h"
#include "pachd/preflight_calls.h"
#include "pfs.pb-c.h"
#include "pfs_v2.pb-c.h"
#include "pps.pb-c.h"
#include "pps_v2.pb-c.h"
#include "wire/decode.h"

#include "fuzz.h"

/* What runs, as pachd_probe() learns it, and compared with some spec. */
static void
check_info(struct arena *a, uint32_t version, struct str bytes)
{
	struct pachd p = {
		.arena = a, .facts = { .release = version }, .generation = generation_of(version)
	};
	enum api line = p.generation->api;
	const ProtobufCMessage *info =
	    message_read(a, method_of(line, METHOD_INSPECT_PIPELINE)->reply, bytes);
	struct diags d = diags_in(a);
	struct doc *doc = doc_parse(a, "x.json", STR("{\"input\":{\"cross\":[]}}"), &d);
	struct err ignored;
	struct deployed live;

	if (!info)
		return;
	deployed_read(a, line, info, &live);
	(void)decode_message(a, info, version);
	if (!pachd_stored_spec(&p, &live, &ignored) && live.user_json.len == 0)
		abort();
	if (!message_read(a, method_of(line, METHOD_CREATE_PIPELINE)->request, live.spec))
		abort();
	if (pachd_compare(&p, doc->first, NULL, "x.json", &live).why.ptr == NULL)
		abort();
}

static void
check_twice(struct arena *a, const ProtobufCMessageDescriptor *type, struct str bytes)
{
	const ProtobufCMessage *one = message_read(a, type, bytes);
	struct str packed;

	if (!one)
		return;
	packed = message_pack(a, one);
	one = message_read(a, type, packed);
	if (!one || !str_eq(message_pack(a, one), packed))
		abort();
}

/* What is around the pipelines: each answer says something, or nothing. */
static void
check_around(struct arena *a, const ProtobufCMessageDescriptor *repo_info, struct str bytes)
{
	const ProtobufCMessage *info = message_read(a, repo_info, bytes);
	struct pachd_repo repo = { .branch_count = 0 };

	if (!info)
		return;
	preflight_learn_repo(a, info, &repo);
	if (repo.known != PACHD_PRESENT || repo.branch_count != message_count(info, "branches"))
		abort();
}

static void
check_line(struct arena *a, enum api line, struct str bytes)
{
	const ProtobufCMessageDescriptor *const replies[] = {
		method_of(line, METHOD_GET_VERSION)->reply, method_of(line, METHOD_WHO_AM_I)->reply,
		method_of(line, METHOD_INSPECT_PIPELINE)->reply,
		method_of(line, METHOD_CREATE_PIPELINE)->request,
		method_of(line, METHOD_START_TRANSACTION)->reply,
		method_of(line, METHOD_BATCH_TRANSACTION)->reply,
		method_of(line, METHOD_INSPECT_CLUSTER)->reply
	};

	for (size_t i = 0; i < COUNT_OF(replies); i++)
		check_twice(a, replies[i], bytes);
	check_around(
	    a, line == API_1 ? &pfs__repo_info__descriptor : &pfs_v2__repo_info__descriptor, bytes);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const ProtobufCMessageDescriptor *const others[] = {
		&pps__pipeline_infos__descriptor,
		&pps__job_info__descriptor,
		&pps__log_message__descriptor,
		&pps_v2__job_info__descriptor,
		&pps_v2__log_message__descriptor,
		&pps_v2__loki_log_message__descriptor,
		&pps_v2__create_pipeline_v2_response__descriptor,
	};
	struct arena *a = arena_new(no_memory);
	struct str bytes = { (const char *)data, len };

	check_info(a, RELEASE(1, 13, 4), bytes);
	check_info(a, RELEASE(2, 7, 8), bytes);
	check_info(a, RELEASE(2, 11, 6), bytes);
	check_line(a, API_1, bytes);
	check_line(a, API_2, bytes);
	for (size_t i = 0; i < COUNT_OF(others); i++)
		check_twice(a, others[i], bytes);
	arena_free(a);
	return 0;
}
