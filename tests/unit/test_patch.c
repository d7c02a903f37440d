#include "tap.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "values/patch.h"

static struct node *
tree(struct arena *a, const char *text)
{
	struct diags d = diags_in(a);

	return doc_parse(a, "spec.json", str_of(text), &d)->first;
}

/* The patched document as JSON, "(none)" where it is not in the target, or the mistakes as "LINE:COL WHAT" lines. */
static const char *
patched(struct arena *a, const char *spec, const char *values, const char *name)
{
	struct patches p = { .arena = a };
	struct diags d = diags_in(a);
	struct buf out = BUF_INIT(1 << 16);
	struct node *now;

	patches_read(&p, doc_parse(a, "env/prod.yaml", str_of(values), &d), &d);
	now = patches_apply(&p, tree(a, spec), STR(""), str_of(name), &d);
	for (size_t i = 0; i < d.count; i++)
		buf_fmt(&out, "%s%s:%u:%u %.*s", i ? "; " : "", d.list[i].file, d.list[i].at.line,
		    d.list[i].at.col, STR_FMT(d.list[i].what));
	if (d.count == 0 && now)
		json_write(&out, now);
	else if (d.count == 0)
		buf_add(&out, STR("(none)"));
	return arena_cstr(a, buf_take(&out, a));
}

