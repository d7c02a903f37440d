#include "trial.h"

#include <string.h>

struct mistake {
	const char *text, *reported, *hint;
};

static void
check_mistakes(const struct mistake *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct trial t = trial(rows[i].text);
		bool good = t.d.count == 1 && strcmp(reported(&t, 0), rows[i].reported) == 0
		            && str_is(t.d.list[0].hint, rows[i].hint);

		ok(good, "mistake: %s", rows[i].reported);
		if (!good && t.d.count > 0)
			printf("# %zu: %s\n# hint %.*s\n", t.d.count, reported(&t, 0),
			    STR_FMT(t.d.list[0].hint));
		arena_free(t.a);
	}
}

static const char number[] =
    "use a decimal number such as 9, -0.5 or 1e6, or a string in double quotes";
static const char backslash[] = "for a backslash use \\\\";
static const char half[] = "use the character itself, or both halves of the pair";
static const struct mistake in_words[] = {
	{ "{\"a\": 09}", "1:7: number '09' has a leading zero", number },
	{ "[-012]", "1:2: number '-012' has a leading zero", number },
	{ "{\"a\": 1.}", "1:7: number '1.' has no digit after '.'", number },
	{ "[1.e5]", "1:2: number '1.e5' has no digit after '.'", number },
	{ "{\"a\": +1}", "1:7: number '+1' starts with '+'", number },
	{ "{\"a\": .5}", "1:7: number '.5' has no digit before '.'", number },
	{ "[-.5]", "1:2: number '-.5' has no digit before '.'", number },
	{ "{\"a\": 0x1F}", "1:7: number '0x1F' is hexadecimal", number },
	{ "[1e]", "1:2: number '1e' is not a JSON number", number },
	{ "[-]", "1:2: number '-' is not a JSON number", number },
	{ "[1_000]", "1:2: number '1_000' is not a JSON number", number },
	{ "[-Infinity]", "1:2: number '-Infinity' is not a JSON number", number },
	{ "[2.5Gi]", "1:2: number '2.5Gi' is not a JSON number", number },
	{ "[1234567890123456789012345678901234567890123456789012345678901234]",
	    "1:2: number '1234567890123456789012345678901234567890...' is longer than 63 "
	    "characters",
	    number },
	{ "[\"a\tb\tc\"]", "1:4: a string contains a raw tab", "write \\t" },
	{ "[\"a\r\nb\n\"]", "1:5: a string contains a raw line break", "write \\n" },
	{ "[\"a\x1b[0m\"]", "1:4: a string contains the control byte 0x1b",
	    "use \\u001b, or remove it" },
	{ "{\"a\tb\": 1}", "1:4: a string contains a raw tab", "write \\t" },
	{ "[\"\\d+\"]", "1:3: '\\d' is not a JSON escape", backslash },
	{ "[\"\\\xc3\xa9\"]", "1:3: a backslash escapes nothing here", backslash },
	{ "[\"\\u00g0\"]", "1:3: '\\u' needs four hexadecimal digits",
	    "use for example \\u00e9, or the character itself" },
	{ "[\"\\u12\"]", "1:3: '\\u' needs four hexadecimal digits",
	    "use for example \\u00e9, or the character itself" },
	{ "[\"a\\u0000\"]", "1:4: '\\u0000' is a NUL character, which no field can contain",
	    "remove it" },
	{ "[\"\\ud83d\"]", "1:3: '\\ud83d' is half of a surrogate pair", half },
	{ "[\"\\ude00\"]", "1:3: '\\ude00' is half of a surrogate pair", half },
	{ "[1,\f2]", "1:4: byte 0x0c is not whitespace in JSON",
	    "use a space, a tab or a newline" },
	{ "[NaN]", "1:2: expected a value, found 'NaN'",
	    "use true, false or null, or put text in double quotes" },
	{ "{\"a\": s3cret}", "1:7: expected a value, found a word without quotes",
	    "use true, false or null, or put text in double quotes" },
	{ "[\"a\"s3cret]", "1:5: expected ',' or ']' after element 1, found a word without quotes",
	    "add a ',' before it, or close the array that starts at 1:1 with ']'" },
	{ "{\"a\": True}", "1:7: expected a value, found 'True'",
	    "use true, false or null, or put text in double quotes" },
};

static void
test_doc_parse__mistakes_in_words(void)
{
	check_mistakes(in_words, COUNT_OF(in_words));
}

