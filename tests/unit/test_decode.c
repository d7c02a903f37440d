/* From a message to a tree and back: pachd/draw.c. */
#include "tap.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "pachd/pachd_private.h"
#include "pachd/pps/history.h"
#include "wire/decode.h"

static const uint32_t NEW = RELEASE(2, 11, 6);

static struct str
drawn(struct arena *a, uint32_t version, const char *spec)
{
	struct pachd p = {
		.arena = a, .facts = { .release = version }, .generation = generation_of(version)
	};
	struct diags d = diags_in(a);
	struct doc *doc = doc_parse(a, "x.json", str_of(spec), &d);
	struct buf out = BUF_INIT(MAX_SPEC_BYTES);

	if (d.errors > 0)
		return STR("not a spec");
	json_write(
	    &out, decode_message(
	              a, request_encode(&p, p.arena, doc->first, "x.json", false, &d), version));
	return d.errors ? d.list[0].what : buf_take(&out, a);
}

static void
test_tree_draw__values(struct arena *a)
{
	static const struct {
		const char *spec, *tree; /* NULL: the same */
	} rows[] = {
		{ "{\"description\":\"caf\\u00e9\"}", "{\"description\":\"caf\xc3\xa9\"}" },
		{ "{\"datum_tries\":\"9007199254740993\"}", "{\"datum_tries\":9007199254740993}" },
		{ "{\"datumTimeout\":\"1h30m\"}", "{\"datum_timeout\":\"5400s\"}" },
		{ "{\"datum_timeout\":\"-1.5s\"}", NULL },
		{ "{\"datum_timeout\":\"0.000000001s\"}", NULL },
		{ "{\"resource_requests\":{\"cpu\":0.1}}",
		    "{\"resource_requests\":{\"cpu\":0.100000001}}" },
		{ "{\"input\":{\"cron\":{\"name\":\"t\",\"spec\":\"@daily\","
		  "\"start\":\"2024-02-29T12:00:00.25Z\"}}}",
		    NULL },
		{ "{\"transform\":{\"cmd\":[\"a\",\"\"],\"env\":{\"A\":\"\",\"B\":\"1\"},"
		  "\"accept_return_code\":[0,-1]}}",
		    NULL },
		{ "{\"tolerations\":[{\"operator\":\"EXISTS\",\"toleration_seconds\":0}]}", NULL },
		{ "{\"egress\":{\"object_storage\":{\"url\":\"s3://b\"}}}", NULL },
		{ "{\"egress\":{\"URL\":\"s3://b\"}}", NULL },
		{ "{\"autoscaling\":false,\"s3_out\":true}", "{\"s3_out\":true}" },
		{ "{}", NULL },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct str got = drawn(a, NEW, rows[i].spec);

		ok(str_is(got, rows[i].tree ? rows[i].tree : rows[i].spec), "%s: %.*s",
		    rows[i].spec, STR_FMT(got));
	}
}

/* One number, two names: pfs_v2.Trigger's field 3 (and pfs.Trigger's). */
static void
test_tree_draw__names_of_the_release(struct arena *a)
{
	static const char old[] =
	    "{\"input\":{\"pfs\":{\"repo\":\"r\",\"trigger\":{\"cron_spec\":\"@daily\"}}}}";

	ok(str_is(drawn(a, RELEASE(2, 6, 5), old), old), "2.6.5: %.*s",
	    STR_FMT(drawn(a, RELEASE(2, 6, 5), old)));
	ok(str_is(drawn(a, RELEASE(1, 13, 4), old), old), "1.13.4: %.*s",
	    STR_FMT(drawn(a, RELEASE(1, 13, 4), old)));
	ok(str_is(drawn(a, NEW, old), old), "2.11.6: %.*s", STR_FMT(drawn(a, NEW, old)));
}

static void
test_pachd_tree__what_is_the_servers(struct arena *a)
{
	struct pachd p = { .arena = a, .generation = generation_of(RELEASE(1, 13, 4)) };
	struct err err = { 0 };
	struct diags d = diags_in(a);
	struct doc *doc = doc_parse(a, "x.json",
	    STR("{\"pipeline\":{\"name\":\"e\"},\"salt\":\"x\",\"spec_commit\":{\"id\":\"7\"},"
	        "\"datum_tries\":3}"),
	    &d);
	struct deployed live = { .exists = true, .version = 4 };
	struct buf out = BUF_INIT(MAX_SPEC_BYTES);

	p.facts.release = RELEASE(1, 13, 4);
	live.spec = message_pack(a, request_encode(&p, p.arena, doc->first, "x.json", false, &d));
	json_write(&out, pachd_stored_spec(&p, &live, &err));
	ok(str_is(buf_str(&out), "{\"pipeline\":{\"name\":\"e\"},\"datum_tries\":3}"),
	    "salt and spec commit are left out: %.*s", STR_FMT(buf_str(&out)));
	buf_free(&out);
	live.user_json = STR("{\"pipeline\":{\"name\":\"mine\"}}");
	ok(node_get(pachd_stored_spec(&p, &live, &err), "salt") == NULL
	        && !node_get(pachd_stored_spec(&p, &live, &err), "datum_tries"),
	    "what was submitted goes before what was stored");
	live.user_json = STR("{\"pipeline\":");
	ok(!pachd_stored_spec(&p, &live, &err) && err.kind == ERR_REFUSED,
	    "unless it is broken: %s", err.text);
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_tree_draw__values(a);
	test_tree_draw__names_of_the_release(a);
	test_pachd_tree__what_is_the_servers(a);
	arena_free(a);
	return done();
}
