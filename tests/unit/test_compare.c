/* What counts as the same: the document that is to be pushed, and what the server has made of one. */
#include "trial.h"

#include <string.h>

#include "lint/check.h"
#include "pachd/compare.h"
#include "pachd/pachd_private.h"
#include "pps_v2.pb-c.h"

#define SPEC(members) "{\"pipeline\":{\"name\":\"p\"}," members "}"
#define TREE(members) SPEC("\"input\":{" members "}")
#define PFS(members)  TREE("\"pfs\":{" members "}")

/* A server of that release as pachd_probe() leaves it. */
static struct pachd
server(struct arena *a, const char *version)
{
	struct pachd p = { .arena = a };
	struct err err = { 0 };

	if (release_parse(str_of(version), &p.facts.release, &err) < 0)
		ok(false, "%s", err.text);
	p.generation = generation_of(p.facts.release);
	return p;
}

static ProtobufCMessage *
request(const struct pachd *p, const char *text)
{
	struct diags d = diags_in(p->arena);
	struct doc *doc = doc_parse(p->arena, "live", str_of(text), &d);
	ProtobufCMessage *m = request_encode(p, p->arena, doc->first, "live", false, &d);

	if (d.errors > 0)
		ok(false, "%s is not a test: %s", text, d.list[0].what.ptr);
	return m;
}

/* What lint_request() has encoded already compares as what is encoded anew. */
static struct comparison
compare_both_ways(const struct pachd *p, const struct node *tree, const struct deployed *live)
{
	struct diags d = diags_in(p->arena);
	const ProtobufCMessage *linted =
	    lint_request(p->arena, tree, "x.json", p->facts.release, &d);
	struct comparison anew = pachd_compare(p, tree, NULL, "x.json", live);
	struct comparison like = pachd_compare(p, tree, linted, "x.json", live);

	if (like.same != anew.same || like.same_code != anew.same_code
	    || !str_eq(like.why, anew.why) || like.diff.count != anew.diff.count)
		ok(false, "linted: %.*s, anew: %.*s", STR_FMT(like.why), STR_FMT(anew.why));
	return like;
}

/* `stored` is what the server keeps, up to 2.7; `submitted` the text that 2.8 and later keep. */
static struct comparison
compare(const struct pachd *p, const char *ours, const char *stored, const char *submitted)
{
	struct diags d = diags_in(p->arena);
	struct doc *doc = doc_parse(p->arena, "x.json", str_of(ours), &d);
	struct deployed live = { .exists = true, .user_json = str_of(submitted) };

	live.spec = stored ? message_pack(p->arena, request(p, stored)) : STR("");
	(void)request_encode(p, p->arena, doc->first, "x.json", false, &d);
	if (d.errors > 0)
		ok(false, "%s is not a test: %s", ours, d.list[0].what.ptr);
	return compare_both_ways(p, doc->first, &live);
}

struct row {
	const char *name, *version, *ours, *stored;
	const char *why; /* NULL: the same */
};

static void
check_rows(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct arena *a = arena_new(no_memory);
		struct pachd p = server(a, rows[i].version);
		struct comparison like = compare(&p, rows[i].ours, rows[i].stored, NULL);

		ok(like.same == (rows[i].why == NULL)
		        && str_is(like.why, rows[i].why ? rows[i].why : ""),
		    "%s, %s: %s %.*s", rows[i].version, rows[i].name,
		    like.same ? "same" : "differs:", STR_FMT(like.why));
		arena_free(a);
	}
}

