#include "tap.h"

#include "base/arena.h"
#include "format/jsonnet.h"

static void
test_jsonnet_command__table(void)
{
	const struct {
		const char *text, *out;
	} rows[] = {
		{ "{}", "jsonnet p.jsonnet | pachup push -" },
		{ "function(tag) {}", "jsonnet --tla-str tag=VALUE p.jsonnet | pachup push -" },
		{ "/* (a) */ // b\n# c\nfunction ( a , b = f(1, [2]) , c='),', d) {}",
		    "jsonnet --tla-str a=VALUE --tla-str d=VALUE p.jsonnet | pachup push -" },
		{ "function() {}", "jsonnet p.jsonnet | pachup push -" },
		{ "function(a", "jsonnet --tla-str a=VALUE p.jsonnet | pachup push -" },
		{ "function", "jsonnet p.jsonnet | pachup push -" },
		{ "function(a='", "jsonnet p.jsonnet | pachup push -" },
		{ "/* never closed", "jsonnet p.jsonnet | pachup push -" },
		{ "", "jsonnet p.jsonnet | pachup push -" },
	};
	struct arena *a = arena_new(no_memory);

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		ok(str_is(jsonnet_command(a, "p.jsonnet", str_of(rows[i].text), NULL, 0, "push"),
		       rows[i].out),
		    "row %zu", i);
	arena_free(a);
}

static void
test_jsonnet_command__arguments(void)
{
	const struct jsonnet_argument arguments[] = {
		{ STR("tag"), STR("1.3") },
		{ STR("who"), STR("it's me") },
		{ STR("none"), STR("") },
	};
	struct arena *a = arena_new(no_memory);

	ok(str_is(jsonnet_command(a, "a b.jsonnet", STR("function(tag, src, x=1) {}"), arguments,
	              COUNT_OF(arguments), "plan"),
	       "jsonnet --tla-str tag=1.3 --tla-str 'who=it'\\''s me' --tla-str none= --tla-str "
	       "src=VALUE 'a b.jsonnet' | pachup plan -"),
	    "words for a shell");
	arena_free(a);
}

static void
test_jsonnet_parameters__is_known(void)
{
	const struct {
		const char *text;
		size_t count;
		bool is_known;
	} rows[] = {
		{ "function() {}", 0, true },
		{ "function(a, b='x)') {}", 2, true },
		{ "function(a, b=f(1,2),) {}", 2, true },
		{ "function(a", 1, false },
		{ "local f = 1; function(a) {}", 0, false },
		{ "{}", 0, false },
		{ "", 0, false },
	};
	struct arena *a = arena_new(no_memory);

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct jsonnet_parameters p = jsonnet_parameters(a, str_of(rows[i].text));

		ok(p.count == rows[i].count && p.is_known == rows[i].is_known, "row %zu", i);
	}
	arena_free(a);
}

static void
test_jsonnet_place__table(void)
{
	const struct {
		const char *message;
		uint32_t line, col; /* 0: none */
	} rows[] = {
		{ "STATIC ERROR: main:1:22-25: Unknown variable: b", 1, 22 },
		{ "RUNTIME ERROR: no\n\tmain:(12:3)-(14:5)\tobject <anonymous>", 12, 3 },
		{ "main:3:14 Expected token", 3, 14 },
		{ "RUNTIME ERROR: a:b:3 c", 0, 0 },
		{ "RUNTIME ERROR: at 0:0:0", 0, 0 },
		{ "x:", 0, 0 },
		{ "x:9", 0, 0 },
		{ "x:9:", 0, 0 },
		{ "x:(9", 0, 0 },
		{ "", 0, 0 },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		uint32_t line = 0, col = 0;
		bool is_there = jsonnet_place(str_of(rows[i].message), &line, &col);

		ok(is_there == (rows[i].line > 0) && line == rows[i].line && col == rows[i].col,
		    "row %zu", i);
	}
}

int
main(void)
{
	test_jsonnet_command__arguments();
	test_jsonnet_parameters__is_known();
	test_jsonnet_place__table();
	test_jsonnet_command__table();
	return done();
}
