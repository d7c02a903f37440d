#include "tap.h"

#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "files/read.h"
#include "format/doc.h"
#include "trial.h"

static void
test_doc_parse__documents(void)
{
	static const struct {
		const char *text;
		size_t count;
	} rows[] = {
		{ "", 0 },
		{ " \r\n\t", 0 },
		{ "\xef\xbb\xbf", 0 },
		{ "---\n---\n", 0 },
		{ "{}", 1 },
		{ "\xef\xbb\xbf{}", 1 },
		{ "\xef\xbb\xbf---\n{}", 1 },
		{ "{}{}", 2 },
		{ "{}\n{}\n[]\n", 2 },
		{ "[{},{}, {}]", 3 },
		{ "[]", 0 },
		{ "---\n{}\n---\n{}\n...\n", 2 },
		{ "--- {}\r\n---\r\n{}\r\n--- \n\n---", 2 },
		{ "{}\n---\n---\n[{},[{}]]\n---\n{}", 4 },
		{ "{\t\"a\"\t:\t[\t1\t,\r\n2]}", 1 },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct trial t = trial(rows[i].text);
		size_t count = 0;

		for (const struct node *n = t.doc->first; n; n = n->next)
			count++;
		ok(t.d.count == 0 && count == rows[i].count && t.doc->count == count,
		    "documents row %zu: %zu, %s", i, count, reported(&t, 0));
		arena_free(t.a);
	}
}

static void
test_doc_parse__places(void)
{
	static const char text[] =
	    "\xef\xbb\xbf{ \"h\xc3\xa9\": \"x\\u0041\",\r\n\t\"b\" : [ 1e400, {} ] }\n\n{}";
	struct trial t = trial(text);
	struct node *n = t.doc->first->first, *b = n->next;

	ok(t.doc->first->at.line == 1 && t.doc->first->at.col == 1 && t.doc->first->at.offset == 3,
	    "a byte order mark is not a column but has an offset");
	ok(str_is(n->key, "h\xc3\xa9") && n->key_at.col == 3 && n->key_at.len == 5,
	    "a key's place");
	ok(str_is(n->text, "xA") && n->at.col == 10 && n->at.len == 9, "an escaped string's place");
	ok(b->key_at.line == 2 && b->key_at.col == 2 && b->at.col == 8, "a tab is one column");
	ok(b->kind == NODE_ARRAY && b->count == 2 && b->at.len == 13, "an array's span");
	ok(str_is(b->first->text, "1e400") && b->first->at.col == 10, "a number's place");
	ok(b->first->next->at.col == 17 && b->first->next->at.len == 2, "an empty object's place");
	ok(t.doc->first->next->at.line == 4 && t.doc->first->next->at.col == 1,
	    "the next document");
	arena_free(t.a);
}

static void
test_doc_parse__values_as_written(void)
{
	struct trial t = trial(
	    "{\"a\":9007199254740993,\"b\":-0.10e+05,\"c\":null,\"d\":false,"
	    "\"e\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00\",\"f\":true,\"\":\"\"}");
	struct node *o = t.doc->first;

	ok(t.d.count == 0 && o->count == 7, "all seven members: %s", reported(&t, 0));
	ok(str_is(node_get(o, "a")->text, "9007199254740993"), "a number above 2^53");
	ok(str_is(node_get(o, "b")->text, "-0.10e+05"), "a number keeps its zeros");
	ok(node_get(o, "c")->kind == NODE_NULL && node_get(o, "c")->text.len == 0, "null");
	ok(node_text(node_get(o, "e")).len > 0 && node_text(node_get(o, "a")).len == 0
	        && node_text(NULL).len == 0,
	    "only strings are texts");
	ok(node_get(o, "d")->kind == NODE_BOOL && str_is(node_get(o, "d")->text, "false"), "false");
	ok(str_is(node_get(o, "e")->text, "\"\\/\b\f\n\r\t\xc3\xa9\xf0\x9f\x98\x80"), "escapes");
	ok(node_get(o, "f")->at.len == 4, "true");
	ok(node_get(o, "")->kind == NODE_STRING && node_get(o, "")->at.len == 2, "an empty key");
	ok(!node_get(o, "A"), "keys are case-sensitive");
	arena_free(t.a);
}