static void
test_pachd_compare__words(void)
{
	static const struct row rows[] = {
		{ "the same", "2.7.8", SPEC("\"salt\":\"x\""), SPEC("\"salt\":\"x\""), NULL },
		{ "the order of keys", "2.7.8", SPEC("\"description\":\"d\",\"s3_out\":true"),
		    SPEC("\"s3_out\":true,\"description\":\"d\""), NULL },
		{ "the spelling of keys", "2.7.8", SPEC("\"parallelismSpec\":{\"constant\":2}"),
		    SPEC("\"parallelism_spec\":{\"constant\":2}"), NULL },
		{ "a number as a string", "2.7.8",
		    SPEC("\"parallelism_spec\":{\"constant\":\"2\"}"),
		    SPEC("\"parallelism_spec\":{\"constant\":2}"), NULL },
		{ "a duration", "2.7.8", SPEC("\"job_timeout\":\"1m30s\""),
		    SPEC("\"job_timeout\":\"90s\""), NULL },
		{ "zero and nothing", "2.7.8", SPEC("\"s3_out\":false,\"description\":\"\""),
		    SPEC("\"salt\":\"\""), NULL },
		{ "null and nothing", "2.7.8", SPEC("\"metadata\":null"), SPEC("\"salt\":\"\""),
		    NULL },
		{ "an empty object and nothing", "2.7.8", SPEC("\"metadata\":{}"),
		    SPEC("\"salt\":\"\""), "metadata" },
		{ "the order of a map", "2.7.8",
		    SPEC("\"transform\":{\"env\":{\"B\":\"\",\"A\":\"1\"}}"),
		    SPEC("\"transform\":{\"env\":{\"A\":\"1\",\"B\":\"\"}}"), NULL },
		{ "a list's order counts", "2.7.8", SPEC("\"transform\":{\"cmd\":[\"a\",\"b\"]}"),
		    SPEC("\"transform\":{\"cmd\":[\"b\",\"a\"]}"), "transform.cmd" },
		{ "commands", "2.7.8", SPEC("\"update\":true,\"reprocess\":true,\"dry_run\":true"),
		    SPEC("\"update\":false"), NULL },
		{ "another image", "2.7.8", SPEC("\"transform\":{\"image\":\"a:2\"}"),
		    SPEC("\"transform\":{\"image\":\"a:1\"}"), "transform.image" },
		{ "no transform", "2.7.8", SPEC("\"transform\":{\"image\":\"a:2\"}"),
		    SPEC("\"salt\":\"\""), "transform" },
		{ "another kind of egress", "2.7.8",
		    SPEC("\"egress\":{\"sql_database\":{\"url\":\"u\"}}"),
		    SPEC("\"egress\":{\"object_storage\":{\"url\":\"u\"}}"),
		    "egress.object_storage" },
		{ "the default project", "2.7.8",
		    "{\"pipeline\":{\"name\":\"p\",\"project\":{\"name\":\"default\"}}}",
		    "{\"pipeline\":{\"name\":\"p\"}}", NULL },
		{ "another project", "2.7.8",
		    "{\"pipeline\":{\"name\":\"p\",\"project\":{\"name\":\"q\"}}}",
		    "{\"pipeline\":{\"name\":\"p\"}}", "pipeline.project" },
		{ "no projects yet", "2.4.6", SPEC("\"salt\":\"x\""), SPEC("\"salt\":\"x\""),
		    NULL },
	};

	check_rows(rows, COUNT_OF(rows));
}

