/* digest.h: fingerprints of bytes that are not secrets. */
#ifndef SECRET_DIGEST_H
#define SECRET_DIGEST_H

#include "base/base.h"
#include "base/str.h"

struct arena;

/* SHA-256 as 64 small hex digits, in `a`. After secret_guard_process(). */
struct str digest_hex(struct arena *a, struct str bytes);

enum { DIGEST_BLAKE2B_BYTES = 32 };

/* BLAKE2b-256 of the bytes, raw. */
void digest_blake2b(struct str bytes, unsigned char out[DIGEST_BLAKE2B_BYTES]);

enum { DIGEST_SHA256_BYTES = 32, DIGEST_SHA512_HEX = 128 };

/* SHA-256 of the bytes, raw; SHA-512 as small hex digits, without NUL. */
void digest_sha256(struct str bytes, unsigned char out[DIGEST_SHA256_BYTES]);
void digest_sha512_hex(struct str bytes, char out[DIGEST_SHA512_HEX]);

#endif
