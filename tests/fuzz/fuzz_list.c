/*
 * Input: a list file's text. Each name lies in the text where its span says, holds neither a control nor a
 * line's end, is once, and a list of just these names, one per line, reads the same without a
 * mistake.
 */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "files/list.h"

#include "fuzz.h"

enum { MAX_TEXT = 1 << 20 };

static void
check_entry(const struct list *list, size_t i, struct str text)
{
	const struct list_entry *one = &list->entries[i];

	must(one->name.len > 0 && one->at.offset + one->at.len <= text.len);
	must(one->at.len == one->name.len
	     && memcmp(text.ptr + one->at.offset, one->name.ptr, one->name.len) == 0);
	for (size_t k = 0; k < one->name.len; k++)
		must((unsigned char)one->name.ptr[k] >= ' ');
	must(i == 0 || list->entries[i - 1].at.line < one->at.line);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena *a = arena_new(no_memory);
	struct diags d = diags_in(a), none = diags_in(a);
	struct str text = arena_str(a, (struct str){ (const char *)data, len });
	struct list list = list_parse(a, "list", "dir", text, &d), again;
	struct buf plain = BUF_INIT(MAX_TEXT);

	buf_add_char(&plain, '\n'); /* so that no name's first bytes count as a BOM */
	for (size_t i = 0; i < list.count; i++) {
		check_entry(&list, i, text);
		buf_fmt(&plain, "%.*s\n", STR_FMT(list.entries[i].name));
	}
	again = list_parse(a, "list", "dir", buf_str(&plain), &none);
	must(buf_is_full(&plain) || again.count == list.count);
	must(buf_is_full(&plain) || list.count == 0 || none.count == 0);
	for (size_t i = 0; !buf_is_full(&plain) && i < list.count; i++)
		must(strcmp(again.entries[i].path, list.entries[i].path) == 0);
	buf_free(&plain);
	arena_free(a);
	return 0;
}