/* What setPipelineDefaults fills in, and what the server chooses by itself. */
static void
test_pachd_compare__pipeline_defaults(void)
{
	static const struct row rows[] = {
		{ "output_branch", "2.7.8", SPEC("\"s3_out\":false"),
		    SPEC("\"output_branch\":\"master\""), NULL },
		{ "another output_branch", "2.7.8", SPEC("\"s3_out\":false"),
		    SPEC("\"output_branch\":\"out\""), "output_branch" },
		{ "datum_tries", "2.7.8", SPEC("\"s3_out\":false"), SPEC("\"datum_tries\":3"),
		    NULL },
		{ "datum_tries on our side", "1.7.5", SPEC("\"datum_tries\":3"),
		    SPEC("\"salt\":\"\""), NULL },
		{ "another datum_tries", "2.7.8", SPEC("\"s3_out\":false"),
		    SPEC("\"datum_tries\":2"), "datum_tries" },
		{ "reprocess_spec", "2.0.0", SPEC("\"s3_out\":false"),
		    SPEC("\"reprocess_spec\":\"until_success\""), NULL },
		{ "reprocess_spec of 1.13", "1.13.0", SPEC("\"s3_out\":false"),
		    SPEC("\"reprocess_spec\":\"until_success\""), NULL },
		{ "reprocess_spec of 1.13 on our side", "1.13.4",
		    SPEC("\"reprocess_spec\":\"until_success\""), SPEC("\"salt\":\"\""), NULL },
		{ "another reprocess_spec", "2.0.0", SPEC("\"s3_out\":false"),
		    SPEC("\"reprocess_spec\":\"every_job\""), "reprocess_spec" },
		{ "the stock image", "1.8.8", SPEC("\"transform\":{\"cmd\":[\"a\"]}"),
		    SPEC("\"transform\":{\"cmd\":[\"a\"],\"image\":\"ubuntu:16.04\"}"), NULL },
		{ "the stock image of 2.x", "2.6.11", SPEC("\"transform\":{\"cmd\":[\"a\"]}"),
		    SPEC("\"transform\":{\"cmd\":[\"a\"],\"image\":\"ubuntu:20.04\"}"), NULL },
		{ "the stock image from before an upgrade", "2.6.11",
		    SPEC("\"transform\":{\"cmd\":[\"a\"]}"),
		    SPEC("\"transform\":{\"cmd\":[\"a\"],\"image\":\"ubuntu:16.04\"}"),
		    "transform.image" },
		{ "an image taken out", "1.13.4", SPEC("\"transform\":{\"cmd\":[\"a\"]}"),
		    SPEC("\"transform\":{\"cmd\":[\"a\"],\"image\":\"a:1\"}"), "transform.image" },
		{ "service.type", "1.9.12", SPEC("\"service\":{\"internal_port\":80}"),
		    SPEC("\"service\":{\"internal_port\":80,\"type\":\"NodePort\"}"), NULL },
		{ "spout.service.type", "2.7.8", SPEC("\"spout\":{\"service\":{}}"),
		    SPEC("\"spout\":{\"service\":{\"type\":\"NodePort\"}}"), NULL },
		{ "another service.type", "2.7.8", SPEC("\"service\":{}"),
		    SPEC("\"service\":{\"type\":\"ClusterIP\"}"), "service.type" },
		{ "the server's salt", "2.7.8", SPEC("\"s3_out\":false"), SPEC("\"salt\":\"x\""),
		    NULL },
		{ "our salt", "2.7.8", SPEC("\"salt\":\"y\""), SPEC("\"salt\":\"x\""), "salt" },
		{ "1.x figures", "1.13.4", SPEC("\"s3_out\":false"),
		    SPEC("\"cache_size\":\"64M\",\"max_queue_size\":1,"
		         "\"resource_requests\":{\"memory\":\"64M\"}"),
		    NULL },
		{ "requests from our cache_size", "1.13.4", SPEC("\"cache_size\":\"1G\""),
		    SPEC("\"cache_size\":\"1G\",\"resource_requests\":{\"memory\":\"1G\"}"), NULL },
		{ "another cache_size", "1.13.4", SPEC("\"s3_out\":false"),
		    SPEC("\"cache_size\":\"1G\",\"resource_requests\":{\"memory\":\"1G\"}"),
		    "cache_size" },
		{ "requests that a user wrote", "1.13.4", SPEC("\"cache_size\":\"1G\""),
		    SPEC("\"cache_size\":\"1G\",\"resource_requests\":{\"memory\":\"1G\","
		         "\"gpu\":{\"number\":1}}"),
		    "resource_requests" },
		{ "requests taken out", "2.7.8", SPEC("\"s3_out\":false"),
		    SPEC("\"resource_requests\":{\"disk\":\"1G\"}"), "resource_requests" },
		{ "max_queue_size", "1.13.4", SPEC("\"s3_out\":false"),
		    SPEC("\"max_queue_size\":2"), "max_queue_size" },
	};

	check_rows(rows, COUNT_OF(rows));
}