static void
test_doc_parse__depth(void)
{
	char text[400];
	size_t deep = MAX_SPEC_DEPTH;

	for (int more = 0; more < 2; more++, deep++) {
		struct trial t;

		memset(text, '[', deep);
		memset(text + deep, ']', deep);
		t = trial_str("x.json", (struct str){ text, 2 * deep });
		if (more)
			ok(strcmp(reported(&t, 0), "1:65: values are nested deeper than 64 levels")
			        == 0,
			    "%s", reported(&t, 0));
		else
			ok(t.d.count == 0 && t.doc->count == 1, "64 levels are read");
		arena_free(t.a);
	}
	for (size_t size = 1; size < 3000000; size *= 1000) {
		char *many = malloc(size);
		struct trial t;

		if (!many)
			no_memory();
		memset(many, '[', size);
		t = trial_str("x.json", (struct str){ many, size });
		ok(t.d.errors == 1, "%zu open brackets", size);
		arena_free(t.a);
		free(many);
	}
}

static void
test_doc_parse__every_prefix_of_a_text(void)
{
	static const char whole[] =
	    "---\n{\"a\": [1.5, true, \"\\u00e9\\n\"], \"b\": {\"c\": null}}\n";
	size_t refused = 0, with_place = 0;

	for (size_t len = 5; len < sizeof(whole) - 2; len++) {
		char *exact = malloc(len); /* no NUL behind it: a byte too many is seen */
		struct trial t;

		if (!exact)
			no_memory();
		memcpy(exact, whole, len);
		t = trial_str("x.json", (struct str){ exact, len });
		refused += t.d.errors > 0;
		with_place += t.d.count > 0 && t.d.list[0].at.line == 2;
		arena_free(t.a);
		free(exact);
	}
	ok(refused == sizeof(whole) - 7 && with_place == refused,
	    "each of %zu has a mistake, on its line", refused);
}

static double
cpu_ms(void)
{
	return (double)clock() * 1000 / CLOCKS_PER_SEC;
}

/* 4 MB whose last half has the keys of the first one again: each of them is dropped. */
static void
test_doc_parse__many_twins(void)
{
	enum { KEYS = 190000 };
	struct buf text = BUF_INIT(MAX_SPEC_BYTES);
	double start = cpu_ms();
	struct trial t;

	buf_add_char(&text, '{');
	for (int i = 0; i < 2 * KEYS; i++)
		buf_fmt(&text, "%s\"%06d\":1", i > 0 ? "," : "", i % KEYS);
	buf_add_char(&text, '}');
	t = trial_str("x.json", buf_str(&text));
	ok(!buf_is_full(&text) && t.doc->count == 1 && t.doc->first->count == KEYS,
	    "one of each key");
	ok(t.d.errors == 0 && t.d.count == MAX_DIAGS, "the first 10,000 are reported");
	ok(cpu_ms() - start < 10000, "in %.0f ms", cpu_ms() - start);
	arena_free(t.a);
	buf_free(&text);
}

/* Braces within a text may be a reason to look for a template, again and again. */
static void
test_doc_parse__many_braces(void)
{
	struct buf text = BUF_INIT(MAX_SPEC_BYTES);
	double start = cpu_ms();
	struct trial t;

	buf_add(&text, STR("{\"a\" 1, \""));
	for (int i = 0; i < 1000000; i++)
		buf_add(&text, STR("{{ "));
	buf_add(&text, STR("}}\"}"));
	t = trial_str("x.json", buf_str(&text));
	ok(t.d.errors == 1 && strstr(reported(&t, 0), "expected ':'"), "%s", reported(&t, 0));
	ok(cpu_ms() - start < 5000, "in %.0f ms", cpu_ms() - start);
	arena_free(t.a);
	buf_free(&text);
}

