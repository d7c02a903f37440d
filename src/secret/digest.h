/* digest.h: fingerprints of bytes that are no secrets. */
#ifndef SECRET_DIGEST_H
#define SECRET_DIGEST_H

#include "base/base.h"
#include "base/str.h"

struct arena;

/* SHA-256 as 64 small hex digits, in `a`. After secret_guard_process(). */
struct str digest_hex(struct arena *a, struct str bytes);

#endif
