/* base64.h: base64 as RFC 4648 has it, in constant time; for secrets, too. */
#ifndef SECRET_BASE64_H
#define SECRET_BASE64_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/str.h"

struct arena;

enum base64_form {
	BASE64_PADDED, /* section 4, with '=': what REST APIs take and give */
	BASE64_URL,    /* section 5, without '=' */
};

/* How many digits `len` bytes take, without a NUL. */
size_t base64_len(size_t len, enum base64_form form);

/* Writes the digits and a NUL into `out`, which has base64_len() + 1 bytes. */
void base64_write(char *out, struct str bytes, enum base64_form form);

/* The digits in `a`. */
struct str base64_text(struct arena *a, struct str bytes, enum base64_form form);

/* Reads all of `text` into `out`, which has `room` bytes; *len: how many it got. False: a byte that is not a
 * digit, a length that base64 cannot have, bits behind the last byte that are not 0, or more bytes than fit. */
bool base64_read(
    struct str text, enum base64_form form, unsigned char *out, size_t room, size_t *len) NODISCARD;

#endif