static void
test_doc_parse__many_members(void)
{
	struct buf text = BUF_INIT(MAX_SPEC_BYTES);
	double start = cpu_ms();
	struct trial t;

	buf_add_char(&text, '{');
	for (int i = 0; i < 100000; i++)
		buf_fmt(&text, "\"key-%d\":%d,", (i * 7919) % 100000, i);
	buf_add(&text, STR("\"key-5\":0}"));
	t = trial_str("x.json", buf_str(&text));
	ok(t.doc->count == 1 && t.doc->first->count == 100001, "100,001 members");
	ok(t.d.count == 1 && strstr(reported(&t, 0), "duplicate key \"key-5\""), "%s",
	    reported(&t, 0));
	ok(cpu_ms() - start < 2000, "in %.0f ms", cpu_ms() - start);
	arena_free(t.a);
	buf_free(&text);
}

static void
test_node__get_field_put_drop_copy(void)
{
	struct trial t = trial("{\"a_b\":1,\"aB\":2,\"c_d\":3,\"x\":{\"y\":[\"z\"]}}");
	struct node *o = t.doc->first, *copy, *n;

	ok(str_is(node_field(o, "a_b")->text, "2"), "the camel spelling wins");
	ok(str_is(node_field(o, "c_d")->text, "3") && !node_get(o, "cD"),
	    "the snake spelling counts");
	ok(!node_field(o, "a") && !node_field(o, "a_b_c") && !node_get(NULL, "a")
	        && !node_field(node_get(o, "x")->first, "z"),
	    "nothing for no member, no node, no object");
	ok(node_at(o, "x.y") == node_get(o, "x")->first && node_at(o, "") == o
	        && node_at(o, "x") == node_get(o, "x"),
	    "a path of keys");
	ok(!node_at(o, "x.y.z") && !node_at(o, "x.n.y") && !node_at(NULL, "x"),
	    "a path that ends early");
	ok(!node_is_true(o->first) && !node_is_true(NULL), "neither a number nor nothing is true");
	copy = node_copy(t.a, o);
	n = node_put(t.a, copy, "new");
	ok(n->kind == NODE_NULL && str_is(n->key, "new") && n->at.line == 1 && copy->count == 5
	        && o->count == 4,
	    "a new member is at the end of the copy only");
	ok(node_put(t.a, copy, "aB") == node_get(copy, "aB") && copy->count == 5,
	    "an old one is found");
	node_get(copy, "x")->first->first->text = STR("changed");
	ok(str_is(node_get(o, "x")->first->first->text, "z"), "the original is untouched");
	node_drop(copy, node_get(copy, "a_b"));
	node_drop(copy, n);
	node_drop(copy, n);
	ok(copy->count == 3 && str_is(copy->first->key, "aB") && !node_get(copy, "new"), "dropped");
	ok(!copy->first->next->next->next, "the chain ends");
	arena_free(t.a);
}

