#include "tap.h"

#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "files/read.h"
#include "format/doc.h"

/* One parse of a text in its own arena. */
struct trial {
	struct arena *a;
	struct diags d;
	struct doc *doc;
};

static struct trial
trial_str(const char *file, struct str text)
{
	struct trial t = { .a = arena_new(no_memory) };

	t.d = diags_in(t.a);
	t.doc = doc_parse(t.a, file, text, &t.d);
	diags_sort(&t.d);
	return t;
}

static struct trial
trial(const char *text)
{
	return trial_str("x.json", str_of(text));
}

/* A mistake as people see it: line:col: what */
static const char *
told(const struct trial *t, size_t i)
{
	const struct diag *one = &t->d.list[i];

	if (i >= t->d.count)
		return "(nothing)";
	return arena_fmt(t->a, "%u:%u: %.*s", one->at.line, one->at.col, STR_FMT(one->what)).ptr;
}

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
		    "documents row %zu: %zu, %s", i, count, told(&t, 0));
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
	    "a byte order mark is no column but has an offset");
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

	ok(t.d.count == 0 && o->count == 7, "all seven members: %s", told(&t, 0));
	ok(str_is(node_get(o, "a")->text, "9007199254740993"), "a number above 2^53");
	ok(str_is(node_get(o, "b")->text, "-0.10e+05"), "a number keeps its zeros");
	ok(node_get(o, "c")->kind == NODE_NULL && node_get(o, "c")->text.len == 0, "null");
	ok(node_get(o, "d")->kind == NODE_BOOL && str_is(node_get(o, "d")->text, "false"), "false");
	ok(str_is(node_get(o, "e")->text, "\"\\/\b\f\n\r\t\xc3\xa9\xf0\x9f\x98\x80"), "escapes");
	ok(node_get(o, "f")->at.len == 4, "true");
	ok(node_get(o, "")->kind == NODE_STRING && node_get(o, "")->at.len == 2, "an empty key");
	ok(!node_get(o, "A"), "keys are case-sensitive");
	arena_free(t.a);
}

struct mistake {
	const char *text, *told, *mend;
};

static void
check_mistakes(const struct mistake *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct trial t = trial(rows[i].text);
		bool good = t.d.count == 1 && strcmp(told(&t, 0), rows[i].told) == 0
		            && str_is(t.d.list[0].mend, rows[i].mend);

		ok(good, "mistake: %s", rows[i].told);
		if (!good && t.d.count > 0)
			printf("# %zu: %s\n# mend %.*s\n", t.d.count, told(&t, 0),
			    STR_FMT(t.d.list[0].mend));
		arena_free(t.a);
	}
}

static void
test_doc_parse__mistakes_in_words(void)
{
	static const char number[] =
	    "write it in decimal such as 9, -0.5 or 1e6, or as a string in double quotes";
	static const char backslash[] = "for a backslash as such write \\\\";
	static const char half[] = "write the character itself, or both halves of the pair";
	static const struct mistake rows[] = {
		{ "{\"a\": 09}", "1:7: number '09' has a leading zero", number },
		{ "[-012]", "1:2: number '-012' has a leading zero", number },
		{ "{\"a\": 1.}", "1:7: number '1.' has no digit behind its '.'", number },
		{ "[1.e5]", "1:2: number '1.e5' has no digit behind its '.'", number },
		{ "{\"a\": +1}", "1:7: number '+1' starts with '+'", number },
		{ "{\"a\": .5}", "1:7: number '.5' has no digit before its '.'", number },
		{ "[-.5]", "1:2: number '-.5' has no digit before its '.'", number },
		{ "{\"a\": 0x1F}", "1:7: number '0x1F' is hexadecimal", number },
		{ "[1e]", "1:2: number '1e' is not a number of JSON", number },
		{ "[-]", "1:2: number '-' is not a number of JSON", number },
		{ "[1_000]", "1:2: number '1_000' is not a number of JSON", number },
		{ "[-Infinity]", "1:2: number '-Infinity' is not a number of JSON", number },
		{ "[2.5Gi]", "1:2: number '2.5Gi' is not a number of JSON", number },
		{ "[1234567890123456789012345678901234567890123456789012345678901234]",
		    "1:2: number '1234567890123456789012345678901234567890...' is longer than 63 "
		    "characters",
		    number },
		{ "[\"a\tb\tc\"]", "1:4: a string holds a tab as such", "write \\t" },
		{ "[\"a\r\nb\n\"]", "1:5: a string holds a line break as such", "write \\n" },
		{ "[\"a\x1b[0m\"]", "1:4: a string holds the control byte 0x1b",
		    "write \\u001b, or remove it" },
		{ "{\"a\tb\": 1}", "1:4: a string holds a tab as such", "write \\t" },
		{ "[\"\\d+\"]", "1:3: '\\d' is not an escape of JSON", backslash },
		{ "[\"\\\xc3\xa9\"]", "1:3: a backslash stands before nothing it can escape",
		    backslash },
		{ "[\"\\u00g0\"]", "1:3: '\\u' needs four hexadecimal digits behind it",
		    "write for example \\u00e9, or the character itself" },
		{ "[\"\\u12\"]", "1:3: '\\u' needs four hexadecimal digits behind it",
		    "write for example \\u00e9, or the character itself" },
		{ "[\"a\\u0000\"]",
		    "1:4: '\\u0000' stands for a NUL, which no field of a spec can hold",
		    "remove it" },
		{ "[\"\\ud83d\"]", "1:3: '\\ud83d' is half of a surrogate pair and stands alone",
		    half },
		{ "[\"\\ude00\"]", "1:3: '\\ude00' is half of a surrogate pair and stands alone",
		    half },
		{ "[1,\f2]", "1:4: byte 0x0c is not a blank in JSON",
		    "write a blank, a tab or a line break instead" },
		{ "[NaN]", "1:2: expected a value, found 'NaN'",
		    "the words of JSON are true, false and null; a text stands in double quotes" },
		{ "{\"a\": True}", "1:7: expected a value, found 'True'",
		    "the words of JSON are true, false and null; a text stands in double quotes" },
	};

	check_mistakes(rows, COUNT_OF(rows));
}