/* What setInputDefaults fills in. */
static void
test_pachd_compare__input_defaults(void)
{
	static const struct row rows[] = {
		{ "all of a pfs input's", "2.7.8", PFS("\"repo\":\"r\",\"glob\":\"/*\""),
		    PFS("\"repo\":\"r\",\"glob\":\"/*\",\"name\":\"r\",\"branch\":\"master\","
		        "\"repo_type\":\"user\",\"project\":\"default\""),
		    NULL },
		{ "an atom's", "1.7.4", TREE("\"atom\":{\"repo\":\"r\"}"),
		    TREE("\"atom\":{\"repo\":\"r\",\"name\":\"r\",\"branch\":\"master\"}"), NULL },
		{ "another name", "2.7.8", PFS("\"repo\":\"r\""),
		    PFS("\"repo\":\"r\",\"name\":\"x\""), "input.pfs" },
		{ "the pipeline's project", "2.7.8",
		    "{\"pipeline\":{\"name\":\"p\",\"project\":{\"name\":\"q\"}},"
		    "\"input\":{\"pfs\":{\"repo\":\"r\"}}}",
		    "{\"pipeline\":{\"name\":\"p\",\"project\":{\"name\":\"q\"}},"
		    "\"input\":{\"pfs\":{\"repo\":\"r\",\"project\":\"q\"}}}",
		    NULL },
		{ "a glob cleaned", "2.3.0", PFS("\"repo\":\"r\",\"glob\":\"a//./b/\""),
		    PFS("\"repo\":\"r\",\"glob\":\"/a/b\""), NULL },
		{ "a glob of nothing but '/'", "2.3.0", PFS("\"repo\":\"r\",\"glob\":\"//\""),
		    PFS("\"repo\":\"r\",\"glob\":\"/\""), NULL },
		{ "a glob as it is", "2.2.7", PFS("\"repo\":\"r\",\"glob\":\"*\""),
		    PFS("\"repo\":\"r\",\"glob\":\"/*\""), "input.pfs" },
		{ "another glob", "2.7.8", PFS("\"repo\":\"r\",\"glob\":\"/\""),
		    PFS("\"repo\":\"r\",\"glob\":\"/*\""), "input.pfs" },
		{ "a trigger's branches", "2.7.8",
		    PFS("\"repo\":\"r\",\"trigger\":{\"size\":\"1K\"}"),
		    PFS("\"repo\":\"r\",\"branch\":\"p-trigger-1\","
		        "\"trigger\":{\"size\":\"1K\",\"branch\":\"master\"}"),
		    NULL },
		{ "a trigger on a branch of its own", "2.7.8",
		    PFS("\"repo\":\"r\",\"trigger\":{\"size\":\"1K\"}"),
		    PFS("\"repo\":\"r\",\"branch\":\"p-trigger-x\","
		        "\"trigger\":{\"size\":\"1K\",\"branch\":\"master\"}"),
		    "input.pfs" },
		{ "cron", "2.7.8", TREE("\"cron\":{\"name\":\"t\",\"spec\":\"@daily\"}"),
		    TREE("\"cron\":{\"name\":\"t\",\"spec\":\"@daily\",\"repo\":\"p_t\","
		         "\"start\":\"2024-01-01T00:00:00Z\",\"project\":\"default\"}"),
		    NULL },
		{ "cron with our start", "2.7.8",
		    TREE("\"cron\":{\"name\":\"t\",\"start\":\"2024-01-01T00:00:00Z\"}"),
		    TREE("\"cron\":{\"name\":\"t\",\"start\":\"2024-01-01T00:00:00Z\"}"), NULL },
		{ "cron with another start", "2.7.8",
		    TREE("\"cross\":[{\"cron\":{\"name\":\"t\",\"start\":\"2024-01-02T00:00:00Z\"}}"
		         "]"),
		    TREE("\"cross\":[{\"cron\":{\"name\":\"t\",\"start\":\"2024-01-01T00:00:00Z\"}}"
		         "]"),
		    "input.cross" },
		{ "git", "1.13.4", TREE("\"git\":{\"url\":\"https://github.com/a/b.git\"}"),
		    TREE("\"git\":{\"url\":\"https://github.com/a/b.git\",\"branch\":\"master\","
		         "\"name\":\"b\"}"),
		    NULL },
		{ "sorted by name", "2.7.8",
		    TREE("\"cross\":[{\"pfs\":{\"repo\":\"b\"}},{\"pfs\":{\"repo\":\"z\","
		         "\"name\":\"a\"}}]"),
		    TREE("\"cross\":[{\"pfs\":{\"repo\":\"z\",\"name\":\"a\"}},"
		         "{\"pfs\":{\"repo\":\"b\",\"name\":\"b\"}}]"),
		    NULL },
		{ "groups by their first member", "2.7.8",
		    TREE("\"join\":[{\"union\":[{\"pfs\":{\"repo\":\"d\"}},{\"pfs\":{\"repo\":"
		         "\"c\"}}]},"
		         "{\"group\":[{\"pfs\":{\"repo\":\"b\"}},{\"pfs\":{\"repo\":\"a\"}}]}]"),
		    TREE("\"join\":[{\"group\":[{\"pfs\":{\"repo\":\"a\"}},{\"pfs\":{\"repo\":"
		         "\"b\"}}]},"
		         "{\"union\":[{\"pfs\":{\"repo\":\"c\"}},{\"pfs\":{\"repo\":\"d\"}}]}]"),
		    NULL },
		{ "one name twice in a union, as the server sorts before it names", "2.7.8",
		    TREE("\"union\":[{\"pfs\":{\"repo\":\"b\",\"name\":\"a\"}},"
		         "{\"pfs\":{\"repo\":\"a\"}}]"),
		    TREE("\"union\":[{\"pfs\":{\"repo\":\"a\",\"name\":\"a\"}},"
		         "{\"pfs\":{\"repo\":\"b\",\"name\":\"a\"}}]"),
		    NULL },
		{ "a cross is not a union", "2.7.8", TREE("\"cross\":[{\"pfs\":{\"repo\":\"b\"}}]"),
		    TREE("\"union\":[{\"pfs\":{\"repo\":\"b\"}}]"), "input.cross" },
	};

	check_rows(rows, COUNT_OF(rows));
}

