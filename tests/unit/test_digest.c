#include "tap.h"

#include "base/arena.h"
#include "secret/digest.h"
#include "secret/secret.h"

/* The values are those of FIPS 180-4's examples. */
static void
test_digest_hex__known_values(struct arena *a)
{
	static const struct {
		const char *text, *hex;
	} rows[] = {
		{ "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
		{ "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		ok(str_is(digest_hex(a, str_of(rows[i].text)), rows[i].hex), "'%s'", rows[i].text);
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);
	struct err err = { 0 };

	ok(secret_guard_process(&err) == 0, "libsodium starts");
	test_digest_hex__known_values(a);
	arena_free(a);
	return done();
}
