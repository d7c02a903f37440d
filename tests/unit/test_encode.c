#include "tap.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "format/doc.h"
#include "lint/check.h"
#include "wire/encode.h"
#include "wire/generation.h"
#include "wire/message.h"
#include "wire/protojson.h"
#include "wire/release.h"

static ProtobufCMessage *
fill(struct arena *a, const char *version, const char *text, struct diags *d)
{
	struct encode f = { .arena = a, .diags = d, .file = "x.json" };
	struct err err = { 0 };
	struct doc *doc;

	*d = diags_in(a);
	doc = doc_parse(a, "x.json", str_of(text), d);
	if (release_parse(str_of(version), &f.version, &err) < 0 || d->errors > 0) {
		ok(false, "'%s' is not a test", text);
		return NULL;
	}
	return encode_message(&f,
	    method_of(generation_of(f.version)->api, METHOD_CREATE_PIPELINE)->request, doc->first);
}

/* Which release knows which field, at both ends of its life. */
static void
test_fill_message__releases(struct arena *a)
{
	static const struct {
		const char *version, *text;
		bool known;
		const char *hint;
	} rows[] = {
		{ "2.4.6", "{\"tolerations\":[]}", false, "2.5.0 or later" },
		{ "2.5.0", "{\"tolerations\":[]}", true, NULL },
		{ "2.6.11", "{\"determined\":{}}", false, "2.7.0" },
		{ "2.8.10", "{\"maximum_expected_uptime\":\"1h\"}", false, "2.9.0" },
		{ "2.9.0", "{\"maximum_expected_uptime\":\"1h\"}", true, NULL },
		{ "2.7.8", "{\"details_json\":\"{}\"}", true, NULL },
		{ "2.8.0", "{\"details_json\":\"{}\"}", false, "was removed after pachd 2.7.8" },
		{ "2.11.6", "{\"standby\":true}", false, "was removed after pachd 1.13.4" },
		{ "2.11.6", "{\"input\":{\"pfs\":{\"reference\":true}}}", false,
		    "needs pachd 2.12.0" },
		{ "2.12.0",
		    "{\"input\":{\"pfs\":{\"reference\":true,\"propagationSpec\":{\"never\":true}}}"
		    "}",
		    true, NULL },
		{ "2.0.0", "{\"cache_size\":\"1G\"}", false, "was removed after pachd 1.13.4" },
		{ "1.7.0", "{\"standby\":true}", false, "1.7.1" },
		{ "1.7.1", "{\"standby\":true}", true, NULL },
		{ "1.9.5", "{\"batch\":true}", true, NULL },
		{ "1.9.6", "{\"batch\":true}", false, "was removed after pachd 1.9.5" },
		{ "1.8.8", "{\"input\":{\"atom\":{\"repo\":\"a\"}}}", true, NULL },
		{ "1.9.0", "{\"input\":{\"atom\":{\"repo\":\"a\"}}}", false,
		    "was removed after pachd 1.8.8" },
		{ "1.8.0", "{\"input\":{\"pfs\":{\"repo\":\"a\"}}}", false, "1.8.1" },
		{ "1.8.1", "{\"resource_limits\":{\"gpu\":1}}", true, NULL },
		{ "1.13.4", "{\"tolerations\":[]}", false, "2.5.0 or later" },
		{ "1.8.2", "{\"resource_limits\":{\"gpu\":{\"number\":1}}}", true, NULL },
		{ "1.7.0", "{\"resource_limits\":{\"gpu\":\"2\"}}", true, NULL },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct diags d;

		(void)fill(a, rows[i].version, rows[i].text, &d);
		ok((d.errors == 0) == rows[i].known, "%s and %s", rows[i].version, rows[i].text);
		if (!rows[i].known)
			ok(d.count == 1
			        && (strstr(d.list[0].hint.ptr, rows[i].hint) != NULL
			            || strstr(d.list[0].what.ptr, rows[i].hint) != NULL),
			    "what: %s", d.count ? d.list[0].what.ptr : "none");
	}
}

