#include "tap.h"

#include "base/arena.h"
#include "base/buf.h"
#include "format/doc.h"
#include "pipeline/diff.h"

static struct node *
tree(struct arena *a, const char *text)
{
	struct diags d = diags_in(a);
	struct doc *doc = doc_parse(a, "test.json", str_of(text), &d);

	return d.errors == 0 ? doc->first : NULL;
}

/* "path|old|new" of each difference, separated by blanks. */
static struct str
reported(struct arena *a, const struct differences *diff)
{
	struct buf text = BUF_INIT(1 << 20);

	for (size_t i = 0; i < diff->count; i++) {
		const struct difference *one = &diff->list[i];

		buf_fmt(&text, "%s%.*s|%.*s|%.*s", i ? " " : "", STR_FMT(one->path),
		    STR_FMT(one->old_value), STR_FMT(one->new_value));
	}
	return buf_take(&text, a);
}

static void
test_diff_trees__tells_each_field(struct arena *a)
{
	static const struct {
		const char *name, *old, *now, *reported;
	} rows[] = {
		{ "the same", "{\"a\":1,\"b\":[1,2]}", "{\"b\":[1,2],\"a\":1}", "" },
		{ "a scalar", "{\"a\":{\"b\":1}}", "{\"a\":{\"b\":2}}", "a.b|1|2" },
		{ "a number and a string", "{\"a\":1}", "{\"a\":\"1\"}", "a|1|\"1\"" },
		{ "added", "{}", "{\"a\":{\"b\":true}}", "a||{\"b\":true}" },
		{ "taken away", "{\"a\":1,\"b\":2}", "{\"b\":2}", "a|1|" },
		{ "new first, then gone", "{\"z\":1,\"k\":1}", "{\"k\":2,\"b\":3}",
		    "k|1|2 b||3 z|1|" },
		{ "another kind", "{\"a\":[1]}", "{\"a\":{\"b\":1}}", "a|[1]|{\"b\":1}" },
		{ "an element", "{\"a\":[1,2,3]}", "{\"a\":[1,5,3]}", "a[1]|2|5" },
		{ "an element more", "{\"a\":[1,2,3]}", "{\"a\":[1,9,2,3]}", "a[1]||9" },
		{ "an element less", "{\"a\":[1,2,3]}", "{\"a\":[2,3]}", "a[0]|1|" },
		{ "alike elements", "{\"a\":[1,1]}", "{\"a\":[1,1,1]}", "a[2]||1" },
		{ "the last changed and one more", "{\"a\":[1,2]}", "{\"a\":[1,3,4]}",
		    "a[1]|2|3 a[2]||4" },
		{ "moved on by one", "{\"a\":[1,2,3]}", "{\"a\":[2,3,4]}", "a[0]|1| a[2]||4" },
		{ "one more, and one changed behind it", "{\"a\":[1,{\"b\":2}]}",
		    "{\"a\":[0,1,{\"b\":3}]}", "a[0]||0 a[2].b|2|3" },
		{ "turned round", "{\"a\":[1,2]}", "{\"a\":[2,1]}", "a[0]|1| a[1]||1" },
		{ "nothing in common", "{\"a\":[1,2,3]}", "{\"a\":[4,5]}",
		    "a[0]|1|4 a[1]|2|5 a[2]|3|" },
		{ "from an empty list", "{\"a\":[]}", "{\"a\":[4,5]}", "a[0]||4 a[1]||5" },
		{ "inside an element", "{\"a\":[{\"b\":1},{\"b\":2}]}",
		    "{\"a\":[{\"b\":1},{\"b\":3}]}", "a[1].b|2|3" },
		{ "odd keys", "{\"env\":{\"a.b\":\"1\",\"\":\"\"}}", "{\"env\":{\"a.b\":\"2\"}}",
		    "env[\"a.b\"]|\"1\"|\"2\" env[\"\"]|\"\"|" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct differences diff = { 0 };
		struct str got;

		diff_trees(a, tree(a, rows[i].old), tree(a, rows[i].now), &diff);
		got = reported(a, &diff);
		ok(str_is(got, rows[i].reported), "%s: %.*s", rows[i].name, STR_FMT(got));
	}
}

static void
test_diff_trees__hides_credentials(struct arena *a)
{
	static const struct {
		const char *name, *old, *now, *reported;
	} rows[] = {
		{ "by name in an environment", "{\"env\":{\"DB_PASSWORD\":\"one\"}}",
		    "{\"env\":{\"DB_PASSWORD\":\"other\"}}",
		    "env.DB_PASSWORD|\"(hidden, 3 bytes)\"|\"(hidden, 5 bytes)\"" },
		{ "only there", "{\"secrets\":{\"token\":\"one\"}}",
		    "{\"secrets\":{\"token\":\"other\"}}", "secrets.token|\"one\"|\"other\"" },
		{ "in a whole environment", "{}", "{\"env\":{\"api_key\":\"one\",\"MODE\":\"x\"}}",
		    "env||{\"api_key\":\"(hidden, 3 bytes)\",\"MODE\":\"x\"}" },
		{ "as Kubernetes writes it", "{\"p\":[{\"name\":\"A_TOKEN\",\"value\":\"one\"}]}",
		    "{\"p\":[{\"name\":\"A_TOKEN\",\"value\":\"two!\"}]}",
		    "p[0]|{\"name\":\"A_TOKEN\",\"value\":\"(hidden, 3 bytes)\"}"
		    "|{\"name\":\"A_TOKEN\",\"value\":\"(hidden, 4 bytes)\"}" },
		{ "by its form", "{\"cmd\":[\"x\",\"ghp_0123456789abcdef\"]}",
		    "{\"cmd\":[\"x\",\"y\"]}", "cmd[1]|\"(hidden, 20 bytes)\"|\"y\"" },
		{ "an address with a password", "{\"u\":\"postgres://u:p@h/d\"}",
		    "{\"u\":\"postgres://h/d\"}", "u|\"(hidden, 18 bytes)\"|\"postgres://h/d\"" },
		{ "an image with a digest", "{\"i\":\"reg:5000/a@sha256:12\"}",
		    "{\"i\":\"reg:5000/a\"}", "i|\"reg:5000/a@sha256:12\"|\"reg:5000/a\"" },
		{ "a number", "{\"env\":{\"PIN_TOKEN\":123}}", "{\"env\":{}}",
		    "env.PIN_TOKEN|\"(hidden, 3 bytes)\"|" },
		{ "an object", "{\"env\":{\"TOKEN\":{\"a\":1}}}", "{\"env\":{}}",
		    "env.TOKEN|\"(hidden, 7 bytes)\"|" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct differences diff = { 0 };
		struct str got;

		diff_trees(a, tree(a, rows[i].old), tree(a, rows[i].now), &diff);
		got = reported(a, &diff);
		ok(str_is(got, rows[i].reported), "%s: %.*s", rows[i].name, STR_FMT(got));
	}
}

/* Many members take a time that grows little faster than their number. */
static void
test_diff_trees__many_members(struct arena *a)
{
	enum { COUNT = 50000 };
	struct buf old = BUF_INIT(4 << 20), now = BUF_INIT(4 << 20);
	struct differences diff = { 0 };

	buf_add_char(&old, '{');
	buf_add_char(&now, '{');
	for (int i = 0; i < COUNT; i++) {
		buf_fmt(&old, "%s\"k%d\":1", i ? "," : "", i);
		buf_fmt(&now, "%s\"k%d\":%d", i ? "," : "", COUNT - 1 - i, i == 7 ? 2 : 1);
	}
	buf_add_char(&old, '}');
	buf_add_char(&now, '}');
	buf_add_char(&old, '\0');
	buf_add_char(&now, '\0');
	diff_trees(a, tree(a, old.ptr), tree(a, now.ptr), &diff);
	ok(diff.count == 1 && str_is(diff.list[0].path, "k49992"), "one of %d members", COUNT);
	buf_free(&old);
	buf_free(&now);
}

static void
test_differences_copy__keeps_what_is_not_there(struct arena *a)
{
	struct differences diff = { 0 }, copy;

	diff_trees(a, tree(a, "{\"a\":1}"), tree(a, "{\"b\":1}"), &diff);
	copy = differences_copy(a, &diff);
	ok(copy.count == 2 && !copy.list[0].old_value.ptr && !copy.list[1].new_value.ptr
	        && copy.list[0].path.ptr != diff.list[0].path.ptr,
	    "a copy of its own");
}

static void
test_diff_is_empty__trees(struct arena *a)
{
	static const struct {
		const char *one, *other;
		bool is_equal;
	} rows[] = {
		{ "{\"a\":1,\"b\":[1,{}]}", "{\"b\":[1,{}], \"a\":1}", true },
		{ "[1,2]", "[2,1]", false },
		{ "[1]", "[1,1]", false },
		{ "{\"a\":1}", "{\"b\":1}", false },
		{ "{\"a\":1}", "{\"a\":\"1\"}", false },
		{ "null", "false", false },
		{ "1.0", "1", false },
		{ "\"\\u0061\"", "\"a\"", true },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct diags d = diags_in(a);
		const struct node *one = doc_parse_value(a, str_of(rows[i].one), &d);
		const struct node *other = doc_parse_value(a, str_of(rows[i].other), &d);

		ok(diff_is_empty(a, one, other) == rows[i].is_equal, "%s and %s", rows[i].one,
		    rows[i].other);
	}
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_diff_trees__tells_each_field(a);
	test_diff_trees__hides_credentials(a);
	test_diff_trees__many_members(a);
	test_diff_is_empty__trees(a);
	test_differences_copy__keeps_what_is_not_there(a);
	arena_free(a);
	return done();
}
