#include "tap.h"

#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "files/read.h"
#include "format/doc.h"

#define CORPUS "../shared/corpus/"

/* The documents as compact JSON, one a line; the first mistake behind them. */
static struct str
parse(struct arena *a, const char *text, size_t len)
{
	struct diags d = diags_in(a);
	struct doc *doc = doc_parse(a, "x.yaml", (struct str){ text, len }, &d);
	struct buf out = BUF_INIT(1 << 20);

	for (struct node *n = doc->first; n; n = n->next) {
		if (n != doc->first)
			buf_add_char(&out, '\n');
		json_write(&out, n);
	}
	if (d.count > 0)
		buf_fmt(&out, "!%u:%u: %.*s", d.list[0].at.line, d.list[0].at.col,
		    STR_FMT(d.list[0].what));
	return buf_take(&out, a);
}

static void
test_doc_parse__yaml_values(struct arena *a)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{ "a: 1", "{\"a\":1}" },
		{ "a: x\nb: [1, -2.5, 1e3, true, false, ~, null, '', \"\"]",
		    "{\"a\":\"x\",\"b\":[1,-2.5,1e3,true,false,null,null,\"\",\"\"]}" },
		{ "a: yes\nb: on\nc: No", "{\"a\":\"yes\",\"b\":\"on\",\"c\":\"No\"}" },
		{ "a: True\nb: [TRUE, False, FALSE, tRUE]\nc: 'True'",
		    "{\"a\":true,\"b\":[true,false,false,\"tRUE\"],\"c\":\"True\"}" },
		{ "a: .5\nb: [.25e1, '.5']", "{\"a\":0.5,\"b\":[0.25e1,\".5\"]}" },
		{ "a: 2024-01-31\nb: 2024-2-29\nc: 2023-02-29\nd: 2024-01-31 or so",
		    "{\"a\":\"2024-01-31T00:00:00Z\",\"b\":\"2024-02-29T00:00:00Z\","
		    "\"c\":\"2023-02-29\",\"d\":\"2024-01-31 or so\"}" },
		{ "a: 2001-12-14t21:59:43.10-05:00\nb: 2001-12-14 1:2:3.000\nc: "
		  "2001-12-14T1:2:3+00:00",
		    "{\"a\":\"2001-12-14T21:59:43.1-05:00\",\"b\":\"2001-12-14T01:02:03Z\","
		    "\"c\":\"2001-12-14T01:02:03Z\"}" },
		{ "a: 2001-12-14T21:59:43\nb: 2001-12-14 24:00:00\nc: 12001-12-14\nd: 2001-12",
		    "{\"a\":\"2001-12-14T21:59:43\",\"b\":\"2001-12-14 24:00:00\","
		    "\"c\":\"12001-12-14\",\"d\":\"2001-12\"}" },
		{ "a: \"1\"\nb: '2'", "{\"a\":\"1\",\"b\":\"2\"}" },
		{ "a: !!str 1", "{\"a\":\"1\"}" },
		{ "a: |\n  x\n  y\nb: >-\n  x\n  y\n", "{\"a\":\"x\\ny\\n\",\"b\":\"x y\"}" },
		{ "a: v1.2.3\nb: 1.2.3\nc: 10m",
		    "{\"a\":\"v1.2.3\",\"b\":\"1.2.3\",\"c\":\"10m\"}" },
		{ "a: _1\nb: ._5\nc: .5e_1\nd: .5_\ne: _\nf: ._",
		    "{\"a\":\"_1\",\"b\":\"._5\",\"c\":\".5e_1\",\"d\":\".5_\",\"e\":\"_\","
		    "\"f\":\"._\"}" },
		{ "a: 0beef12\nb: 0o8\nc: 0x1f2e3d4c5b6a798081\nd: 0x",
		    "{\"a\":\"0beef12\",\"b\":\"0o8\",\"c\":\"0x1f2e3d4c5b6a798081\",\"d\":"
		    "\"0x\"}" },
		{ "---\na: 1\n---\n---\n# nothing\n---\nb: 2\n...\n", "{\"a\":1}\n{\"b\":2}" },
		{ "- a: 1\n- b: 2\n", "{\"a\":1}\n{\"b\":2}" },
		{ "\xef\xbb\xbf"
		  "a: 1\r\nb: 2\r\n",
		    "{\"a\":1,\"b\":2}" },
		{ "a: &x {b: 1}\nc: *x\n", "{\"a\":{\"b\":1},\"c\":{\"b\":1}}" },
		{ "{\"a\": [1, {\"b\": \"c\"}]}", "{\"a\":[1,{\"b\":\"c\"}]}" },
		{ "", "" },
		{ "# only a comment\n", "" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct str out = parse(a, rows[i].in, strlen(rows[i].in));

		ok(str_is(out, rows[i].out), "%zu: %.*s", i, STR_FMT(out));
	}
}

