#include "tap.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "values/between.h"
#include "values/patch.h"

static struct node *
tree(struct arena *a, const char *file, struct str text)
{
	struct diags d = diags_in(a);
	struct doc *doc = doc_parse(a, file, text, &d);

	return d.errors == 0 ? doc->first : NULL;
}

static struct str
as_json(struct arena *a, const struct node *n)
{
	struct buf out = BUF_INIT(1 << 20);

	if (n)
		json_write(&out, n);
	return buf_take(&out, a);
}

/* What the values make of the old spec. */
static struct node *
applied(struct arena *a, struct node *old, struct str values, struct diags *d)
{
	struct patches p = { .arena = a };

	patches_read(&p, doc_parse(a, "v.yaml", values, d), d);
	return patches_apply(&p, old, STR(""), STR("p"), d);
}

static void
test_patch_between__is_the_smallest(struct arena *a)
{
	static const struct {
		const char *name, *old, *now, *patch;
	} rows[] = {
		{ "the same", "{\"a\":1}", "{\"a\":1}", "" },
		{ "in another order and spelling",
		    "{\"datum_tries\":1,\"parallelism_spec\":{\"constant\":2}}",
		    "{\"parallelismSpec\":{\"constant\":\"2\"},\"datumTries\":1}", "" },
		{ "an unknown field in neither spelling", "{\"x_fooBar\":1}", "{\"x_fooBar\":1}",
		    "" },
		{ "null is not there", "{\"description\":null}", "{}", "" },
		{ "a member", "{\"transform\":{\"env\":{\"A\":\"1\",\"B\":\"2\"}}}",
		    "{\"transform\":{\"env\":{\"A\":\"1\",\"B\":\"3\"}}}",
		    "{\"transform\":{\"env\":{\"B\":\"3\"}}}" },
		{ "1 is not \"1\" in a map", "{\"transform\":{\"env\":{\"A\":1}}}",
		    "{\"transform\":{\"env\":{\"A\":\"1\"}}}",
		    "{\"transform\":{\"env\":{\"A\":\"1\"}}}" },
		{ "what is gone", "{\"standby\":true,\"transform\":{\"env\":{\"A\":\"1\"}}}",
		    "{\"transform\":{\"env\":{}}}",
		    "{\"standby\":null,\"transform\":{\"env\":{\"A\":null}}}" },
		{ "what is new", "{}", "{\"resource_limits\":{\"cpu\":1}}",
		    "{\"resource_limits\":{\"cpu\":1}}" },
		{ "a list", "{\"transform\":{\"cmd\":[\"a\"]}}",
		    "{\"transform\":{\"cmd\":[\"a\",\"b\"]}}",
		    "{\"transform\":{\"cmd\":[\"a\",\"b\"]}}" },
		{ "the spelling of the old spec", "{\"datumTries\":1}", "{\"datum_tries\":2}",
		    "{\"datumTries\":2}" },
		{ "a schedule in a cross",
		    "{\"input\":{\"cross\":[{\"cron\":{\"name\":\"t\",\"spec\":\"@daily\"}},"
		    "{\"pfs\":{\"repo\":\"r\",\"glob\":\"/\"}}]}}",
		    "{\"input\":{\"cross\":[{\"cron\":{\"name\":\"t\",\"spec\":\"@never\"}},"
		    "{\"pfs\":{\"repo\":\"r\",\"glob\":\"/*\"}}]}}",
		    "{\"inputs\":{\"t\":{\"cron\":{\"spec\":\"@never\"}},\"r\":{\"pfs\":{\"glob\":"
		    "\"/*\"}}}}" },
		{ "two inputs without names",
		    "{\"input\":{\"cross\":[{\"pfs\":{\"repo\":\"r\"}},{\"pfs\":{\"repo\":\"r\"}}]}"
		    "}",
		    "{\"input\":{\"cross\":[{\"pfs\":{\"repo\":\"r\"}},{\"pfs\":{\"repo\":\"r\","
		    "\"glob\":\"/\"}}]}}",
		    "{\"inputs\":{\"r[2]\":{\"pfs\":{\"glob\":\"/\"}}}}" },
		{ "a name twice: the list as a whole",
		    "{\"input\":{\"union\":[{\"pfs\":{\"name\":\"x\",\"repo\":\"a\"}},"
		    "{\"pfs\":{\"name\":\"x\",\"repo\":\"b\"}}]}}",
		    "{\"input\":{\"union\":[{\"pfs\":{\"name\":\"x\",\"repo\":\"a\",\"glob\":\"/"
		    "\"}},"
		    "{\"pfs\":{\"name\":\"x\",\"repo\":\"b\"}}]}}",
		    "{\"input\":{\"union\":[{\"pfs\":{\"name\":\"x\",\"repo\":\"a\",\"glob\":\"/"
		    "\"}},"
		    "{\"pfs\":{\"name\":\"x\",\"repo\":\"b\"}}]}}" },
		{ "one more input: the list as a whole",
		    "{\"input\":{\"cross\":[{\"pfs\":{\"repo\":\"a\"}}]}}",
		    "{\"input\":{\"cross\":[{\"pfs\":{\"repo\":\"a\"}},{\"pfs\":{\"repo\":\"b\"}}]}"
		    "}",
		    "{\"input\":{\"cross\":[{\"pfs\":{\"repo\":\"a\"}},{\"pfs\":{\"repo\":\"b\"}}]}"
		    "}" },
		{ "another kind of tree", "{\"input\":{\"pfs\":{\"repo\":\"a\"}}}",
		    "{\"input\":{\"cross\":[{\"pfs\":{\"repo\":\"a\"}}]}}",
		    "{\"input\":{\"pfs\":null,\"cross\":[{\"pfs\":{\"repo\":\"a\"}}]}}" },
		{ "another name of the pipeline", "{\"pipeline\":{\"name\":\"p\"}}",
		    "{\"pipeline\":{\"name\":\"q\"}}", "" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct node *old = tree(a, "old.json", str_of(rows[i].old));
		struct node *now = tree(a, "now.json", str_of(rows[i].now));
		struct node *patch = patch_between(a, old, now);
		struct str text = as_json(a, patch);
		struct diags d = diags_in(a);
		struct node *back;

		ok(str_is(text, rows[i].patch), "%s: %.*s", rows[i].name, STR_FMT(text));
		if (!patch)
			continue;
		back = applied(
		    a, old, arena_fmt(a, "{\"pipelines\":{\"p\":%.*s}}", STR_FMT(text)), &d);
		ok(d.count == 0 && back && spec_same(a, shape_of_spec(), back, now),
		    "%s: the patch makes it so: %.*s", rows[i].name, STR_FMT(as_json(a, back)));
	}
}

static void
test_values_between__shares_what_all_share(struct arena *a)
{
	static const struct {
		const char *name, *old[3], *now[3], *values;
	} rows[] = {
		{ "nothing", { "{}", "{}" }, { "{}", "{}" }, "" },
		{ "all of it", { "{}", "{\"a\":1}" },
		    { "{\"standby\":true}", "{\"a\":1,\"standby\":true}" },
		    "{\"pipelines\":{\"*\":{\"standby\":true}}}" },
		{ "a part", { "{}", "{}" },
		    { "{\"transform\":{\"env\":{\"P\":\"1\",\"A\":\"x\"}}}",
		        "{\"transform\":{\"env\":{\"P\":\"1\"}}}" },
		    "{\"pipelines\":{\"*\":{\"transform\":{\"env\":{\"P\":\"1\"}}},"
		    "\"p0\":{\"transform\":{\"env\":{\"A\":\"x\"}}}}}" },
		{ "one that has nothing", { "{}", "{}" }, { "{\"standby\":true}", "{}" },
		    "{\"pipelines\":{\"p0\":{\"standby\":true}}}" },
		{ "only on one side", { "{\"a\":1}", NULL }, { NULL, "{\"b\":1}" },
		    "{\"pipelines\":{\"p0\":null}}" },
		{ "one alone shares with nobody", { "{}" }, { "{\"standby\":true}" },
		    "{\"pipelines\":{\"p0\":{\"standby\":true}}}" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct pair list[3];
		size_t count = 0;

		for (; count < 3 && (rows[i].old[count] || rows[i].now[count]); count++)
			list[count] = (struct pair){ STR(""), arena_fmt(a, "p%zu", count),
				rows[i].old[count] ? tree(a, "o.json", str_of(rows[i].old[count]))
				                   : NULL,
				rows[i].now[count] ? tree(a, "n.json", str_of(rows[i].now[count]))
				                   : NULL };
		ok(str_is(as_json(a, values_between(a, list, count)), rows[i].values), "%s: %.*s",
		    rows[i].name, STR_FMT(as_json(a, values_between(a, list, count))));
	}
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_patch_between__is_the_smallest(a);
	test_values_between__shares_what_all_share(a);
	arena_free(a);
	return done();
}
