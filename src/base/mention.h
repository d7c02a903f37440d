/*
 * mention.h: where a message names an input of the program. "input 'tag'" in a format is such a place; the same
 * words in an argument, which a server or a file may have said, are not. The room that knows what the user typed
 * puts "--tag" there.
 */
#ifndef BASE_MENTION_H
#define BASE_MENTION_H

#include <stdarg.h>
#include <stddef.h>

#include "base/base.h"

enum { MENTIONS_MAX = 3 };

/* The bytes of "input 'tag'" in a text. */
struct mention {
	size_t at, len;
};

struct mentions {
	struct mention list[MENTIONS_MAX]; /* in the order of the text */
	size_t count;
};

/*
 * The mentions in the text that `fmt` makes of `args`: "input 'NAME'" in `fmt` itself, or "input '%s'" with the
 * name of an input as the argument. Other arguments are not looked at. Only the first MENTIONS_MAX count. `args`
 * is not used up.
 */
struct mentions mentions_of(const char *fmt, va_list args) PRINTF_LIKE(1, 0);

/* The same of a text that is not a format: one of our tables. */
struct mentions mentions_in(const char *text);

#endif