static const char form[] = "an object has the form { \"key\": value, ... }; this one starts at 1:1";
static const char values[] =
    "a value is a string in double quotes, a number, true, false, null, {...} or [...]";
static const char quotes[] = "write \"...\" instead of '...'";
static const char quote[] = "add the closing '\"'";
static const struct mistake between_words[] = {
	{ "{\"cmd\": [1]\n \"x\": 2}",
	    "2:2: expected ',' or '}' after the value of \"cmd\", found '\"'",
	    "add a ',' before it, or close the object that starts at 1:1 with '}'" },
	{ "[1 2]", "1:4: expected ',' or ']' after element 1, found '2'",
	    "add a ',' before it, or close the array that starts at 1:1 with ']'" },
	{ "{\"a\": [1, {}}", "1:13: expected ',' or ']' after element 2, found '}'",
	    "add a ',' before it, or close the array that starts at 1:7 with ']'" },
	{ "{\"a\": {\n\"b\": 1",
	    "2:7: expected ',' or '}' after the value of \"b\", found the end of the file",
	    "close the object that starts at 1:7 with '}'" },
	{ "{\"a\" 1}", "1:6: expected ':' after the key \"a\", found '1'",
	    "add a ':' between key and value" },
	{ "{", "1:2: expected a key in double quotes, found the end of the file", form },
	{ "{\"a\":1,", "1:8: expected a key in double quotes, found the end of the file", form },
	{ "{name: 1}", "1:2: expected a key in double quotes, found 'name'", form },
	{ "{,}", "1:2: expected a key in double quotes, found ','", form },
	{ "{'a': 1}", "1:2: expected a string in double quotes, found a single quote", quotes },
	{ "{\"a\": 'b'}", "1:7: expected a string in double quotes, found a single quote", quotes },
	{ "{\"a\": }", "1:7: expected a value for \"a\", found '}'", values },
	{ "[1,,2]", "1:4: expected a value as element 2, found ','", values },
	{ "[\xe2\x80\x9cx\xe2\x80\x9d]", "1:2: expected a value as element 1, found '\xe2\x80\x9c'",
	    values },
	{ "{\"a\": 1,}", "1:8: unexpected ',' before the closing '}'", "remove the ','" },
	{ "[1, ]", "1:3: unexpected ',' before the closing ']'", "remove the ','" },
	{ "{ // x\n\"a\": 1}", "1:3: JSON has no comments", "remove the comment" },
	{ "{ /* x } \n */\"a\": 1}", "1:3: JSON has no comments", "remove the comment" },
	{ "{ # x\n\"a\": 1}", "1:3: JSON has no comments", "remove the comment" },
	{ "// x\n{}", "1:1: JSON has no comments", "remove the comment" },
	{ "{}\n# x\n{}", "2:1: JSON has no comments", "remove the comment" },
	{ "{\"a\": \"b", "1:7: the string is not closed before the end of the file", quote },
	{ "{\"a\": \"b,\n \"c\": 1}", "1:7: the string is not closed before the end of its line",
	    quote },
	{ "[\"\\\"]", "1:2: the string is not closed before the end of the file", quote },
	{ "{\"a\": 1}}",
	    "1:9: expected another document or the end of the file, "
	    "found '}'",
	    "remove it, or add the matching opening bracket" },
	{ "{},{}",
	    "1:3: expected another document or the end of the file, "
	    "found ','",
	    "remove it, or put all values in one list [...]" },
	{ "{} x",
	    "1:4: expected another document or the end of the file, "
	    "found 'x'",
	    "start the next document with '{' or a line '---'" },
	{ "{}\n---x", "2:1: expected another document or the end of the file, found '-'",
	    "start the next document with '{' or a line '---'" },
	{ "{} ---\n{}",
	    "1:4: expected another document or the end of the file, "
	    "found '-'",
	    "start the next document with '{' or a line '---'" },
	{ "{}\n\xef\xbb\xbf{}",
	    "2:1: expected another document or the end of the file, "
	    "found a byte order mark",
	    "start the next document with '{' or a line '---'" },
};

static void
test_doc_parse__mistakes_between_words(void)
{
	check_mistakes(between_words, COUNT_OF(between_words));
}

