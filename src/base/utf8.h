/* utf8.h: characters in UTF-8 (RFC 3629). */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stdint.h>

#include "base/base.h"
#include "base/str.h"

struct buf;

/* The length in bytes of the character at the start of `s`; *point is its code point, 0 to 0x10ffff without
 * surrogates. 0 where `s` is empty or does not start with valid UTF-8; *point is then unchanged. */
size_t utf8_first(struct str s, uint32_t *point);

/* True when all bytes form valid UTF-8; else *at is the offset of the first character that is not valid. */
bool utf8_is_valid(struct str s, size_t *at);

/* `s` without a byte order mark at its start. */
struct str utf8_bare(struct str s);

/* True for the bytes of a character that follow its first byte. */
static inline bool
utf8_is_inside(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* How many characters `s` has: its bytes without those for which utf8_is_inside() is true. */
size_t utf8_count(struct str s);

/* At most the first `max` bytes of `s`; a character that does not fit whole is left out. */
struct str utf8_head(struct str s, size_t max);

/* Appends `s`; where it has more than `columns` characters, all that fit and an ellipsis as the last one. */
void utf8_add_cut(struct buf *out, struct str s, size_t columns);

#endif
