#include "tap.h"

#include "base/arena.h"
#include "format/doc.h"
#include "pipeline/field_path.h"

static void
test_field_path_find__each_form(struct arena *a)
{
	static const char spec[] =
	    "{\"transform\":{\"env\":{\"MODE\":\"fast\",\"a.b\":\"dots\",\"q\\\"x]\":\"quote\"}},"
	    "\"parallelismSpec\":{\"constant\":4},\"pod_patch\":\"[{}]\","
	    "\"input\":{\"cross\":[{\"pfs\":{\"repo\":\"one\"}},{\"pfs\":{\"repo\":\"two\"}}]}}";
	static const struct {
		const char *path, *text; /* NULL: there is none */
	} rows[] = {
		{ "transform.env.MODE", "fast" },
		{ "transform.env[\"a.b\"]", "dots" },
		{ "transform.env[\"q\\\"x]\"]", "quote" },
		{ "parallelism_spec.constant", "4" },
		{ "parallelismSpec.constant", "4" },
		{ "input.cross[1].pfs.repo", "two" },
		{ "input.cross[0].pfs.repo", "one" },
		{ "pod_patch[0].value", "[{}]" },
		{ "input.cross[2].pfs.repo", NULL },
		{ "input.cross[x", NULL },
		{ "input.cross[\"", NULL },
		{ "transform.env[\"a", NULL },
		{ "transform.env.MODE.more", "fast" },
		{ "parallelism_spec.constant.more", NULL },
		{ "none", NULL },
		{ "..", NULL },
	};
	struct diags d = diags_in(a);
	struct doc *doc = doc_parse(a, "x.json", str_of(spec), &d);

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct node *n = field_path_find(a, doc->first, str_of(rows[i].path));

		ok(rows[i].text ? n && str_is(n->text, rows[i].text) : !n, "%s", rows[i].path);
	}
	ok(field_path_find(a, doc->first, STR("")) == doc->first, "no path is the spec itself");
}

static void
test_field_path_member__is_found_again(struct arena *a)
{
	static const char *const keys[] = { "MODE", "a.b", "a\"b", "a\\b", "", "a]b", "ä" };
	struct node object = { .kind = NODE_OBJECT };

	for (size_t i = 0; i < COUNT_OF(keys); i++)
		node_put(a, &object, keys[i])->kind = NODE_BOOL;
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		struct str path = field_path_member(a, (struct str){ "", 0 }, str_of(keys[i]));
		const struct node *n = field_path_find(a, &object, path);

		ok(n && str_is(n->key, keys[i]), "%.*s", STR_FMT(path));
	}
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_field_path_find__each_form(a);
	test_field_path_member__is_found_again(a);
	arena_free(a);
	return done();
}
