/* join.h: a text with secrets in it, which is a secret itself. */
#ifndef SECRET_JOIN_H
#define SECRET_JOIN_H

#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

struct secret;

/* A text as it is, or a secret as padded base64. */
struct secret_part {
	struct str text;
	const struct secret *secret; /* NULL: the text is taken */
};

/* How many bytes the parts have together. */
size_t secret_join_len(const struct secret_part *parts, size_t count);

/* All parts one behind the other; owned by the caller. NULL: ERR_USAGE they have more than MAX_SECRET_BYTES;
 * ERR_SYSTEM no memory. `what` names it in messages. */
struct secret *secret_join(
    const struct secret_part *parts, size_t count, const char *what, struct err *err) NODISCARD;

#endif