/* Many inputs of one name: the order is kept, whatever the C library's qsort does. */
static void
test_pachd_compare__many_of_one_name(void)
{
	struct arena *a = arena_new(no_memory);
	struct pachd p = server(a, "2.7.8");
	struct str list = { "", 0 };

	for (int i = 0; i < 2000; i++)
		list = arena_fmt(a, "%.*s%s{\"pfs\":{\"repo\":\"r%d\",\"name\":\"n\"}}",
		    STR_FMT(list), i ? "," : "", i);
	list = arena_fmt(a, TREE("\"union\":[%s]"), list.ptr);
	ok(compare(&p, list.ptr, list.ptr, NULL).same, "2,000 inputs of one name");
	arena_free(a);
}

/* A server's writer gives a map's entries in any order, and may leave an empty value out. */
static void
test_pachd_compare__a_map_as_it_comes(void)
{
	struct arena *a = arena_new(no_memory);
	struct pachd p = server(a, "2.7.8");
	static const char text[] =
	    SPEC("\"transform\":{\"env\":{\"A\":\"1\",\"B\":\"2\",\"C\":\"\"}}");
	PpsV2__CreatePipelineRequest *r = (PpsV2__CreatePipelineRequest *)request(&p, text);
	PpsV2__Transform__EnvEntry **env = r->transform->env, *first = env[0];
	struct diags d = diags_in(a);
	struct deployed live = { .exists = true };

	env[0] = env[2];
	env[2] = first;
	env[0]->value = NULL;
	live.spec = message_pack(a, &r->base);
	ok(pachd_compare(&p, doc_parse(a, "x.json", str_of(text), &d)->first, NULL, "x.json", &live)
	        .same,
	    "C, B, A, and C without its value");
	arena_free(a);
}

#define NULLS "a field is null in only one of the two specs"

/* From 2.8 the text as it was submitted decides, and nothing is filled in. */
static void
test_pachd_compare__as_submitted(void)
{
	static const char unkept[] = "the cluster does not store the submitted spec";
	static const struct {
		const char *name, *ours, *submitted, *why;
	} rows[] = {
		{ "the same text", SPEC("\"salt\":\"x\""), SPEC("\"salt\":\"x\""), NULL },
		{ "in other words", SPEC("\"jobTimeout\":\"1m30s\",\"datum_tries\":\"2\""),
		    SPEC("\"datumTries\":2,\"job_timeout\":\"90s\""), NULL },
		{ "pod_spec as an object", SPEC("\"pod_spec\":{\"a\":[1]}"),
		    SPEC("\"podSpec\":\"{\\\"a\\\":[1]}\""), NULL },
		{ "commands", SPEC("\"salt\":\"x\""), SPEC("\"salt\":\"x\",\"update\":true"),
		    NULL },
		{ "the default project",
		    "{\"pipeline\":{\"name\":\"p\",\"project\":{\"name\":\"default\"}}}",
		    "{\"pipeline\":{\"name\":\"p\"}}", NULL },
		{ "zero is not nothing", SPEC("\"autoscaling\":false"), SPEC("\"update\":true"),
		    "autoscaling" },
		{ "a default is not nothing", SPEC("\"update\":true"), SPEC("\"datum_tries\":3"),
		    "datum_tries" },
		{ "another image", SPEC("\"transform\":{\"image\":\"a:2\"}"),
		    SPEC("\"transform\":{\"image\":\"a:1\"}"), "transform.image" },
		{ "null in ours", SPEC("\"salt\":null"), SPEC("\"update\":true"), NULLS },
		{ "null deep in ours", SPEC("\"transform\":{\"cmd\":[],\"user\":null}"),
		    SPEC("\"transform\":{\"cmd\":[]}"), NULLS },
		{ "null in theirs", SPEC("\"s3_out\":true"), SPEC("\"s3_out\":true,\"salt\":null"),
		    NULLS },
		{ "null in both", SPEC("\"transform\":{\"user\":null},\"salt\":null"),
		    SPEC("\"salt\":null,\"transform\":{\"user\":null},\"update\":true"), NULL },
		{ "null elsewhere in both", SPEC("\"salt\":null"), SPEC("\"description\":null"),
		    NULLS },
		{ "null beside a duration", SPEC("\"salt\":null,\"job_timeout\":\"1m30s\""),
		    SPEC("\"salt\":null,\"job_timeout\":\"90s\""), NULL },
		{ "null beside a difference", SPEC("\"salt\":null,\"s3_out\":true"),
		    SPEC("\"salt\":null"), "s3_out" },
		{ "nothing kept", SPEC("\"salt\":\"x\""), "", unkept },
		{ "no JSON", SPEC("\"salt\":\"x\""), "{", unkept },
		{ "two documents", SPEC("\"salt\":\"x\""), "{}{}", unkept },
		{ "no object", SPEC("\"salt\":\"x\""), "\"x\"", unkept },
		{ "a field that nobody knows", SPEC("\"salt\":\"x\""),
		    SPEC("\"salt\":\"x\",\"nope\":1"), unkept },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena *a = arena_new(no_memory);
		struct pachd p = server(a, "2.11.6");
		struct comparison like = compare(&p, rows[i].ours, NULL, rows[i].submitted);

		ok(like.same == (rows[i].why == NULL)
		        && str_is(like.why, rows[i].why ? rows[i].why : ""),
		    "%s: %s %.*s", rows[i].name,
		    like.same ? "same" : "differs:", STR_FMT(like.why));
		arena_free(a);
	}
}