/* One name, two numbers: what the bytes are decides. */
static void
test_fill_message__reused_numbers(struct arena *a)
{
	static const char text[] =
	    "{\"input\":{\"pfs\":{\"glob\":\"/\",\"trigger\":{\"cron_spec\":\"@daily\"}}}}";
	struct diags d;
	struct str old = message_pack(a, fill(a, "2.6.5", text, &d));
	struct str new = message_pack(a, fill(a, "2.6.6", text, &d));

	ok(memchr(old.ptr, 0x1a, old.len) != NULL, "cron_spec is 3 up to 2.6.5");
	ok(!str_eq(old, new) && memchr(new.ptr, 0x32, new.len) != NULL, "and 6 from 2.6.6");
	(void)fill(a, "2.6.5",
	    "{\"input\":{\"pfs\":{\"glob\":\"/\",\"trigger\":{\"rate_limit_spec\":\"x\"}}}}", &d);
	ok(d.errors == 1, "rate_limit_spec came with 2.6.6");
}

static void
test_fill_message__mistakes_are_placed(struct arena *a)
{
	static const struct {
		const char *text, *what;
		unsigned col;
	} rows[] = {
		{ "{\"transform\":{\"cmd\":\"x\"}}", "'cmd' is a string, expected a list", 21 },
		{ "{\"transform\":{\"env\":[]}}", "'env' is a list, expected an object", 21 },
		{ "{\"transform\":{\"env\":{\"A\":1}}}", "'A' is a number, expected a string", 26 },
		{ "{\"transform\":{\"debug\":\"true\"}}",
		    "'debug' is a string, expected true or false", 23 },
		{ "{\"datum_tries\":\"x\"}", "'datum_tries' is 'x'", 16 },
		{ "{\"datum_tries\":9223372036854775808}", "64-bit", 16 },
		{ "{\"parallelism_spec\":{\"constant\":-1}}", "from 0", 33 },
		{ "{\"job_timeout\":5}", "'job_timeout' is a number, expected a duration", 16 },
		{ "{\"job_timeout\":\"5\"}", "expected a duration", 16 },
		{ "{\"transform\":[]}", "'transform' is a list, expected an object", 14 },
		{ "{\"s3_out\":true,\"s3Out\":true}", "another form of the same field", 16 },
		{ "{\"egress\":{\"object_storage\":{},\"sql_database\":{}}}", "another form", 32 },
		{ "{\"tolerations\":[{\"operator\":\"SOME\"}]}", "'operator' is 'SOME'", 29 },
		{ "{\"nope\":1}", "unknown field 'nope'", 2 },
		{ "{\"transform\":{\"err_cmd\":[],\"errCmd\":[]}}", "another form", 28 },
		{ "{\"s3_out\":false,\"s3Out\":true}", "another form", 17 },
		{ "{\"s3Out\":null,\"s3_out\":true}", "'s3_out' conflicts with", 15 },
		{ "{\"scheduling_spec\":{\"nodeSelector\":{},\"node_selector\":{}}}",
		    "'node_selector' conflicts with", 39 },
		{ "{\"datum_setSpec\":{}}", "unknown field 'datum_setSpec'", 2 },
		{ "{\"Pipeline\":{}}", "unknown field 'Pipeline'", 2 },
		{ "{\"_pipeline\":{}}", "unknown field '_pipeline'", 2 },
		{ "{\"tolerations\":[{\"tolerationSeconds\":\"x\"}]}", "'tolerationSeconds' is 'x'",
		    38 },
		{ "{\"tolerations\":[{\"effect\":true}]}", "'effect' is a boolean, expected a name",
		    27 },
		{ "{\"service\":{\"internal_port\":2147483648}}", "32-bit", 29 },
		{ "{\"resource_limits\":{\"cpu\":3.5e38}}", "'cpu' is '3.5e38'", 27 },
		{ "{\"parallelism_spec\":{\"constant\":18446744073709551616}}", "from 0", 33 },
		{ "{\"transform\":{\"cmd\":[\"a\",null]}}", "'cmd' is null, expected a string",
		    26 },
		{ "{\"transform\":{\"env\":{\"A\":null}}}", "'A' is null, expected a string", 26 },
		{ "{\"transform\":{\"accept_return_code\":[1,\"x\"]}}",
		    "'accept_return_code' is 'x'", 39 },
		{ "{\"input\":{\"cron\":{\"start\":\"today\"}}}", "RFC 3339", 27 },
		{ "{\"description\":{}}", "'description' is an object, expected a string", 16 },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct diags d;

		(void)fill(a, "2.11.6", rows[i].text, &d);
		ok(d.errors == 1 && strstr(d.list[0].what.ptr, rows[i].what) != NULL
		        && d.list[0].at.col == rows[i].col,
		    "%s: %s at %u", rows[i].text, d.count ? d.list[0].what.ptr : "nothing",
		    d.count ? d.list[0].at.col : 0);
	}
}

