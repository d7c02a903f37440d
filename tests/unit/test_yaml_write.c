#include "tap.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "format/yaml_write.h"

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

	json_write(&out, n);
	return buf_take(&out, a);
}

static struct str
as_yaml(struct arena *a, const struct node *n)
{
	struct buf out = BUF_INIT(1 << 20);

	yaml_write(&out, n);
	return buf_take(&out, a);
}

static void
test_yaml_write__layout(struct arena *a)
{
	static const struct {
		const char *name, *json, *yaml;
	} rows[] = {
		{ "members", "{\"a\":1,\"b\":{\"c\":true,\"d\":null}}",
		    "a: 1\nb:\n  c: true\n  d: null\n" },
		{ "a list of scalars", "{\"cmd\":[\"python3\",\"/x.py\"]}",
		    "cmd: [python3, /x.py]\n" },
		{ "a list of objects", "{\"cross\":[{\"pfs\":{\"repo\":\"r\"}},{\"a\":1,\"b\":2}]}",
		    "cross:\n  - pfs:\n      repo: r\n  - a: 1\n    b: 2\n" },
		{ "a list of lists", "{\"a\":[[\"x\"],[{\"b\":1}]]}", "a:\n  - [x]\n  - - b: 1\n" },
		{ "nothing in it", "{\"a\":{},\"b\":[],\"c\":\"\"}", "a: {}\nb: []\nc: \"\"\n" },
		{ "lines", "{\"a\":\"x\\n  y\\n\",\"b\":1}", "a: |\n  x\n    y\nb: 1\n" },
		{ "texts that readers take for something else",
		    "{\"a\":\"on\",\"b\":\"01234e5\",\"c\":\"1:30\",\"d\":\"null\",\"e\":\"~\"}",
		    "a: \"on\"\nb: \"01234e5\"\nc: \"1:30\"\nd: \"null\"\ne: \"~\"\n" },
		{ "a schedule", "{\"spec\":\"*/5 * * * *\",\"at\":\"@daily\"}",
		    "spec: \"*/5 * * * *\"\nat: \"@daily\"\n" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct str got = as_yaml(a, tree(a, "x.json", str_of(rows[i].json)));

		ok(str_is(got, rows[i].yaml), "%s: %.*s", rows[i].name, STR_FMT(got));
	}
}

static void
test_yaml_write__is_read_as_the_same(struct arena *a)
{
	static const char *const texts[] = { "", " ", "a ", " a", "-", "- a", "a: b", "a:", "a #b",
		"#a", "a\\nb", "a\\nb\\n", "\\n", "a\\n\\n", "a \\nb\\n", "\\ta", "é", "a\\u0001",
		"yes", "~", "<", "=", "%a", "@a", "`a", "?", "? a", "!a", "&a", "*a", "|", ">", "'",
		"\\\"", "[a", "{a", "a]", "a,b", "0x1f", "1e3", ".5", "1_000", "2026-01-02", "True",
		"NULL", "---", "...", "a'b", "\\u2028", "\\u0085", "a\\rb" };

	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct str json = arena_fmt(a,
		    "{\"%s\":\"%s\",\"l\":[\"%s\"],\"o\":[{\"%s\":\"%s\"}]}",
		    strcmp(texts[i], "l") ? texts[i] : "m", texts[i], texts[i], texts[i], texts[i]);
		struct node *one = tree(a, "x.json", json);
		struct str yaml = one ? as_yaml(a, one) : STR("");
		struct node *again = tree(a, "x.yaml", yaml);

		ok(one && again && str_eq(as_json(a, again), as_json(a, one)), "%s: %.*s", texts[i],
		    STR_FMT(yaml));
	}
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_yaml_write__layout(a);
	test_yaml_write__is_read_as_the_same(a);
	arena_free(a);
	return done();
}
