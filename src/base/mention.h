/*
 * mention.h: where a message speaks of an input of the program. Whoever writes "input 'tag'" in a format means one; the
 * same words in what a server or a file says do not. The room that knows what the user wrote puts "--tag" there.
 */
#ifndef BASE_MENTION_H
#define BASE_MENTION_H

#include <stdarg.h>
#include <stddef.h>

#include "base/base.h"

enum { MENTIONS_MAX = 3 };

/* Of a text: the bytes of "input 'tag'". */
struct mention {
	size_t at, len;
};

struct mentions {
	struct mention list[MENTIONS_MAX]; /* in the order of the text */
	size_t count;
};

/*
 * Where the text that `fmt` makes of `args` holds what `fmt` itself says: "input 'NAME'", or "input '%s'" with the name of
 * an input as the argument. Nothing that another argument brings in is taken for a mention, nor is a fourth one. `args` is
 * not used up.
 */
struct mentions mentions_of(const char *fmt, va_list args) PRINTF_LIKE(1, 0);

/* The same of a text that is not a format: one of our tables. */
struct mentions mentions_in(const char *text);

#endif