static void
test_doc_parse__mistakes_of_the_file(void)
{
	const struct {
		const char *file;
		struct str text;
		const char *reported, *hint;
	} rows[] = {
		{ "x.json", STR("{\n \0}"), "2:2: byte 0x00 in a text file",
		    "save it as UTF-8, or remove it from the specs" },
		{ "x.json", STR("{\n\"\xe9\": 1, \"\xff\": 2}"),
		    "2:2: byte 0xe9 is not valid UTF-8", "save the file as UTF-8" },
		{ "x.json", STR("\xff\xfe{\0}\0"), "1:1: the file is UTF-16 or UTF-32, not UTF-8",
		    "save it as UTF-8; PowerShell: Out-File -Encoding utf8" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct trial t = trial_str(rows[i].file, rows[i].text);

		ok(t.d.count == 1 && strcmp(reported(&t, 0), rows[i].reported) == 0
		        && str_is(t.d.list[0].hint, rows[i].hint) && !t.doc->first,
		    "%s: %s", rows[i].file, reported(&t, 0));
		arena_free(t.a);
	}
}

static void
test_doc_parse__many_mistakes_at_once(void)
{
	struct trial t =
	    trial("{\"a\": 01, \"b\": \"\\u0000x\",\n \"a\": 2.}\n[{}, {\"x\":1,\"x\":2,\"x\":3}]");

	ok(t.d.count == 6, "six mistakes of a text that parses: %zu", t.d.count);
	ok(strcmp(reported(&t, 2), "2:2: duplicate key \"a\", first at 1:2") == 0, "%s",
	    reported(&t, 2));
	ok(strcmp(reported(&t, 5), "3:19: duplicate key \"x\", first at 3:7") == 0, "%s",
	    reported(&t, 5));
	ok(t.doc->count == 3, "and all documents are there");
	arena_free(t.a);
	t = trial("[\"\\ude00\\ude00\"]");
	ok(t.d.count == 2 && t.d.list[1].at.col == 9, "two second halves: %s", reported(&t, 1));
	arena_free(t.a);
	t = trial("{\"a\":1}\n{ // c\n \"a\": NaN, 'b'}\n{\"c\": 09}");
	ok(t.d.count == 3 && t.doc->count == 1, "nothing is read behind a syntax error: %zu, %s",
	    t.d.count, reported(&t, 2));
	arena_free(t.a);
}

static void
test_doc_parse_value__any_kind(void)
{
	struct arena *a = arena_new(no_memory);
	static const struct {
		const char *text;
		enum node_kind kind;
		const char *value; /* NULL: refused */
	} rows[] = {
		{ "1", NODE_NUMBER, "1" },
		{ " -1.5e3 \n", NODE_NUMBER, "-1.5e3" },
		{ "true", NODE_BOOL, "true" },
		{ "false", NODE_BOOL, "false" },
		{ "null", NODE_NULL, "" },
		{ "\"a\\u00e9\\n\"", NODE_STRING, "a\xc3\xa9\n" },
		{ "\"\"", NODE_STRING, "" },
		{ "[1, [2]]", NODE_ARRAY, "" },
		{ "{\"a\": 1}", NODE_OBJECT, "" },
		{ "", NODE_NULL, NULL },
		{ "  ", NODE_NULL, NULL },
		{ "1 2", NODE_NULL, NULL },
		{ "1,", NODE_NULL, NULL },
		{ "1}", NODE_NULL, NULL },
		{ "1, \"b\": 2", NODE_NULL, NULL },
		{ "{} {}", NODE_NULL, NULL },
		{ "{\"a\": 1", NODE_NULL, NULL },
		{ "\"a", NODE_NULL, NULL },
		{ "\"a\\q\"", NODE_NULL, NULL },
		{ "'a'", NODE_NULL, NULL },
		{ "NaN", NODE_NULL, NULL },
		{ "+1", NODE_NULL, NULL },
		{ "01", NODE_NULL, NULL },
		{ "12abc", NODE_NULL, NULL },
		{ "yes", NODE_NULL, NULL },
		{ "--- 1", NODE_NULL, NULL },
		{ "\"\xff\"", NODE_NULL, NULL },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct diags d = diags_in(a);
		const struct node *n = doc_parse_value(a, str_of(rows[i].text), &d);

		ok((n != NULL) == (rows[i].value != NULL) && (n ? d.errors == 0 : d.errors > 0)
		        && (!n || (n->kind == rows[i].kind && str_is(n->text, rows[i].value))),
		    "value '%s'", rows[i].text);
	}
	arena_free(a);
}

int
main(void)
{
	test_doc_parse__mistakes_in_words();
	test_doc_parse__mistakes_between_words();
	test_doc_parse__mistakes_of_the_file();
	test_doc_parse__many_mistakes_at_once();
	test_doc_parse_value__any_kind();
	return done();
}
