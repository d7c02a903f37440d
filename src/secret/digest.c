#include "secret/digest.h"

#include <sodium.h>

#include "base/arena.h"

struct str
digest_hex(struct arena *a, struct str bytes)
{
	unsigned char sum[crypto_hash_sha256_BYTES];
	char hex[2 * sizeof(sum) + 1];

	(void)crypto_hash_sha256(sum, (const unsigned char *)bytes.ptr, bytes.len);
	(void)sodium_bin2hex(hex, sizeof(hex), sum, sizeof(sum));
	return arena_str(a, str_of(hex));
}

void
digest_blake2b(struct str bytes, unsigned char out[DIGEST_BLAKE2B_BYTES])
{
	(void)crypto_generichash(
	    out, DIGEST_BLAKE2B_BYTES, (const unsigned char *)bytes.ptr, bytes.len, NULL, 0);
}