static void
test_doc_parse__mistakes_between_words(void)
{
	static const char form[] =
	    "an object has the form { \"key\": value, ... }; this one starts at 1:1";
	static const char values[] =
	    "a value is a string in double quotes, a number, true, false, null, {...} or [...]";
	static const char quotes[] = "write \"...\" instead of '...'";
	static const char quote[] = "put a '\"' where it ends";
	static const struct mistake rows[] = {
		{ "{\"cmd\": [1]\n \"x\": 2}",
		    "2:2: expected ',' or '}' after the value of \"cmd\", found '\"'",
		    "put a ',' before it, or close the object that starts at 1:1 with '}'" },
		{ "[1 2]", "1:4: expected ',' or ']' after element 1, found '2'",
		    "put a ',' before it, or close the array that starts at 1:1 with ']'" },
		{ "{\"a\": [1, {}}", "1:13: expected ',' or ']' after element 2, found '}'",
		    "put a ',' before it, or close the array that starts at 1:7 with ']'" },
		{ "{\"a\": {\n\"b\": 1",
		    "2:7: expected ',' or '}' after the value of \"b\", found the end of the file",
		    "close the object that starts at 1:7 with '}'" },
		{ "{\"a\" 1}", "1:6: expected ':' after the key \"a\", found '1'",
		    "put a ':' between a key and its value" },
		{ "{", "1:2: expected a key in double quotes, found the end of the file", form },
		{ "{\"a\":1,", "1:8: expected a key in double quotes, found the end of the file",
		    form },
		{ "{name: 1}", "1:2: expected a key in double quotes, found 'name'", form },
		{ "{,}", "1:2: expected a key in double quotes, found ','", form },
		{ "{'a': 1}", "1:2: expected a string in double quotes, found a single quote",
		    quotes },
		{ "{\"a\": 'b'}", "1:7: expected a string in double quotes, found a single quote",
		    quotes },
		{ "{\"a\": }", "1:7: expected a value for \"a\", found '}'", values },
		{ "[1,,2]", "1:4: expected a value as element 2, found ','", values },
		{ "[\xe2\x80\x9cx\xe2\x80\x9d]",
		    "1:2: expected a value as element 1, found '\xe2\x80\x9c'", values },
		{ "{\"a\": 1,}", "1:8: a ',' stands before the closing '}'", "remove the ','" },
		{ "[1, ]", "1:3: a ',' stands before the closing ']'", "remove the ','" },
		{ "{ // x\n\"a\": 1}", "1:3: JSON has no comments", "remove the comment" },
		{ "{ /* x } \n */\"a\": 1}", "1:3: JSON has no comments", "remove the comment" },
		{ "{ # x\n\"a\": 1}", "1:3: JSON has no comments", "remove the comment" },
		{ "// x\n{}", "1:1: JSON has no comments", "remove the comment" },
		{ "{}\n# x\n{}", "2:1: JSON has no comments", "remove the comment" },
		{ "{\"a\": \"b", "1:7: the string is not closed before the end of the file",
		    quote },
		{ "{\"a\": \"b,\n \"c\": 1}",
		    "1:7: the string is not closed before the end of its line", quote },
		{ "[\"\\\"]", "1:2: the string is not closed before the end of the file", quote },
		{ "{\"a\": 1}}",
		    "1:9: expected another document or the end of the file after the last value, "
		    "found '}'",
		    "remove it, or add the bracket that it closes" },
		{ "{},{}",
		    "1:3: expected another document or the end of the file after the last value, "
		    "found ','",
		    "remove it, or put all values into one [...]" },
		{ "{} x",
		    "1:4: expected another document or the end of the file after the last value, "
		    "found 'x'",
		    "start another document with '{' or with a line '---'" },
		{ "{} ---\n{}",
		    "1:4: expected another document or the end of the file after the last value, "
		    "found '-'",
		    "start another document with '{' or with a line '---'" },
		{ "{}\n\xef\xbb\xbf{}",
		    "2:1: expected another document or the end of the file after the last value, "
		    "found a byte order mark",
		    "start another document with '{' or with a line '---'" },
	};

	check_mistakes(rows, COUNT_OF(rows));
}

