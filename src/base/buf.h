/*
 * buf.h: growing bytes with a ceiling.
 *
 * Adding never fails at the call: a buffer that would pass its ceiling drops what does not fit and
 * remembers it, and buf_is_full() is asked once at the end (as ferror() is for a stream).
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/str.h"

struct arena;

struct buf {
	char *ptr;
	size_t len, room;
	size_t max; /* the ceiling in bytes */
	bool full;  /* something did not fit, or there was no memory for it */
};

/* An empty buffer that will hold at most `max` bytes. Ends with buf_free(). */
#define BUF_INIT(most) ((struct buf){ .max = (most) })

void buf_free(struct buf *b);
/* Empties it, keeps the memory and the ceiling, forgets that it was full. */
void buf_clear(struct buf *b);

void buf_add(struct buf *b, struct str s);
void buf_add_char(struct buf *b, char c);
void buf_fmt(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* True when something was dropped; the content is then useless. */
bool buf_is_full(const struct buf *b);

/* A view of the content, valid until the next change. */
struct str buf_str(const struct buf *b);

/* Drops the first `len` bytes. */
void buf_eat(struct buf *b, size_t len);

/* A NUL-ended copy of the content in `a`; the buffer is freed. */
struct str buf_take(struct buf *b, struct arena *a);

#endif
