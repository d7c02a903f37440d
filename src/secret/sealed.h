/*
 * sealed.h: a token that only the holders of some keys can read, as one line of text.
 *
 *     "pachup1:" base64url( header  nonce[24]  box )        RFC 4648 section 5, without padding
 *     header   = count[1]  count x ( public key[32]  crypto_box_seal(content key[32])[80] )
 *     box      = crypto_secretbox(payload), XSalsa20-Poly1305 under nonce and the box key
 *     box key  = BLAKE2b-256, keyed with the content key, of "pachup1:" and header
 *     payload  = lines "NAME VALUE\n": cluster, target, project, label, principal, expires (seconds since 1970), token
 *
 * The content key and the ephemeral keys are new each time. The box key depends on the whole header, so a change
 * of any bit is found, and so is a recipient that was added or removed. Everybody who has the public keys can make
 * a sealed token: it does not prove who made it.
 */
#ifndef SECRET_SEALED_H
#define SECRET_SEALED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "secret/key.h"

struct arena;
struct secret;

/* What goes into the seal beside the token. Texts are one line of UTF-8, at most MAX_FACT_BYTES. */
struct sealed_facts {
	struct str cluster;   /* "grpcs://host:port", the only one that the token may go to */
	struct str target;    /* of pachup.yaml, the only one it is for; empty: any, or none */
	struct str project;   /* the only one that it is for; empty: any */
	struct str label;     /* the sealer's name for it; may be empty */
	struct str principal; /* "robot:ci"; empty: not known */
	int64_t expires_s;    /* seconds since 1970; 0: never, or not known */
};

enum { MAX_FACT_BYTES = 300 };

struct recipients {
	struct public_key *list;
	size_t count;
};

/* Whether the text begins as a sealed token of any version does: with "pachup" and a digit. */
bool is_sealed(struct str text);

/* The sealed token in a file: its first line that is neither empty nor begins with '#'. Empty where that is not
 * one. */
struct str sealed_line(struct str file);

/* The sealed text, in `a`. -1: ERR_USAGE no or too many recipients, or a key among them that is not a point
 * of the curve, a fact that is too long or holds a control character; ERR_SYSTEM no memory. */
int sealed_make(struct arena *a, const struct secret *token, const struct sealed_facts *facts,
    const struct recipients *to, struct str *out, struct err *err) NODISCARD;

/* The public keys that it was sealed for; needs no key. -1 with ERR_SPEC: it is damaged, cut off, or of a newer
 * version. `what` names it in messages. */
int sealed_recipients(struct arena *a, struct str text, const char *what, struct recipients *out,
    struct err *err) NODISCARD;

/* The token, owned by the caller, and the facts, in `a`. NULL: ERR_SPEC as above; ERR_USAGE: it is not
 * sealed for this key; ERR_SYSTEM no memory. `what` names it in messages. Costs two X25519
 * multiplications, well under 1 ms. */
struct secret *sealed_open(struct arena *a, struct str text, const char *what,
    const struct key *key, struct sealed_facts *out, struct err *err) NODISCARD;

#endif