/* The same meaning in other words gives the same bytes. */
static void
test_fill_message__same_bytes(struct arena *a)
{
	static const char *const pairs[][2] = {
		{ "{\"parallelism_spec\":{\"constant\":3}}",
		    "{\"parallelismSpec\":{\"constant\":\"3\"}}" },
		{ "{\"job_timeout\":\"90s\"}", "{\"jobTimeout\":\"1m30s\"}" },
		{ "{\"transform\":{\"env\":{\"B\":\"\",\"A\":\"1\"}}}",
		    "{\"transform\":{\"env\":{\"A\":\"1\",\"B\":\"\"}}}" },
		{ "{\"description\":\"\"}", "{}" },
		{ "{\"autoscaling\":false}", "{\"autoscaling\":null}" },
		{ "{\"pod_patch\":[{\"op\":\"add\"}]}",
		    "{\"podPatch\":\"[{\\\"op\\\":\\\"add\\\"}]\"}" },
		{ "{\"tolerations\":[{\"operator\":\"EXISTS\",\"toleration_seconds\":5}]}",
		    "{\"tolerations\":[{\"operator\":1,\"tolerationSeconds\":\"5\"}]}" },
	};

	for (size_t i = 0; i < COUNT_OF(pairs); i++) {
		struct diags d1, d2;
		struct str one = message_pack(a, fill(a, "2.11.6", pairs[i][0], &d1));
		struct str two = message_pack(a, fill(a, "2.11.6", pairs[i][1], &d2));

		ok(d1.errors + d2.errors == 0 && str_eq(one, two), "%s", pairs[i][0]);
	}
}

/* What the server's stricter reader gets. */
static void
test_tree_fit__for_protojson(struct arena *a)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{ "{\"job_timeout\":\"1h30m\"}", "{\"job_timeout\":\"5400s\"}" },
		{ "{\"jobTimeout\":\"-1.5s\"}", "{\"jobTimeout\":\"-1.500000000s\"}" },
		{ "{\"pod_spec\":{\"a\":1}}", "{\"pod_spec\":\"{\\\"a\\\":1}\"}" },
		{ "{\"transform\":{\"env\":{\"T\":\"1h\"}}}",
		    "{\"transform\":{\"env\":{\"T\":\"1h\"}}}" },
		{ "{\"datum_tries\":null}", "{\"datum_tries\":null}" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct diags d = diags_in(a);
		struct doc *doc = doc_parse(a, "x.json", str_of(rows[i].in), &d);
		struct buf out = BUF_INIT(1000);

		protojson_convert(a, method_of(API_2, METHOD_CREATE_PIPELINE)->request, doc->first);
		json_write(&out, doc->first);
		ok(str_is(buf_str(&out), rows[i].out), "%.*s", STR_FMT(buf_str(&out)));
		buf_free(&out);
	}
}

