/*
 * frame.h: the parts of gRPC over HTTP/2 that are plain bytes, apart so that they can be fuzzed.
 * Rules: the gRPC project's "gRPC over HTTP2" protocol document.
 */
#ifndef NET_FRAME_H
#define NET_FRAME_H

#include <stddef.h>
#include <stdint.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

struct arena;

enum { FRAME_PREFIX_BYTES = 5 };

/* Puts the prefix (flag 0, length big-endian) of a message of `len` bytes into `out`; `len` is at
 * most MAX_RPC_BYTES. */
void frame_prefix(size_t len, unsigned char out[FRAME_PREFIX_BYTES]);

/*
 * Cuts the next whole message off the front of `*rest`: 1 and *message is a view into the same
 * bytes; 0 not enough bytes yet, `*rest` stays; -1 with ERR_NETWORK: compressed (flag not 0) or
 * larger than MAX_RPC_BYTES, reported as soon as the prefix is there.
 */
int frame_next(struct str *rest, struct str *message, struct err *err) NODISCARD;

/* Decodes %XX; what is not a valid escape stays as it is (as the gRPC document demands). The result,
 * in `a`, has each byte that is not part of valid UTF-8 replaced by '?'. */
struct str percent_decode(struct arena *a, struct str text);

/* "2500m", "10S": `ms` as a grpc-timeout value of at most 8 digits, in `a`; never longer than
 * `ms`, but at least "1m" and at most "99999999H". */
const char *timeout_text(struct arena *a, int64_t ms);

#endif