static void
test_patches_apply__merges(struct arena *a)
{
	static const struct {
		const char *name, *spec, *values, *expected;
	} rows[] = {
		{ "objects merge", "{\"transform\":{\"image\":\"a\",\"env\":{\"X\":\"1\"}}}",
		    "pipelines: {p: {transform: {env: {Y: '2'}}}}",
		    "{\"transform\":{\"image\":\"a\",\"env\":{\"X\":\"1\",\"Y\":\"2\"}}}" },
		{ "null removes", "{\"transform\":{\"env\":{\"X\":\"1\",\"Y\":\"2\"}}}",
		    "pipelines: {p: {transform: {env: {X: null, Z: null}}}}",
		    "{\"transform\":{\"env\":{\"Y\":\"2\"}}}" },
		{ "lists replace whole", "{\"transform\":{\"cmd\":[\"a\",\"b\"]}}",
		    "pipelines: {p: {transform: {cmd: [c]}}}",
		    "{\"transform\":{\"cmd\":[\"c\"]}}" },
		{ "camel values find snake fields", "{\"parallelism_spec\":{\"constant\":1}}",
		    "pipelines: {p: {parallelismSpec: {constant: 4}}}",
		    "{\"parallelism_spec\":{\"constant\":4}}" },
		{ "snake values find camel fields", "{\"parallelismSpec\":{\"constant\":1}}",
		    "pipelines: {p: {parallelism_spec: {constant: 4}}}",
		    "{\"parallelismSpec\":{\"constant\":4}}" },
		{ "keys of maps are the user's own",
		    "{\"transform\":{\"env\":{\"dataDir\":\"1\"}}}",
		    "pipelines: {p: {transform: {env: {data_dir: '2'}}}}",
		    "{\"transform\":{\"env\":{\"dataDir\":\"1\",\"data_dir\":\"2\"}}}" },
		{ "keys of maps that look like fields",
		    "{\"metadata\":{\"labels\":{\"parallelismSpec\":\"1\"}}}",
		    "pipelines: {p: {metadata: {labels: {parallelism_spec: null}}}}",
		    "{\"metadata\":{\"labels\":{\"parallelismSpec\":\"1\"}}}" },
		{ "a new object loses its nulls", "{}",
		    "pipelines: {p: {resource_limits: {cpu: 2, memory: null}}}",
		    "{\"resource_limits\":{\"cpu\":2}}" },
		{ "an object in place of a scalar", "{\"transform\":\"x\"}",
		    "pipelines: {p: {transform: {image: a}}}",
		    "{\"transform\":{\"image\":\"a\"}}" },
		{ "text that is written as an object is replaced whole", "{\"pod_spec\":{\"a\":1}}",
		    "pipelines: {p: {pod_spec: {b: 2}}}", "{\"pod_spec\":{\"b\":2}}" },
		{ "patterns before names, whatever their order", "{\"description\":\"x\"}",
		    "pipelines: {p: {description: name}, 'p*': {description: glob}, "
		    "'*': {description: all}}",
		    "{\"description\":\"name\"}" },
		{ "globs in their order", "{}",
		    "pipelines: {'p*': {description: one}, '?': {description: two}}",
		    "{\"description\":\"two\"}" },
		{ "project and name", "{}", "pipelines: {default/p: {description: x}}",
		    "{\"description\":\"x\"}" },
		{ "another project", "{}", "pipelines: {other/p: {description: x}}", "{}" },
		{ "not in this target", "{}", "pipelines: {p: null}", "(none)" },
		{ "nothing at all", "{\"a\":1}", "pipelines:", "{\"a\":1}" },
		{ "an input by its name",
		    "{\"input\":{\"cross\":[{\"cron\":{\"name\":\"tick\",\"spec\":\"@daily\"}},"
		    "{\"pfs\":{\"repo\":\"r\",\"glob\":\"/\"}}]}}",
		    "pipelines: {p: {inputs: {tick: {cron: {spec: '@hourly'}}, r: {pfs: {glob: "
		    "/*}}}}}",
		    "{\"input\":{\"cross\":[{\"cron\":{\"name\":\"tick\",\"spec\":\"@hourly\"}},"
		    "{\"pfs\":{\"repo\":\"r\",\"glob\":\"/*\"}}]}}" },
		{ "a name in two arms of a union",
		    "{\"input\":{\"union\":[{\"pfs\":{\"name\":\"x\",\"repo\":\"a\"}},"
		    "{\"pfs\":{\"name\":\"x\",\"repo\":\"b\"}}]}}",
		    "pipelines: {p: {inputs: {x: {pfs: {branch: dev}}}}}",
		    "{\"input\":{\"union\":[{\"pfs\":{\"name\":\"x\",\"repo\":\"a\",\"branch\":"
		    "\"dev\"}},"
		    "{\"pfs\":{\"name\":\"x\",\"repo\":\"b\",\"branch\":\"dev\"}}]}}" },
		{ "the second unnamed input of a repo",
		    "{\"input\":{\"cross\":[{\"pfs\":{\"repo\":\"a\"}},{\"pfs\":{\"repo\":\"a\"}}]}"
		    "}",
		    "pipelines: {p: {inputs: {'a[2]': {pfs: {branch: dev}}}}}",
		    "{\"input\":{\"cross\":[{\"pfs\":{\"repo\":\"a\"}},"
		    "{\"pfs\":{\"repo\":\"a\",\"branch\":\"dev\"}}]}}" },
		{ "a trigger in camel case",
		    "{\"input\":{\"pfs\":{\"repo\":\"a\",\"trigger\":{\"cronSpec\":\"@daily\"}}}}",
		    "pipelines: {p: {inputs: {a: {pfs: {trigger: {cron_spec: '@never'}}}}}}",
		    "{\"input\":{\"pfs\":{\"repo\":\"a\",\"trigger\":{\"cronSpec\":\"@never\"}}}"
		    "}" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const char *got = patched(a, rows[i].spec, rows[i].values, "p");

		ok(strcmp(got, rows[i].expected) == 0, "%s: %s", rows[i].name, got);
	}
}

static void
test_patches_apply__places_mistakes(struct arena *a)
{
	static const struct {
		const char *name, *spec, *values, *expected;
	} rows[] = {
		{ "two spellings", "{}", "pipelines:\n  p: {datum_tries: 1, datumTries: 2}\n",
		    "env/prod.yaml:2:23 'datumTries' and 'datum_tries' are the same field" },
		{ "no such input", "{\"input\":{\"pfs\":{\"repo\":\"images\"}}}",
		    "pipelines:\n  p: {inputs: {image: {pfs: {glob: /}}}}\n",
		    "env/prod.yaml:2:16 the pipeline has no input 'image'" },
		{ "another kind", "{\"input\":{\"pfs\":{\"repo\":\"images\"}}}",
		    "pipelines:\n  p: {inputs: {images: {cron: {spec: x}}}}\n",
		    "env/prod.yaml:2:25 the input is of kind 'pfs', not 'cron'" },
		{ "two unnamed inputs",
		    "{\"input\":{\"cross\":[{\"pfs\":{\"repo\":\"a\"}},{\"pfs\":{\"repo\":\"a\"}}]}"
		    "}",
		    "pipelines: {p: {inputs: {a: {pfs: {glob: /}}}}}",
		    "env/prod.yaml:1:26 the pipeline has 2 inputs of repo 'a' without names" },
		{ "a name", "{}", "pipelines: {p: {pipeline: {name: q}}}",
		    "env/prod.yaml:1:17 values cannot change a pipeline's name or project" },
		{ "another key", "{}", "pipeline: {p: {}}",
		    "env/prod.yaml:1:1 unknown key 'pipeline' in a values file" },
		{ "a text", "{}", "pipelines: {p: x}",
		    "env/prod.yaml:1:16 the values of 'p' are neither an object nor null" },
		{ "nothing left", "{}", "pipelines: {'*': null}",
		    "env/prod.yaml:1:18 '*': null would leave no pipeline in the target" },
		{ "two documents", "{}", "pipelines: {}\n---\npipelines: {}\n",
		    "env/prod.yaml:3:1 a values file has one document" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const char *got = patched(a, rows[i].spec, rows[i].values, "p");

		ok(strcmp(got, rows[i].expected) == 0, "%s: %s", rows[i].name, got);
	}
}

static void
test_patches_apply__leaves_the_original(struct arena *a)
{
	struct patches p = { .arena = a };
	struct diags d = diags_in(a);
	struct node *spec = tree(a, "{\"transform\":{\"env\":{\"X\":\"1\"}}}"), *now, *env;

	patches_read(&p,
	    doc_parse(a, "v.yaml", STR("pipelines:\n  p:\n    transform: {env: {X: '2'}}\n"), &d),
	    &d);
	now = patches_apply(&p, spec, STR(""), STR("p"), &d);
	env = node_get(node_get(now, "transform"), "env");
	ok(str_is(node_get(node_get(node_get(spec, "transform"), "env"), "X")->text, "1"),
	    "the spec stays");
	ok(str_is(node_get(env, "X")->text, "2") && node_get(env, "X")->at.file
	        && strcmp(node_get(env, "X")->at.file, "v.yaml") == 0
	        && node_get(env, "X")->at.line == 3,
	    "a value is placed where it is written");
	ok(!env->at.file && !node_get(now, "transform")->at.file, "all else is of the spec");
	ok(patches_apply(&p, spec, STR(""), STR("q"), &d) == spec, "no copy where nothing matches");
}

static void
test_patches_check_used__names_the_nearest(struct arena *a)
{
	const struct str names[] = { STR("edges"), STR("montage") };
	struct patches p = { .arena = a };
	struct diags d = diags_in(a);

	patches_read(&p,
	    doc_parse(a, "v.yaml", STR("pipelines: {edgs: {}, montage: {}, 'x*': {}}"), &d), &d);
	for (size_t i = 0; i < COUNT_OF(names); i++)
		patches_match(&p, STR("default"), names[i]);
	patches_check_used(&p, names, COUNT_OF(names), &d);
	ok(d.count == 2 && str_is(d.list[0].what, "no pipeline of the target matches 'x*'")
	        && str_is(d.list[1].what, "no pipeline of the target is called 'edgs'")
	        && str_is(d.list[1].hint, "did you mean 'edges'?"),
	    "those that match nothing: %zu", d.count);
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_patches_apply__merges(a);
	test_patches_apply__places_mistakes(a);
	test_patches_apply__leaves_the_original(a);
	test_patches_check_used__names_the_nearest(a);
	arena_free(a);
	return done();
}
