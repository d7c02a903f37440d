/*
 * Input: a Dockerfile. Each image found lies in the text where its place says, on the line and column that
 * counting by hand gives, in order, and is one word.
 */
#include <string.h>

#include "base/arena.h"
#include "retag/dockerfile.h"

#include "fuzz.h"

static void
check(const struct from *one, struct str text)
{
	uint32_t line = 1, col = 1;
	size_t i = str_starts(text, "\xef\xbb\xbf") ? 3 : 0;

	must(one->image.len > 0 && one->at.offset + one->at.len <= text.len);
	must(one->image.ptr == text.ptr + one->at.offset && one->image.len == one->at.len);
	must(str_find(one->image, ' ') == one->image.len
	     && str_find(one->image, '\n') == one->image.len);
	for (; i < one->at.offset; i++) {
		col = text.ptr[i] == '\n' ? 1 : col + 1;
		line += text.ptr[i] == '\n';
	}
	must(one->at.line == line && one->at.col == col);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena *a = arena_new(no_memory);
	struct str text = arena_str(a, (struct str){ (const char *)data, len });
	struct froms froms = dockerfile_read(a, text);

	for (size_t i = 0; i < froms.count; i++) {
		check(&froms.list[i], text);
		must(i == 0 || froms.list[i - 1].at.offset < froms.list[i].at.offset);
	}
	arena_free(a);
	return 0;
}
