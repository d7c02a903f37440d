#include "tap.h"

#include "base/arena.h"
#include "base/buf.h"
#include "format/doc.h"

static void
test_json_write_string__escapes(void)
{
	const struct {
		struct str text;
		const char *json;
	} rows[] = {
		{ STR(""), "\"\"" },
		{ STR("plain"), "\"plain\"" },
		{ STR("\"\\/"), "\"\\\"\\\\/\"" },
		{ STR("\b\f\n\r\t"), "\"\\b\\f\\n\\r\\t\"" },
		{ STR("a\x01z\x1f\x7f"), "\"a\\u0001z\\u001f\x7f\"" },
		{ STR("\0"), "\"\\u0000\"" },
		{ STR("h\xc3\xa9 \xf0\x9f\x98\x80"), "\"h\xc3\xa9 \xf0\x9f\x98\x80\"" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buf b = BUF_INIT(100);

		json_write_string(&b, rows[i].text);
		ok(str_is(buf_str(&b), rows[i].json), "string row %zu: %.*s", i,
		    STR_FMT(buf_str(&b)));
		buf_free(&b);
	}
}

static void
test_json_write__forms(void)
{
	static const char text[] = " { \"a\" : [ ] ,\"b\":[1, 2.50,{}], \"c\": { \"d\\n\" : null, "
	                           "\"e\":true,\"f\":false,\"g\":\"\\u00e9\\/\"}} ";
	static const char compact[] = "{\"a\":[],\"b\":[1,2.50,{}],\"c\":{\"d\\n\":null,\"e\":true,"
	                              "\"f\":false,\"g\":\"\xc3\xa9/\"}}";
	static const char pretty[] =
	    "{\n  \"a\": [],\n  \"b\": [\n    1,\n    2.50,\n    {}\n  ],\n"
	    "  \"c\": {\n    \"d\\n\": null,\n    \"e\": true,\n"
	    "    \"f\": false,\n    \"g\": \"\xc3\xa9/\"\n  }\n}";
	struct arena *a = arena_new(no_memory);
	struct diags d = diags_in(a);
	struct doc *doc = doc_parse(a, "x.json", str_of(text), &d);
	struct buf b = BUF_INIT(1000);

	json_write(&b, doc->first);
	ok(str_is(buf_str(&b), compact), "compact: %.*s", STR_FMT(buf_str(&b)));
	buf_clear(&b);
	json_write_pretty(&b, doc->first);
	ok(str_is(buf_str(&b), pretty), "pretty");
	buf_free(&b);
	b = BUF_INIT(5);
	json_write(&b, doc->first);
	ok(buf_is_full(&b), "a buffer that is too small says so");
	buf_free(&b);
	arena_free(a);
}

static void
test_json_write__made_nodes(void)
{
	struct arena *a = arena_new(no_memory);
	struct node root = { .kind = NODE_OBJECT }, *n;
	struct buf b = BUF_INIT(1000);

	n = node_put(a, &root, "say \"hi\"");
	n->kind = NODE_STRING;
	n->text = STR("a\tb");
	(void)node_put(a, &root, "none");
	json_write(&b, &root);
	ok(str_is(buf_str(&b), "{\"say \\\"hi\\\"\":\"a\\tb\",\"none\":null}"), "%.*s",
	    STR_FMT(buf_str(&b)));
	buf_free(&b);
	arena_free(a);
}

int
main(void)
{
	test_json_write_string__escapes();
	test_json_write__forms();
	test_json_write__made_nodes();
	return done();
}
