/* What is compared field by field is the same as what is compared as bytes; a copy is of its own. */
#include "trial.h"

#include "base/arena.h"
#include "lint/check.h"
#include "pps_v2.pb-c.h"
#include "wire/message.h"
#include "wire/message_same.h"
#include "wire/release.h"

/* Each differs from each other in one thing that its bytes show. */
static const char *const specs[] = {
	"{}",
	"{\"description\":\"\"}",
	"{\"description\":\"a\"}",
	"{\"description\":\"ab\"}",
	"{\"s3_out\":false}",
	"{\"s3_out\":true}",
	"{\"datum_tries\":0}",
	"{\"datum_tries\":3}",
	"{\"transform\":{}}",
	"{\"transform\":{\"cmd\":[\"a\"]}}",
	"{\"transform\":{\"cmd\":[\"b\"]}}",
	"{\"transform\":{\"cmd\":[\"a\",\"b\"]}}",
	"{\"transform\":{\"accept_return_code\":[1,2]}}",
	"{\"transform\":{\"accept_return_code\":[1,3]}}",
	"{\"transform\":{\"env\":{\"A\":\"1\"}}}",
	"{\"transform\":{\"env\":{\"A\":\"\"}}}",
	"{\"transform\":{\"env\":{\"A\":\"1\",\"B\":\"2\"}}}",
	"{\"input\":{\"pfs\":{\"repo\":\"r\"}}}",
	"{\"input\":{\"cross\":[{\"pfs\":{\"repo\":\"r\"}},{\"pfs\":{\"repo\":\"s\"}}]}}",
	"{\"input\":{\"cross\":[{\"pfs\":{\"repo\":\"s\"}},{\"pfs\":{\"repo\":\"r\"}}]}}",
	"{\"resource_requests\":{\"cpu\":0.5}}",
	"{\"resource_requests\":{\"cpu\":1.5}}",
	"{\"job_timeout\":\"90s\"}",
	"{\"egress\":{\"object_storage\":{\"url\":\"s3://x\"}}}",
	"{\"egress\":{\"sql_database\":{\"url\":\"s3://x\"}}}",
	"{\"reprocess_spec\":\"until_success\"}",
	"{\"determined\":{\"password\":{\"name\":\"x\"}}}",
};

static ProtobufCMessage *
message_of(struct arena *a, const char *text)
{
	struct diags d = diags_in(a);
	struct doc *doc = doc_parse(a, "x.json", str_of(text), &d);

	return lint_request(a, doc->first, "x.json", RELEASE_NEWEST, &d);
}

static void
test_message_same__as_bytes(struct arena *a)
{
	for (size_t i = 0; i < COUNT_OF(specs); i++)
		for (size_t k = 0; k < COUNT_OF(specs); k++) {
			const ProtobufCMessage *x = message_of(a, specs[i]),
			                       *y = message_of(a, specs[k]);
			bool like = str_eq(message_pack(a, x), message_pack(a, y));

			if (like != (i == k) || message_same(x, y) != like)
				ok(false, "%s and %s", specs[i], specs[k]);
		}
	ok(true, "%zu specs, each with each", COUNT_OF(specs));
}

/* A server that is newer than our tables may mean something by what we do not know. */
static void
test_message_same__unknown_fields(struct arena *a)
{
	const ProtobufCMessageDescriptor *type = &pps_v2__create_pipeline_request__descriptor;
	/* transform, and in it field 1000, a number */
	static const char *const bytes[] = { "\x12\x03\xc0\x3e\x01", "\x12\x03\xc0\x3e\x02",
		"\x12\x00" };
	static const size_t lens[] = { 5, 5, 2 };
	ProtobufCMessage *m[COUNT_OF(bytes)];

	for (size_t i = 0; i < COUNT_OF(bytes); i++)
		m[i] = message_read(a, type, (struct str){ bytes[i], lens[i] });
	ok(m[0] && m[1] && m[2] && message_same(m[0], message_copy(a, m[0]))
	        && !message_same(m[0], m[1]) && !message_same(m[0], m[2])
	        && !message_same(m[2], m[0]),
	    "what the type does not know counts");
}

static void
test_message_copy__is_of_its_own(struct arena *a)
{
	static const char *const text =
	    "{\"description\":\"d\",\"transform\":{\"env\":{\"A\":\"1\",\"B\":\"2\"}},"
	    "\"input\":{\"cross\":[{\"pfs\":{\"repo\":\"r\"}},{\"pfs\":{\"repo\":\"s\"}}]}}";
	const ProtobufCMessage *m = message_of(a, text);
	struct str before = message_pack(a, m);
	ProtobufCMessage *copy = message_copy(a, m), *input = message_message(copy, "input");
	ProtobufCMessage **cross = message_list(input, "cross"), *first = cross[0];
	ProtobufCMessage **env = message_list(message_message(copy, "transform"), "env");

	ok(str_eq(message_pack(a, copy), before), "the same bytes");
	message_set_string(copy, "description", arena_cstr(a, STR("other")));
	message_set_string(env[0], "value", arena_cstr(a, STR("other")));
	message_set_string(message_message(first, "pfs"), "repo", arena_cstr(a, STR("other")));
	cross[0] = cross[1];
	cross[1] = first;
	ok(!message_same(m, copy) && str_eq(message_pack(a, m), before),
	    "what is changed in it is not changed in the first");
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_message_same__as_bytes(a);
	test_message_same__unknown_fields(a);
	test_message_copy__is_of_its_own(a);
	arena_free(a);
	return done();
}
