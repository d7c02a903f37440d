#include "trial.h"

#include <string.h>

#include "pipeline/spec.h"

static struct specs
read_all(struct trial *t, const char *project)
{
	struct specs specs = { 0 };

	for (struct node *n = t->doc->first; n; n = n->next)
		spec_read(&specs, t->a, "x.json", n, str_of(project), &t->d);
	return specs;
}

static void
test_spec_is_one__by_its_members(void)
{
	static const struct {
		const char *text;
		bool is;
	} rows[] = {
		{ "{\"pipeline\":{}}", true }, { "{\"pipeline\":null}", true },
		{ "{\"transform\":{},\"input\":{}}", true }, { "{\"transform\":{}}", false },
		{ "{\"Pipeline\":{}}", false }, { "{}", false },
		{ "{\"sites\":[1,2]}", false }, /* C.3 number 15: data beside the specs */
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct trial t = trial(rows[i].text);

		ok(spec_is_one(t.doc->first) == rows[i].is, "%s", rows[i].text);
		arena_free(t.a);
	}
}

static void
test_spec_read__name_and_project(void)
{
	static const struct {
		const char *text, *title;
	} rows[] = {
		{ "{\"pipeline\":{\"name\":\"a\"}}", "run/a" },
		{ "{\"pipeline\":{\"name\":\"a\",\"project\":{\"name\":\"p\"}}}", "p/a" },
		{ "{\"pipeline\":{\"name\":\"a\",\"project\":{\"name\":\"default\"}}}", "a" },
		{ "{\"pipeline\":{\"name\":\"a\",\"project\":{\"name\":\"\"}}}", "run/a" },
		{ "{\"pipeline\":{\"name\":\"a\",\"project\":{}}}", "run/a" },
		{ "{\"pipeline\":{\"name\":\"a\",\"project\":null}}", "run/a" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct trial t = trial(rows[i].text);
		struct specs s = read_all(&t, "run");
		struct str title = STR("none");

		if (s.count == 1)
			title = spec_title(t.a, s.list[0].project, s.list[0].name);
		ok(t.d.count == 0 && str_is(title, rows[i].title), "%s is %.*s", rows[i].text,
		    STR_FMT(title));
		arena_free(t.a);
	}
}

/* Every document that is not a usable spec is reported: none may be dropped in silence. */
static void
test_spec_read__mistakes(void)
{
	static const struct {
		const char *text, *reported;
		size_t kept;
	} rows[] = {
		{ "{\"pipeline\":null}", "1:13: 'pipeline' is not an object", 0 },
		{ "{\"pipeline\":\"a\"}", "1:13: 'pipeline' is not an object", 0 },
		{ "{\"transform\":{},\"input\":{}}", "1:1: the spec has no 'pipeline'", 0 },
		{ "{\"pipeline\":{}}", "1:13: the pipeline has no name", 0 },
		{ "{\"pipeline\":{\"name\":\"\"}}", "1:21: the pipeline has no name", 0 },
		{ "{\"pipeline\":{\"name\":null}}", "1:13: the pipeline has no name", 0 },
		{ "{\"pipeline\":{\"name\":7}}", "1:21: 'name' is not a string", 0 },
		{ "{\"pipeline\":{\"name\":\"a\",\"project\":{\"name\":7}}}",
		    "1:43: 'name' is not a string", 1 },
		{ "{\"pipeline\":{\"name\":\"a\"},\"image\":\"b\"}",
		    "1:26: 'image' is in the wrong place", 1 },
		{ "{\"pipeline\":{\"name\":\"a\"},\"transform\":{\"image\":7}}",
		    "1:47: 'image' is not a string", 1 },
		{ "{\"pipeline\":{\"name\":\"a\"},\"input\":{\"pfs\":{}}}",
		    "1:41: the input has no repo", 1 },
		{ "{\"pipeline\":{\"name\":\"a\"},\"input\":{\"pfs\":{\"repo\":\"\"}}}",
		    "1:49: the input has no repo", 1 },
		{ "{\"pipeline\":{\"name\":\"a\"},\"input\":{\"pfs\":{\"repo\":null}}}",
		    "1:41: the input has no repo", 1 },
		{ "{\"pipeline\":{\"name\":\"a\"},\"input\":{\"pfs\":{\"repo\":[]}}}",
		    "1:49: 'repo' is not a string", 1 },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct trial t = trial(rows[i].text);
		struct specs s = read_all(&t, "");

		ok(t.d.count == 1 && t.d.list[0].hint.len > 0
		        && strcmp(reported(&t, 0), rows[i].reported) == 0,
		    "%s: %s", rows[i].text, reported(&t, 0));
		ok(s.count == rows[i].kept, "%s: %zu specs", rows[i].text, s.count);
		arena_free(t.a);
	}
}

static void
test_spec_read__image_and_reprocess(void)
{
	static const struct {
		const char *members, *image;
		bool reprocess;
	} rows[] = {
		{ "\"transform\":{\"image\":\"a:1\"}", "a:1", false },
		{ "\"transform\":{\"image\":\"\"}", NULL, false },
		{ "\"transform\":{\"image\":null}", NULL, false },
		{ "\"transform\":{}", NULL, false },
		{ "\"transform\":[]", NULL, false },
		{ "\"reprocess\":true", NULL, true },
		{ "\"reprocess\":false", NULL, false },
		{ "\"reprocess\":\"true\"", NULL, false },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena *a = arena_new(no_memory);
		struct trial t =
		    trial(arena_fmt(a, "{\"pipeline\":{\"name\":\"x\"},%s}", rows[i].members).ptr);
		struct specs s = read_all(&t, "");
		const struct node *image = s.count ? s.list[0].image : NULL;

		ok(t.d.errors == 0
		        && (rows[i].image ? image && str_is(image->text, rows[i].image)
		                          : image == NULL),
		    "image of %s", rows[i].members);
		ok(s.count == 1 && s.list[0].reprocess == rows[i].reprocess, "reprocess of %s",
		    rows[i].members);
		arena_free(t.a);
		arena_free(a);
	}
}

/* The repos read, each with its project. C.3 number 13. */
static void
test_spec_read__inputs_of_all_kinds(void)
{
	struct trial t =
	    trial("{\"pipeline\":{\"name\":\"z\"},\"input\":{\"cross\":["
	          "{\"join\":[{\"pfs\":{\"repo\":\"a\",\"branch\":\"x\"}},{\"group\":[{\"pfs\":"
	          "{\"repo\":\"b\",\"project\":\"p\"}}]}]},"
	          "{\"union\":[{\"atom\":{\"repo\":\"c\"}},{\"cron\":{\"name\":\"t\","
	          "\"repo\":\"no\",\"spec\":\"@daily\"}},{\"git\":{\"url\":\"https://git.example/"
	          "r\"}}]}]}}");
	struct specs s = read_all(&t, "run");
	struct str text = { "", 0 };

	for (size_t i = 0; s.count && i < s.list[0].input_count; i++) {
		const struct spec_input *in = &s.list[0].inputs[i];

		text =
		    arena_fmt(t.a, "%.*s %.*s/%.*s@%.*s%.*s", STR_FMT(text), STR_FMT(in->project),
		        STR_FMT(in->repo), STR_FMT(in->branch), STR_FMT(in->schedule_or_url));
	}
	ok(t.d.count == 0
	        && str_is(text, " run/a@x p/b@ run/c@ run/@@daily run/@https://git.example/r"),
	    "inputs:%.*s", STR_FMT(text));
	arena_free(t.a);
}

static void
test_specs_check_unique__names_the_first(void)
{
	struct trial t = trial("{\"pipeline\":{\"name\":\"a\"}}\n{\"pipeline\":{\"name\":\"b\"}}\n"
	                       "{\"pipeline\":{\"name\":\"a\",\"project\":{\"name\":\"p\"}}}\n"
	                       "{\"pipeline\":{\"name\":\"a\"}}\n{\"pipeline\":{\"name\":\"a\"}}");
	struct specs s = read_all(&t, "default"), none = { 0 };

	specs_check_unique(&none, t.a, &t.d);
	specs_check_unique(&s, t.a, &t.d);
	ok(t.d.count == 2, "two too many, the one in project p is another");
	for (size_t i = 0; i < 2; i++)
		ok(strstr(reported(&t, i), "'a' is defined twice, first at x.json:1:21")
		        && t.d.list[i].at.line == 4 + i,
		    "%s", reported(&t, i));
	arena_free(t.a);
}

static void
test_specs_find__by_project_and_name(void)
{
	struct spec list[] = { { .project = STR("p"), .name = STR("a") },
		{ .project = STR("q"), .name = STR("a") } };
	const struct specs s = { .list = list, .count = COUNT_OF(list) }, none = { 0 };

	ok(specs_find(&s, STR("q"), STR("a")) == 1, "both count");
	ok(specs_find(&s, STR("q"), STR("b")) == 2 && specs_find(&none, STR("q"), STR("a")) == 0,
	    "what is not there");
}

static void
test_spec_title__default_is_left_out(struct arena *a)
{
	ok(str_is(spec_title(a, STR(""), STR("x")), "x"), "no project");
	ok(str_is(spec_title(a, STR("default"), STR("x")), "x"), "the default one");
	ok(str_is(spec_title(a, STR("p"), STR("x")), "p/x"), "another one");
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_spec_is_one__by_its_members();
	test_spec_read__name_and_project();
	test_spec_read__mistakes();
	test_spec_read__image_and_reprocess();
	test_spec_read__inputs_of_all_kinds();
	test_specs_check_unique__names_the_first();
	test_specs_find__by_project_and_name();
	test_spec_title__default_is_left_out(a);
	arena_free(a);
	return done();
}