/* What decides reprocess: changed. */
static void
test_pachd_compare__same_code(void)
{
	static const struct {
		const char *name, *ours, *stored;
		bool same_code;
	} rows[] = {
		{ "the image", "\"image\":\"a:1\"", "\"image\":\"a:2\"", false },
		{ "cmd", "\"cmd\":[\"a\"]", "\"cmd\":[\"b\"]", false },
		{ "stdin", "\"stdin\":[\"a\"]", "\"cmd\":[]", false },
		{ "err_cmd", "\"err_cmd\":[\"a\"]", "\"cmd\":[]", false },
		{ "user", "\"user\":\"a\"", "\"cmd\":[]", false },
		{ "working_dir", "\"working_dir\":\"a\"", "\"cmd\":[]", false },
		{ "env is ignored", "\"env\":{\"A\":\"1\"}", "\"env\":{\"A\":\"2\"}", true },
		{ "debug is ignored", "\"debug\":true", "\"cmd\":[]", true },
	};
	static const char *const versions[] = { "1.13.4", "2.7.8", "2.11.6" };

	for (size_t i = 0; i < COUNT_OF(rows) * COUNT_OF(versions); i++) {
		struct arena *a = arena_new(no_memory);
		size_t at = i / COUNT_OF(versions);
		struct pachd p = server(a, versions[i % COUNT_OF(versions)]);
		struct str ours = arena_fmt(a, SPEC("\"transform\":{%s}"), rows[at].ours);
		struct str stored = arena_fmt(a, SPEC("\"transform\":{%s}"), rows[at].stored);
		struct comparison like = compare(&p, ours.ptr, stored.ptr, stored.ptr);

		ok(!like.same && like.same_code == rows[at].same_code, "%s: %s",
		    versions[i % COUNT_OF(versions)], rows[at].name);
		/* what 2.8 and later have kept from before an upgrade */
		like = compare(&p, ours.ptr, stored.ptr, NULL);
		ok(!like.same && like.same_code == rows[at].same_code, "%s, no text kept: %s",
		    versions[i % COUNT_OF(versions)], rows[at].name);
		arena_free(a);
	}
}

static void
test_pachd_compare__an_answer_that_is_none(struct arena *a)
{
	struct pachd p = server(a, "2.7.8");
	struct diags d = diags_in(a);
	struct doc *doc = doc_parse(a, "x.json", STR(SPEC("\"salt\":\"x\"")), &d);
	struct deployed live = { .exists = true, .spec = STR("\x0a\x7f") };
	struct comparison like = pachd_compare(&p, doc->first, NULL, "x.json", &live);

	ok(!like.same && !like.same_code && like.why.len > 0, "it counts as different");
	ok(p.arena == a, "the server's arena is as it was");
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_pachd_compare__words();
	test_pachd_compare__pipeline_defaults();
	test_pachd_compare__input_defaults();
	test_pachd_compare__many_of_one_name();
	test_pachd_compare__a_map_as_it_comes();
	test_pachd_compare__as_submitted();
	test_pachd_compare__same_code();
	test_pachd_compare__an_answer_that_is_none(a);
	arena_free(a);
	return done();
}
