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
		ok(str_is(
		       jsonnet_command(a, "p.jsonnet", str_of(rows[i].text), "push"), rows[i].out),
		    "row %zu", i);
	arena_free(a);
}

int
main(void)
{
	test_jsonnet_command__table();
	return done();
}
