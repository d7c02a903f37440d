/*
 * frame.h: the parts of gRPC over HTTP/2 that are plain bytes, kept apart so that they can be fuzzed.
 * Rules: the gRPC project's "gRPC over HTTP2" protocol document.
 */
#ifndef NET_FRAME_H
#define NET_FRAME_H

#include <stddef.h>
#include <stdint.h>

#include "base/base.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

struct arena;

/* Puts the five-byte prefix (flag 0, length big-endian) of a message of `len` bytes into `out`. */
void frame_prefix(size_t len, unsigned char out[5]);

/*
 * Takes one whole message out of the bytes received so far: 1 and *message lives in `a`; 0 not
 * enough bytes yet; -1 with ERR_NETWORK: compressed (flag not 0) or larger than MAX_RPC_BYTES. The
 * bytes taken are removed from `received`.
 */
int frame_take(struct buf *received, struct arena *a, struct str *message, struct err *err)
    NODISCARD;

/* Decodes %XX; what is no valid escape stays as it is (as the gRPC document demands). The result,
 * in `a`, has invalid UTF-8 replaced by '?'. */
struct str percent_decode(struct arena *a, struct str text);

/* "2500m", "10S": `ms` as a grpc-timeout value of at most 8 digits, in `a`. */
const char *timeout_text(struct arena *a, int64_t ms);

#endif
