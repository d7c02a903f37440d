#include "tap.h"

#include "base/arena.h"
#include "base/buf.h"
#include "format/doc.h"
#include "format/json_builder.h"

enum { ROOM = 1 << 16 };

static void
test_json_builder__every_kind(struct arena *a)
{
	struct buf out = BUF_INIT(ROOM);
	struct json j = JSON_TO(&out);
	struct diags d = diags_in(a);
	struct doc *doc = doc_parse(a, "a.json", STR("{\"x\": [1, \"\\u00e9\"]}"), &d);
	struct str line;

	json_open(&j, NULL, JSON_OBJECT);
	json_string(&j, "s", STR("a\"b\\c\n\x01"));
	json_text(&j, "k\"ey", NULL);
	json_int(&j, "low", INT64_MIN);
	json_uint(&j, "high", UINT64_MAX);
	json_bool(&j, "t", true);
	json_bool(&j, "f", false);
	json_null(&j, "n");
	json_raw(&j, "raw", STR("[0.5]"));
	json_node(&j, "node", doc->first);
	json_open(&j, "list", JSON_ARRAY);
	json_string(&j, NULL, STR("x"));
	json_open(&j, NULL, JSON_ARRAY);
	json_close(&j);
	json_open(&j, NULL, JSON_OBJECT);
	json_close(&j);
	json_int(&j, NULL, -1);
	json_close(&j);
	json_bool(&j, "end", true);
	json_close(&j);
	line = json_line(&j);
	ok(str_is(line,
	       "{\"s\":\"a\\\"b\\\\c\\n\\u0001\",\"k\\\"ey\":\"\",\"low\":-9223372036854775808,"
	       "\"high\":18446744073709551615,\"t\":true,\"f\":false,\"n\":null,\"raw\":[0.5],"
	       "\"node\":{\"x\":[1,\"\xc3\xa9\"]},\"list\":[\"x\",[],{},-1],\"end\":true}\n"),
	    "%.*s", STR_FMT(line));
	doc = doc_parse(a, "b.json", line, &d);
	ok(d.count == 0 && doc->first && doc->first->count == 11, "it is JSON");
	buf_free(&out);
}

static void
test_json_builder__layouts(void)
{
	struct buf out = BUF_INIT(ROOM);
	struct json j = JSON_TO(&out);

	json_open(&j, NULL, JSON_ROWS);
	for (int i = 0; i < 3; i++) {
		json_open(&j, NULL, JSON_OBJECT);
		json_int(&j, "i", i);
		json_close(&j);
	}
	json_close(&j);
	ok(str_is(json_line(&j), "[{\"i\":0},\n{\"i\":1},\n{\"i\":2}]\n"), "rows");
	buf_clear(&out);
	j = JSON_TO(&out);
	j.is_spaced = true;
	json_open(&j, NULL, JSON_BLOCK_OBJECT);
	json_int(&j, "a", 1);
	json_open(&j, "b", JSON_OBJECT);
	json_int(&j, "c", 2);
	json_int(&j, "d", 3);
	json_close(&j);
	json_open(&j, "e", JSON_BLOCK_ARRAY);
	json_int(&j, NULL, 4);
	json_int(&j, NULL, 5);
	json_close(&j);
	json_open(&j, "f", JSON_BLOCK_OBJECT);
	json_close(&j);
	json_close(&j);
	ok(str_is(json_line(&j),
	       "{\n  \"a\": 1,\n  \"b\": {\"c\": 2, \"d\": 3},\n  \"e\": [\n    4,\n    5\n  ],\n"
	       "  \"f\": {\n  }\n}\n"),
	    "blocks: %.*s", STR_FMT(buf_str(&out)));
	buf_free(&out);
}

/* A value as the whole document, in pieces that are handed on as they come. */
static void
test_json_builder__pieces(void)
{
	struct buf out = BUF_INIT(ROOM);
	struct json j = JSON_TO(&out);

	json_open(&j, NULL, JSON_ROWS);
	json_int(&j, NULL, 1);
	ok(str_is(buf_str(&out), "[1"), "first piece");
	buf_clear(&out);
	json_int(&j, NULL, 2);
	json_close(&j);
	ok(str_is(json_line(&j), ",\n2]\n"), "last piece");
	buf_free(&out);
	out = BUF_INIT(4);
	j = JSON_TO(&out);
	json_text(&j, NULL, "longer than four bytes");
	ok(buf_is_full(&out), "a full buffer is remembered");
	buf_free(&out);
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_json_builder__every_kind(a);
	test_json_builder__layouts();
	test_json_builder__pieces();
	arena_free(a);
	return done();
}