/* The limits of each kind of scalar, and what proto3 writers leave out. */
static void
test_fill_message__limits(struct arena *a)
{
	static const struct {
		const char *text, *bytes;
		size_t len;
	} rows[] = {
		{ "{\"datum_tries\":-1}", "\xb8\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 12 },
		{ "{\"datumTries\":\"9223372036854775807\"}",
		    "\xb8\x01\xff\xff\xff\xff\xff\xff\xff\xff\x7f", 11 },
		{ "{\"datum_tries\":1e3}", "\xb8\x01\xe8\x07", 4 },
		{ "{\"datum_tries\":0}", "", 0 },
		{ "{\"parallelism_spec\":{\"constant\":18446744073709551615}}",
		    "\x22\x0b\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 13 },
		{ "{\"parallelism_spec\":{\"constant\":0}}", "\x22\x00", 2 },
		{ "{\"service\":{\"external_port\":-2147483648}}",
		    "\x8a\x01\x0b\x10\x80\x80\x80\x80\xf8\xff\xff\xff\xff\x01", 14 },
		{ "{\"resource_limits\":{\"cpu\":\"0.5\"}}", "\x52\x05\x0d\x00\x00\x00\x3f", 7 },
		{ "{\"resource_limits\":{\"cpu\":\"-Infinity\"}}", "\x52\x05\x0d\x00\x00\x80\xff",
		    7 },
		{ "{\"job_timeout\":\"-1.5s\"}",
		    "\xaa\x01\x16\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x10\x80\xb6\xca\x91"
		    "\xfe\xff\xff"
		    "\xff\xff\x01",
		    25 },
		{ "{\"job_timeout\":\"0s\"}", "\xaa\x01\x00", 3 },
		{ "{\"transform\":{\"accept_return_code\":[0,\"1\",300]}}",
		    "\x1a\x06\x4a\x04\x00\x01\xac\x02", 8 },
		{ "{\"transform\":{\"env\":{\"\":\"\"}}}", "\x1a\x06\x22\x04\x0a\x00\x12\x00", 8 },
		{ "{\"transform\":{\"cmd\":[\"\"]}}", "\x1a\x02\x12\x00", 4 },
		{ "{\"s3Out\":true}", "\x40\x01", 2 },
		{ "{\"tolerations\":[{\"operator\":\"EMPTY\"},{\"operator\":2,\"toleration_"
		  "seconds\":0}]}",
		    "\x92\x02\x00\x92\x02\x04\x10\x02\x2a\x00", 10 },
		{ "{\"egress\":{\"URL\":\"u\",\"sqlDatabase\":{}}}", "\x2a\x05\x0a\x01u\x1a\x00",
		    7 },
		{ "{\"tf_job\":{\"tf_job\":{\"a\":1}}}", "\x12\x09\x0a\x07{\"a\":1}", 11 },
		{ "{}", "", 0 },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct diags d;
		struct str bytes = message_pack(a, fill(a, "2.11.6", rows[i].text, &d));

		ok(d.errors == 0 && str_eq(bytes, (struct str){ rows[i].bytes, rows[i].len }), "%s",
		    rows[i].text);
	}
}

static void
test_fill_message__a_wrong_name_is_told_the_right_ones(struct arena *a)
{
	struct diags d;

	(void)fill(a, "2.11.6", "{\"tolerations\":[{\"effect\":\"NOSCHEDULE\"}]}", &d);
	ok(d.errors == 1 && str_is(d.list[0].hint, "did you mean 'NO_SCHEDULE'?"), "%s",
	    d.count ? d.list[0].hint.ptr : "nothing");
	(void)fill(a, "2.11.6", "{\"tolerations\":[{\"effect\":\"never\"}]}", &d);
	ok(d.errors == 1
	        && str_is(d.list[0].hint,
	            "use one of: ALL_EFFECTS, NO_SCHEDULE, PREFER_NO_SCHEDULE, NO_EXECUTE"),
	    "%s", d.count ? d.list[0].hint.ptr : "nothing");
}

/* YAML's aliases make much of little: what grows too large is reported, not cut. */
static void
test_fill_message__an_object_too_large_as_text(struct arena *a)
{
	enum { MANY = 5000, LONG = 1000 };
	struct node *members = ARENA_ARRAY(a, MANY, struct node);
	struct node pod = { .kind = NODE_ARRAY, .key = STR("pod_patch"), .first = members };
	struct node spec = { .kind = NODE_OBJECT, .first = &pod };
	struct str text = { memset(arena_alloc(a, LONG), 'x', LONG), LONG };
	struct diags d = diags_in(a);
	struct encode f = { .arena = a, .diags = &d, .file = "x.yaml" };

	for (size_t i = 0; i < MANY; i++)
		members[i] = (struct node){ .kind = NODE_STRING,
			.text = text,
			.next = i + 1 < MANY ? &members[i + 1] : NULL };
	(void)encode_message(&f, method_of(API_2, METHOD_CREATE_PIPELINE)->request, &spec);
	ok(d.errors == 1 && strstr(d.list[0].what.ptr, "'pod_patch' is larger than 4 MiB"), "%s",
	    d.count ? d.list[0].what.ptr : "nothing");
	pod.first = &members[MANY / 2];
	(void)encode_message(&f, method_of(API_2, METHOD_CREATE_PIPELINE)->request, &spec);
	ok(d.errors == 1, "half of it fits");
}

/* Zero that is spelt out, where the comparison needs it. */
static void
test_fill_message__keep_zero(struct arena *a)
{
	static const char text[] = "{\"autoscaling\":false,\"datum_tries\":0,\"salt\":\"\"}";
	struct diags d = diags_in(a);
	struct doc *doc = doc_parse(a, "x.json", str_of(text), &d);
	struct encode f = { .arena = a, .diags = &d, .file = "x.json", .keep_zero = true };
	struct str bytes = message_pack(
	    a, encode_message(&f, method_of(API_2, METHOD_CREATE_PIPELINE)->request, doc->first));

	ok(d.errors == 0
	        && str_eq(bytes, (struct str){ "\xb2\x01\x00\xb8\x01\x00\xf0\x01\x00", 9 }),
	    "false, 0 and the empty string are written");
}

/* The errors without those of one check. */
static size_t
count_but(const struct diags *d, enum check check)
{
	size_t count = d->errors;

	for (size_t i = 0; i < d->count; i++)
		count -= d->list[i].check == check;
	return count;
}

/* Without a release: whichever line fits better, by the newest meaning of a name. */
static void
test_lint_check__any_release(struct arena *a)
{
	static const struct {
		const char *text;
		size_t mistakes;
	} rows[] = {
		{ "{\"autoscaling\":true}", 0 },
		{ "{\"standby\":true}", 0 },
		{ "{\"standby\":true,\"tolerations\":[]}", 1 },
		{ "{\"standby\":true,\"resource_limits\":{\"gpu\":{\"number\":1}}}", 0 },
		{ "{\"input\":{\"atom\":{\"repo\":\"r\",\"glob\":\"/"
		  "\"}},\"resource_limits\":{\"gpu\":1}}",
		    0 },
		{ "{\"input\":{\"pfs\":{\"glob\":\"/"
		  "\",\"trigger\":{\"cron_spec\":\"@daily\",\"rate_limit_spec\":"
		  "\"@hourly\"}}}}",
		    0 },
		{ "{\"nope\":1}", 1 },
		{ "{\"datum_tries\":\"x\",\"s3_out\":1,\"nope\":1}", 3 },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct diags d = diags_in(a);
		struct doc *doc = doc_parse(a, "x.json", str_of(rows[i].text), &d);

		lint_check(a, doc->first, "x.json", 0, &d);
		ok(count_but(&d, CHECK_COMMAND) == rows[i].mistakes, "%s: %zu mistakes",
		    rows[i].text, count_but(&d, CHECK_COMMAND));
	}
}

static void
test_version_parse__releases(struct arena *a)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{ "2.11", "2.11.6" },
		{ "v1.13.4", "1.13.4" },
		{ "2.8.0", "2.8.0" },
		{ "2", NULL },
		{ "1.6.9", NULL },
		{ "2.x", NULL },
		{ "2.8.0.1", NULL },
		{ "", NULL },
		{ "99999.1", NULL },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct err err = { 0 };
		uint32_t version = 0;
		int rc = release_parse(str_of(rows[i].in), &version, &err);

		ok(rows[i].out ? rc == 0 && str_is(release_text(a, version), rows[i].out)
		               : rc < 0 && err.kind == ERR_USAGE,
		    "'%s'", rows[i].in);
	}
	ok(strcmp(generation_of(RELEASE(1, 8, 0))->name, "1.7-1.8.0") == 0, "1.8.0 has atom");
	ok(strcmp(generation_of(RELEASE(1, 11, 9))->name, "1.8.1-1.11") == 0, "1.11.9");
	ok(strcmp(generation_of(RELEASE(2, 7, 8))->name, "2.5-2.7") == 0, "2.7.8");
	ok(strcmp(generation_of(RELEASE(3, 0, 0))->name, "2.8-2.11") == 0, "what is newer");
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_fill_message__releases(a);
	test_fill_message__reused_numbers(a);
	test_fill_message__mistakes_are_placed(a);
	test_fill_message__same_bytes(a);
	test_fill_message__limits(a);
	test_fill_message__a_wrong_name_is_told_the_right_ones(a);
	test_fill_message__an_object_too_large_as_text(a);
	test_fill_message__keep_zero(a);
	test_lint_check__any_release(a);
	test_tree_fit__for_protojson(a);
	test_version_parse__releases(a);
	arena_free(a);
	return done();
}
