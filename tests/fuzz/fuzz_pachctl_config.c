/*
 * Input: the name of a context (empty: the active one), a line feed, pachctl's config. What is read is whole, has a
 * token that a header can hold, out of the file's own bytes; what is refused has a kind, a sentence, what to do, and
 * nothing of the token in it. The token is in no memory but the secret's own.
 */
#include <string.h>

#include "base/arena.h"
#include "secret/secret.h"
#include "session/pachctl_config.h"

#include "fuzz.h"

static int
check_token(void *ctx, struct str bytes)
{
	for (size_t i = 0; i < bytes.len; i++)
		must(bytes.ptr[i] > ' ' && bytes.ptr[i] <= '~');
	must(bytes.len > 0 && str_holds(*(struct str *)ctx, bytes));
	return 0;
}

static bool
has_no_nul(struct str s)
{
	return str_find(s, '\0') == s.len;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static bool is_guarded;
	struct arena *a = arena_new(no_memory);
	struct str all = { (const char *)data, len }, head = str_head(all, str_find(all, '\n'));
	struct str text = str_tail(all, head.len + 1);
	const char *name = head.len > 0 ? arena_cstr(a, head) : NULL;
	struct pachctl_context it;
	struct err err = { 0 };

	if (!is_guarded)
		must(secret_guard_process(&err) == 0);
	is_guarded = true;
	if (pachctl_config_read(a, text, "x", name, &it, &err) < 0) {
		must(!it.token && err.text[0] && err.kind != ERR_NONE);
		must(err.kind == ERR_SYSTEM || err.hint[0]);
	} else {
		must(it.name && has_no_nul(it.address) && has_no_nul(it.project));
		must(it.is_there || (!it.token && it.address.len == 0));
		must(!name || !it.is_there || strcmp(it.name, name) == 0);
		if (it.token)
			must(secret_lend(it.token, check_token, &text) == 0);
		secret_free(it.token);
	}
	arena_free(a);
	return 0;
}