static void
test_doc_parse__yaml_mistakes(struct arena *a)
{
	static const struct {
		const char *in, *says;
	} rows[] = {
		{ "a: 1\nb:\n  - h\xc3\xa9\n a: 2", "4:2: cannot parse the YAML" },
		{ "a: 012", "1:4: '012' is a number that JSON" },
		{ "a: 0x1F", "1:4: '0x1F' is a number" },
		{ "a: 1_000", "1:4: '1_000' is a number" },
		{ "a: -_1", "1:4: '-_1' is a number" },
		{ "a: -._5", "1:4: '-._5' is a number" },
		{ "a: .5_0", "1:4: '.5_0' is a number" },
		{ "a: 1e_5", "1:4: '1e_5' is a number" },
		{ "a: 0x_1", "1:4: '0x_1' is a number" },
		{ "a: 0x0123456789abcdef0", "1:4: '0x0123456789abcdef0' is a number" },
		{ "a: 0b101", "1:4: '0b101' is a number" },
		{ "a: 0o17", "1:4: '0o17' is a number" },
		{ "a: -.5", "1:4: '-.5' is a number" },
		{ "a: 5.", "1:4: '5.' is a number" },
		{ "a: 01234e5", "1:4: '01234e5' is a number that JSON" },
		{ "a: +1e5", "1:4: '+1e5' is a number" },
		{ "a: 5.e3", "1:4: '5.e3' is a number" },
		{ "a: +1", "1:4: '+1' is a number" },
		{ "a: .inf", "1:4: '.inf' is a number" },
		{ "h\xc3\xa9: 1\nb: 2\nb: 3", "3:1: duplicate key \"b\", first at 2:1" },
		{ "a: *x", "1:4: unknown alias: no anchor" },
		{ "a: &x [*x]", "1:8: unknown alias: no anchor" },
		{ "<<: {a: 1}", "1:1: merge keys" },
		{ "1: a", "1:1: a key must be text" },
		{ "[a]: b", "1:1: a key must be text" },
		{ "a: !thing b", "unsupported YAML tag" },
		{ "just words", "1:1: a document must be a mapping" },
		{ "a:\n\tb: 1", "2:1: cannot parse the YAML" },
		{ "a: \"\\0\"", "1:4: the text contains a NUL" },
		{ "a: \"\\ud83d\\ude00\"", "cannot parse the YAML" },
		{ "a: [1, 2", "cannot parse the YAML" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct str out = parse(a, rows[i].in, strlen(rows[i].in));

		ok(strstr(out.ptr, "!") && strstr(strchr(out.ptr, '!') + 1, rows[i].says) != NULL,
		    "%zu: %.*s", i, STR_FMT(out));
	}
}

/* Spans are bytes, also behind characters of several bytes and after aliases. */
static void
test_doc_parse__yaml_spans(struct arena *a)
{
	static const char text[] =
	    "# h\xc3\xa9h\xc3\xa9\na: \"\xe2\x82\xac\"   # x\nimage: reg/a:1\n";
	struct diags d = diags_in(a);
	struct doc *doc = doc_parse(a, "x.yaml", str_of(text), &d);
	const struct node *one = node_get(doc->first, "a"), *two = node_get(doc->first, "image");

	ok(one
	        && str_eq(
	            (struct str){ text + one->at.offset, one->at.len }, STR("\"\xe2\x82\xac\"")),
	    "the quotes count");
	ok(two && two->at.line == 3 && two->at.col == 8
	        && str_eq((struct str){ text + two->at.offset, two->at.len }, STR("reg/a:1")),
	    "a plain scalar behind them");
	ok(two && two->key_at.line == 3 && two->key_at.col == 1 && two->key_at.len == 5, "its key");
}

/* The way from mark to mark is walked in parts: wherever one of them ends, the places are right. */
static void
test_doc_parse__yaml_spans_far_in(struct arena *a)
{
	enum { MEMBERS = 400 };
	struct buf text = BUF_INIT(1 << 20);
	struct diags d = diags_in(a);
	size_t good = 0;
	struct doc *doc;
	struct str in;
	unsigned line = 0;

	for (unsigned i = 0; i < MEMBERS; i++)
		buf_fmt(&text, "m%u: \"%.*s\" # \xe2\x82\xac\n", i,
		    (int)(i % 2 ? i % 130 + 20 : i % 20),
		    "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3"
		    "\xa9"
		    "--------------------------------------------------------------------"
		    "--------------------------------------------------------------------");
	in = buf_take(&text, a);
	doc = doc_parse(a, "x.yaml", in, &d);
	for (const struct node *n = doc->first ? doc->first->first : NULL; n; n = n->next) {
		struct str value = str_head(str_tail(in, n->at.offset), n->at.len);

		good += n->at.line == ++line && n->key_at.line == line && n->key_at.col == 1
		        && str_eq(str_head(str_tail(in, n->key_at.offset), n->key_at.len), n->key)
		        && n->at.col == n->key.len + 3
		        && str_eq(value, arena_fmt(a, "\"%.*s\"", STR_FMT(n->text)));
	}
	ok(d.count == 0 && good == MEMBERS, "%zu of %d members are where they are said to be", good,
	    MEMBERS);
}

/* The ceiling is on what aliases multiply, not on what is written out. */
static void
test_doc_parse__many_values(struct arena *a)
{
	struct buf text = BUF_INIT(1 << 20);
	struct diags d = diags_in(a);
	struct doc *doc;

	buf_add(&text, STR("a: [0"));
	for (int i = 1; i < 250000; i++)
		buf_add(&text, STR(",1"));
	buf_add(&text, STR("]\n"));
	doc = doc_parse(a, "x.yaml", buf_str(&text), &d);
	ok(d.count == 0 && doc->count == 1 && node_get(doc->first, "a")->count == 250000,
	    "250,000 values without an alias");
	buf_free(&text);
}

static void
test_doc_parse__yaml_bombs(struct arena *a)
{
	struct buf bomb = BUF_INIT(1 << 20);
	struct str out;

	buf_add(&bomb, STR("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"));
	for (int i = 1; i < 12; i++)
		buf_fmt(&bomb, "a%d: &a%d [*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d]\n", i, i,
		    i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
	out = parse(a, bomb.ptr, bomb.len);
	ok(strstr(out.ptr, "more than 200000 values") != NULL, "an alias bomb ends");
	buf_clear(&bomb);
	for (int i = 0; i < 10000; i++)
		buf_add_char(&bomb, '[');
	out = parse(a, bomb.ptr, bomb.len);
	ok(strstr(out.ptr, "deeper than 64 levels") != NULL, "10,000 brackets end");
	buf_clear(&bomb);
	for (int i = 0; i < 10000; i++)
		buf_fmt(&bomb, "%*sa:\n", i % 900, "");
	out = parse(a, bomb.ptr, bomb.len);
	ok(strchr(out.ptr, '!') != NULL, "deep indentation ends");
	buf_free(&bomb);
}

/* Every YAML spec of the corpus reads without a mistake. */
static void
test_doc_parse__yaml_corpus(struct arena *a)
{
	struct str index, line, cell[9] = { { "", 0 } };
	size_t files = 0, good = 0;
	struct err err;

	if (file_read(a, CORPUS "index.tsv", 1 << 20, &index, &err) < 0) {
		skip("../shared/corpus is not here");
		return;
	}
	while (str_split(&index, '\n', &line)) {
		struct str rest = line, text;
		struct diags d = diags_in(a);
		size_t n = 0;

		while (n < COUNT_OF(cell) && str_split(&rest, '\t', &cell[n]))
			n++;
		if (n < 8 || !str_is(cell[6], "yaml"))
			continue;
		files++;
		if (file_read(a,
		        arena_fmt(a, CORPUS "%.*s/%.*s", STR_FMT(cell[0]), STR_FMT(cell[3])).ptr,
		        MAX_SPEC_BYTES, &text, &err)
		    < 0) {
			ok(false, "%s", err.text);
			continue;
		}
		(void)doc_parse(a, arena_cstr(a, cell[3]), text, &d);
		good += d.errors == 0;
		if (d.errors > 0)
			printf("# %.*s:%u:%u: %.*s\n", STR_FMT(cell[3]), d.list[0].at.line,
			    d.list[0].at.col, STR_FMT(d.list[0].what));
	}
	ok(files > 0 && good == files, "%zu of %zu files", good, files);
}

/* Large files of one kind of thing: what grows with its square would take minutes here. */
static void
test_doc_parse__yaml_is_linear(struct arena *a)
{
	static const struct {
		const char *head, *each, *end, *middle, *again, *out; /* "each" NUMBER "end" */
	} rows[] = {
		{ "a:\n", "  k", ": v\n", "", NULL, "{\"a\":{\"k0\":\"v\"," },
		{ "a:\n", "  - &n", " v\n", "b:\n", "  - *n", "{\"a\":[\"v\"," },
		{ "a: [", "{b: ", "}, ", "]\n", NULL, "{\"a\":[{\"b\":0}," },
		{ "", "%TAG !t", "! tag:x,1:\n", "---\na: 1\n", NULL,
		    "!1:1: more than 1000 YAML directives" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buf text = BUF_INIT(MAX_SPEC_BYTES);
		clock_t start;
		struct str in, out;

		buf_add(&text, str_of(rows[i].head));
		for (size_t n = 0; n < 30000; n++)
			buf_fmt(&text, "%s%zu%s", rows[i].each, n, rows[i].end);
		buf_add(&text, str_of(rows[i].middle));
		for (size_t n = 0; rows[i].again && n < 30000; n++)
			buf_fmt(&text, "%s%zu\n", rows[i].again, n);
		in = buf_take(&text, a);
		start = clock();
		out = parse(a, in.ptr, in.len);
		ok(str_starts(out, rows[i].out) && clock() - start < 20 * CLOCKS_PER_SEC,
		    "%zu bytes such as '%s' in %.1f s: %.60s", in.len, rows[i].each,
		    (double)(clock() - start) / (double)CLOCKS_PER_SEC, out.ptr);
	}
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_doc_parse__yaml_values(a);
	test_doc_parse__yaml_mistakes(a);
	test_doc_parse__yaml_spans(a);
	test_doc_parse__yaml_spans_far_in(a);
	test_doc_parse__many_values(a);
	test_doc_parse__yaml_bombs(a);
	test_doc_parse__yaml_is_linear(a);
	test_doc_parse__yaml_corpus(a);
	arena_free(a);
	return done();
}
