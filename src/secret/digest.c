#include "secret/digest.h"

#include <sodium.h>
#include <string.h>

#include "base/arena.h"

struct str
digest_hex(struct arena *a, struct str bytes)
{
	unsigned char sum[DIGEST_SHA256_BYTES];
	char hex[2 * sizeof(sum) + 1];

	digest_sha256(bytes, sum);
	(void)sodium_bin2hex(hex, sizeof(hex), sum, sizeof(sum));
	return arena_str(a, str_of(hex));
}

void
digest_blake2b(struct str bytes, unsigned char out[DIGEST_BLAKE2B_BYTES])
{
	(void)crypto_generichash(
	    out, DIGEST_BLAKE2B_BYTES, (const unsigned char *)bytes.ptr, bytes.len, NULL, 0);
}

void
digest_sha256(struct str bytes, unsigned char out[DIGEST_SHA256_BYTES])
{
	crypto_hash_sha256(out, (const unsigned char *)bytes.ptr, bytes.len);
}

void
digest_sha512_hex(struct str bytes, char out[DIGEST_SHA512_HEX])
{
	unsigned char raw[crypto_hash_sha512_BYTES];
	char hex[DIGEST_SHA512_HEX + 1];

	crypto_hash_sha512(raw, (const unsigned char *)bytes.ptr, bytes.len);
	(void)sodium_bin2hex(hex, sizeof(hex), raw, sizeof(raw));
	memcpy(out, hex, DIGEST_SHA512_HEX);
}
