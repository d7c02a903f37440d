/* payload.h: what a sealed token contains, as lines "NAME VALUE"; for secret/ only. */
#ifndef SECRET_PAYLOAD_H
#define SECRET_PAYLOAD_H

#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "secret/sealed.h"

enum { MAX_PAYLOAD_BYTES = MAX_TOKEN_BYTES + 5 * MAX_FACT_BYTES + 200 };

/* Writes the lines into `out`, which has MAX_PAYLOAD_BYTES and is wiped by its owner. -1: ERR_USAGE a fact is too
 * long, is not UTF-8 or holds a control character, or there is no cluster; ERR_SYSTEM the token's memory cannot be
 * read. */
int payload_write(const struct secret *token, const struct sealed_facts *facts, char *out,
    size_t *len, struct err *err) NODISCARD;

/* The token, owned by the caller, and the facts, in `a`. NULL: ERR_SPEC another program or a newer pachup made it;
 * else as secret_new(). */
struct secret *payload_read(struct arena *a, struct str payload, const char *what,
    struct sealed_facts *out, struct err *err) NODISCARD;

#endif