static int
hex(char c)
{
	return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

static void
put_utf8(struct buf *out, unsigned c)
{
	static const unsigned lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	int n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	buf_add_char(out, (char)(n == 1 ? c : lead[n] | c >> (6 * (n - 1))));
	for (int i = n - 2; i >= 0; i--)
		buf_add_char(out, (char)(0x80 | (c >> (6 * i) & 0x3f)));
}

static unsigned
unit(const char *p)
{
	return (unsigned)(hex(p[0]) << 12 | hex(p[1]) << 8 | hex(p[2]) << 4 | hex(p[3]));
}

/* Decodes a string's source without its quotes, by its own means. */
static void
decode(struct buf *out, struct str s)
{
	static const char from[] = "bfnrt\"\\/", to[] = "\b\f\n\r\t\"\\/";

	for (size_t i = 0; i < s.len; i++) {
		unsigned c;

		if (s.ptr[i] != '\\') {
			buf_add_char(out, s.ptr[i]);
			continue;
		}
		if (s.ptr[++i] != 'u') {
			buf_add_char(out, to[strchr(from, s.ptr[i]) - from]);
			continue;
		}
		c = unit(s.ptr + i + 1);
		i += 4;
		if (c >= 0xd800 && c < 0xdc00) {
			c = 0x10000 + ((c - 0xd800) << 10) + (unit(s.ptr + i + 3) - 0xdc00);
			i += 6;
		}
		put_utf8(out, c);
	}
}

/* The strings below `n`, and those whose span does not decode to their text. */
static void
count_strings(struct str text, const struct node *n, size_t *good, size_t *bad)
{
	for (; n; n = n->next) {
		struct buf b = BUF_INIT(1 << 20);

		if (n->kind == NODE_STRING) {
			decode(&b, str_head(str_tail(text, n->at.offset + 1), n->at.len - 2));
			++*(str_eq(buf_str(&b), n->text) ? good : bad);
		} else if (n->kind == NODE_NUMBER || n->kind == NODE_BOOL) {
			*bad += !str_eq(str_head(str_tail(text, n->at.offset), n->at.len), n->text);
		}
		buf_free(&b);
		count_strings(text, n->first, good, bad);
	}
}

/* True when the row of index.tsv is about a JSON file; then its path, and how many specs it says. */
static bool
is_json_row(struct arena *a, struct str row, const char **path, size_t *specs)
{
	struct str field[12] = { { 0 } };

	for (size_t i = 0; i < COUNT_OF(field) && str_split(&row, '\t', &field[i]); i++)
		continue;
	*path =
	    arena_fmt(a, "../shared/corpus/%.*s/%.*s", STR_FMT(field[0]), STR_FMT(field[3])).ptr;
	*specs = str_ends(field[11], "2 specs") ? 2 : 1;
	return (str_is(field[6], "json") || str_is(field[6], "json-docs"))
	       && str_is(field[7], "spec") && !strstr(arena_cstr(a, field[11]), "invalid");
}

static void
test_doc_parse__corpus(void)
{
	struct arena *a = arena_new(no_memory);
	struct str index, row, text;
	struct err err = { 0 };
	size_t files = 0, good = 0, bad = 0, specs;
	const char *path;

	if (file_read(a, "../shared/corpus/index.tsv", 1 << 20, &index, &err) != 0) {
		skip("../shared/corpus is not here");
		arena_free(a);
		return;
	}
	while (str_split(&index, '\n', &row)) {
		struct trial t;

		if (!is_json_row(a, row, &path, &specs))
			continue;
		if (file_read(a, path, MAX_SPEC_BYTES, &text, &err) != 0) {
			ok(false, "%s", err.text);
			continue;
		}
		t = trial_str(path, text);
		if (t.d.count > 0 || t.doc->count != specs)
			ok(false, "%s: %zu documents, %s", path, t.doc->count, reported(&t, 0));
		count_strings(text, t.doc->first, &good, &bad);
		files++;
		arena_free(t.a);
	}
	ok(files > 100, "%zu JSON files of the corpus read without a mistake", files);
	ok(good > 1000 && bad == 0, "%zu strings decode to their text, %zu do not", good, bad);
	arena_free(a);
}

int
main(void)
{
	test_doc_parse__documents();
	test_doc_parse__places();
	test_doc_parse__values_as_written();
	test_doc_parse__depth();
	test_doc_parse__every_prefix_of_a_text();
	test_doc_parse__many_members();
	test_doc_parse__many_twins();
	test_doc_parse__many_braces();
	test_node__get_field_put_drop_copy();
	test_doc_parse__corpus();
	return done();
}
