/*
 * key.h: X25519 key pairs that tokens are sealed for. The secret half lives in a struct secret.
 *
 * The text of a key is one word: "pachup-pub1:" or "pachup-key1:" and 48 base64url digits (RFC 4648, section 5) of
 * its 32 bytes and a checksum, the first 4 bytes of BLAKE2b of prefix and key. So a key that was cut off or
 * mistyped is refused.
 */
#ifndef SECRET_KEY_H
#define SECRET_KEY_H

#include <stdbool.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

struct arena;
struct key;
struct secret;

struct public_key {
	unsigned char bytes[32];
};

/* A new pair of random bytes. Owned: end it with key_free(). NULL with ERR_SYSTEM. */
struct key *key_make(struct err *err) NODISCARD;

/*
 * Derives a pair from a passphrase, the same one each time for the same phrase and salt: Argon2id, version 1.3, 3
 * passes over 64 MiB as in RFC 9106's second recommended option, but with one lane; its salt is BLAKE2b (16 bytes)
 * of `salt`, which may be any text and is not secret. Takes about 0.2 s and 64 MiB. NULL: ERR_USAGE a phrase under
 * 16 characters; ERR_SYSTEM no memory.
 */
struct key *key_from_phrase(
    const struct secret *phrase, struct str salt, struct err *err) NODISCARD;

/* Reads a secret key's text. `what` names it in messages. NULL with ERR_USAGE: it is a public key, not
 * a key at all, of another length, mistyped, or of a newer pachup. */
struct key *key_read(const struct secret *text, const char *what, struct err *err) NODISCARD;

/* NULL is fine. */
void key_free(struct key *k);

/* Borrowed. */
const struct public_key *key_public(const struct key *k);

/* Its text as a secret of its own. NULL with ERR_SYSTEM. */
struct secret *key_text(const struct key *k, struct err *err) NODISCARD;

/* Opens a sealed box (crypto_box_seal) that was made for the key's public half, into `out`, which has
 * room for len - 48 bytes. False: it was made for another key, or damaged. */
bool key_open_box(const struct key *k, struct str box, unsigned char *out);

/* Reads a public key's text. Failures as key_read(). Messages repeat the text unless it is that of a secret key. */
int public_key_read(struct str text, struct public_key *out, struct err *err) NODISCARD;
struct str public_key_text(struct arena *a, const struct public_key *k);
/* The secret in a sealed box for the key, as padded base64, in `a`; empty when the key is not a point of the
 * curve. Only the holder of the secret half can open it. */
struct str public_key_seal(
    struct arena *a, const struct public_key *k, const struct secret *s) NODISCARD;
bool public_key_eq(const struct public_key *one, const struct public_key *two);

#endif
