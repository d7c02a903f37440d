/*
 * Input: a template, or what Jsonnet says of one. Parameters are words of the text, in their order; a place has a line and
 * a column; the words for a shell are one line less than their limit.
 */
#include "base/arena.h"
#include "format/jsonnet.h"

#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena *a = arena_new(no_memory);
	struct str text = { (const char *)data, len };
	struct jsonnet_parameters p = jsonnet_parameters(a, text);
	const struct jsonnet_argument argument = { STR("tag"), text };
	const char *behind = text.ptr;
	uint32_t line = 0, col = 0;

	for (size_t i = 0; i < p.count; i++) {
		if (p.list[i].name.len == 0 || p.list[i].name.ptr < behind)
			abort();
		behind = p.list[i].name.ptr + p.list[i].name.len;
	}
	if (jsonnet_place(text, &line, &col) != (line > 0 && col > 0))
		abort();
	if (!str_starts(jsonnet_command(a, "p.jsonnet", text, &argument, 1, "push"), "jsonnet "))
		abort();
	arena_free(a);
	return 0;
}
