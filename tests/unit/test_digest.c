#include "tap.h"

#include <string.h>

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

/* "abc" of FIPS 180-4's examples; and the hash that pachd 1.x gives a file of one object. */
static void
test_digest_sha512_hex__as_a_file_of_1_x(void)
{
	static const unsigned char file[DIGEST_SHA256_BYTES] = { 0x26, 0x8d, 0x54, 0x5d, 0xd4, 0xcb,
		0xf9, 0xa0, 0x38, 0x72, 0xda, 0x73, 0xb0, 0x98, 0x21, 0xd1, 0x23, 0x84, 0x9e, 0xa7,
		0x2e, 0x0a, 0x81, 0xef, 0x4c, 0xaf, 0x9b, 0x32, 0x3e, 0x9c, 0x7f, 0x73 };
	unsigned char out[DIGEST_SHA256_BYTES];
	char hex[DIGEST_SHA512_HEX];

	digest_sha512_hex(STR("abc"), hex);
	ok(str_eq((struct str){ hex, 16 }, STR("ddaf35a193617aba"))
	        && str_eq((struct str){ hex + 112, 16 }, STR("2a9ac94fa54ca49f")),
	    "SHA-512 of abc");
	digest_sha256((struct str){ hex, sizeof(hex) }, out);
	ok(memcmp(out, file, sizeof(file)) == 0, "SHA-256 of its digits");
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);
	struct err err = { 0 };

	ok(secret_guard_process(&err) == 0, "libsodium starts");
	test_digest_hex__known_values(a);
	test_digest_sha512_hex__as_a_file_of_1_x();
	arena_free(a);
	return done();
}