static void
test_doc_parse__mistakes_of_the_file(void)
{
	static const char yaml[] =
	    "convert it to JSON, for example with: yq -o json . FILE.yaml > FILE.json";
	const struct {
		const char *file;
		struct str text;
		const char *told, *mend;
	} rows[] = {
		{ "x.yaml", STR("{}"), "1:1: YAML specs are not read yet by this version", yaml },
		{ "x.yml", STR("a: 1"), "1:1: YAML specs are not read yet by this version", yaml },
		{ "x.json", STR("---\na: 1"), "2:1: YAML specs are not read yet by this version",
		    yaml },
		{ "-", STR("# a\na: 1"), "1:1: YAML specs are not read yet by this version", yaml },
		{ "x.json", STR("{\n \0}"), "2:2: byte 0x00 in a text",
		    "save it as UTF-8, or leave it out if it is no spec" },
		{ "x.json", STR("{\n\"\xe9\": 1, \"\xff\": 2}"),
		    "2:2: byte 0xe9 is not valid UTF-8", "save the file as UTF-8" },
		{ "x.json", STR("\xff\xfe{\0}\0"), "1:1: the file is UTF-16, not UTF-8",
		    "save it as UTF-8; PowerShell: Out-File -Encoding utf8" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct trial t = trial_str(rows[i].file, rows[i].text);

		ok(t.d.count == 1 && strcmp(told(&t, 0), rows[i].told) == 0
		        && str_is(t.d.list[0].mend, rows[i].mend) && !t.doc->first,
		    "%s: %s", rows[i].file, told(&t, 0));
		arena_free(t.a);
	}
}

static void
test_doc_parse__many_mistakes_at_once(void)
{
	struct trial t =
	    trial("{\"a\": 01, \"b\": \"\\u0000x\",\n \"a\": 2.}\n[{}, {\"x\":1,\"x\":2,\"x\":3}]");

	ok(t.d.count == 6, "six mistakes of a text that parses: %zu", t.d.count);
	ok(strcmp(told(&t, 2), "2:2: key \"a\" stands twice in one object, first at 1:2") == 0,
	    "%s", told(&t, 2));
	ok(strcmp(told(&t, 5), "3:19: key \"x\" stands twice in one object, first at 3:7") == 0,
	    "%s", told(&t, 5));
	ok(t.doc->count == 3, "and all documents are there");
	arena_free(t.a);
	t = trial("{\"a\":1}\n{ // c\n \"a\": NaN, 'b'}\n{\"c\": 09}");
	ok(t.d.count == 3 && t.doc->count == 1, "nothing is read behind a syntax error: %zu, %s",
	    t.d.count, told(&t, 2));
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
			ok(strcmp(told(&t, 0), "1:65: values nest deeper than 64 levels") == 0,
			    "%s", told(&t, 0));
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
	ok(t.d.count == 1 && strstr(told(&t, 0), "key \"key-5\" stands twice"), "%s", told(&t, 0));
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
			ok(false, "%s: %zu documents, %s", path, t.doc->count, told(&t, 0));
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
	test_doc_parse__mistakes_in_words();
	test_doc_parse__mistakes_between_words();
	test_doc_parse__mistakes_of_the_file();
	test_doc_parse__many_mistakes_at_once();
	test_doc_parse__depth();
	test_doc_parse__every_prefix_of_a_text();
	test_doc_parse__many_members();
	test_node__get_field_put_drop_copy();
	test_doc_parse__corpus();
	return done();
}
