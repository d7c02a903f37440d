/* str.h: a view of bytes. It owns nothing and is not NUL-ended. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/base.h"

struct str {
	const char *ptr;
	size_t len;
};

/* for "%.*s": printf("%.*s", STR_FMT(s)) */
#define STR_FMT(s) ((int)(s).len), ((s).ptr)
/* a view of a string literal, also usable in static initialisers */
#define STR(lit) ((struct str){ "" lit, sizeof(lit) - 1 })

/* A view of a NUL-ended string; NULL gives the empty view. */
struct str str_of(const char *text);

bool str_eq(struct str a, struct str b);
bool str_is(struct str a, const char *text);
/* The same whatever the case of ASCII letters. */
bool str_is_like(struct str a, const char *text);
/* Whether `s` is one of `count` words. */
bool str_is_any(struct str s, const char *const *words, size_t count);
/* Whether `s` is one of the words in "a|b|c". */
bool str_is_one_of(struct str s, const char *words);
bool str_starts(struct str s, const char *prefix);
bool str_ends(struct str s, const char *suffix);

/* Takes `prefix` off the front of *s; false, and *s stays as it is, when it does not begin with that. */
bool str_take(struct str *s, const char *prefix);

/* As memcmp over the common length, then the shorter first: a total order for sorting. */
int str_cmp(struct str a, struct str b);

/* The first `len` bytes, and what follows the first `len` bytes; `len` may exceed s.len. */
struct str str_head(struct str s, size_t len);
struct str str_tail(struct str s, size_t len);

/* The offset of the first `c`; s.len when there is none. str_rfind: of the last. */
size_t str_find(struct str s, char c);
size_t str_rfind(struct str s, char c);
/* Whether `word`, which is not empty, is anywhere in `s`. */
bool str_holds(struct str s, struct str word);

/* How many bytes at the start of `s` are in `set`, as strspn(3). str_cspan: are not in it. A NUL is never in a
 * set. */
size_t str_span(struct str s, const char *set);
size_t str_cspan(struct str s, const char *set);
/* Whether `s` has at least one byte and all of its bytes are in `set`. */
bool str_is_of(struct str s, const char *set);

/* Sets of bytes, to be put together. */
#define CHARS_DIGIT  "0123456789"
#define CHARS_LOWER  "abcdefghijklmnopqrstuvwxyz"
#define CHARS_UPPER  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define CHARS_LETTER CHARS_LOWER CHARS_UPPER
#define CHARS_ALNUM  CHARS_LETTER CHARS_DIGIT
#define CHARS_HEX    CHARS_DIGIT "abcdef"

/* How many decimal digits `s` begins with. */
size_t str_digits(struct str s);

/* Whether an ASCII control character is in `s`. */
bool str_has_control(struct str s);

/* The whole number from 0 that `s` is, of at most 18 digits, in *out; false for anything else. */
bool str_number(struct str s, uint64_t *out);

/* `s` without blanks, tabs, CR and LF at both ends. */
struct str str_trim(struct str s);

/* Takes the next part of `*rest` up to `sep` (or the end) into `*part`; false when `*rest` is used up.
 * An empty part between two separators is a part. Start with a copy of the whole; a NULL ptr ends. */
bool str_split(struct str *rest, char sep, struct str *part);

#endif
