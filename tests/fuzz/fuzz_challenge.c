/*
 * Input: a header WWW-Authenticate. Whatever is read of it is printable ASCII, ended by a NUL; Bearer has a realm.
 */
#include <string.h>

#include "base/arena.h"
#include "registry/challenge.h"

#include "fuzz.h"

static void
check(struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] < ' ' || text.ptr[i] > '~')
			abort();
	if (text.len > 0 && text.ptr[text.len] != '\0')
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena *a = arena_new(no_memory);
	struct challenge c = challenge_read(a, (struct str){ (const char *)data, len });

	if (c.scheme == CHALLENGE_BEARER && c.realm.len == 0)
		abort();
	if (c.scheme != CHALLENGE_NONE) {
		check(c.realm);
		check(c.service);
		check(c.scope);
	}
	arena_free(a);
	return 0;
}
