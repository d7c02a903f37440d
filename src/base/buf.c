#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

void
buf_free(struct buf *b)
{
	free(b->ptr);
	*b = BUF_INIT(b->max);
}

void
buf_clear(struct buf *b)
{
	b->len = 0;
	b->full = false;
}

/* True when `more` bytes fit behind the content. */
static bool
reserve(struct buf *b, size_t more)
{
	size_t room = b->room ? b->room : 256;
	char *bigger;

	if (b->full || more > b->max - b->len) {
		b->full = true;
		return false;
	}
	if (b->room - b->len >= more)
		return true;
	while (room < b->len + more)
		room *= 2;
	bigger = realloc(b->ptr, room);
	if (!bigger) {
		b->full = true;
		return false;
	}
	b->ptr = bigger;
	b->room = room;
	return true;
}

void
buf_add(struct buf *b, struct str s)
{
	if (s.len == 0 || !reserve(b, s.len))
		return;
	memcpy(b->ptr + b->len, s.ptr, s.len);
	b->len += s.len;
}

void
buf_add_char(struct buf *b, char c)
{
	buf_add(b, (struct str){ &c, 1 });
}

void
buf_fmt(struct buf *b, const char *fmt, ...)
{
	va_list args;
	char few[512];
	int len;

	va_start(args, fmt);
	len = vsnprintf(few, sizeof(few), fmt, args);
	va_end(args);
	if (len < 0)
		return;
	if ((size_t)len < sizeof(few)) {
		buf_add(b, (struct str){ few, (size_t)len });
		return;
	}
	if (!reserve(b, (size_t)len + 1))
		return;
	va_start(args, fmt);
	(void)vsnprintf(b->ptr + b->len, (size_t)len + 1, fmt, args);
	va_end(args);
	b->len += (size_t)len;
}

bool
buf_is_full(const struct buf *b)
{
	return b->full;
}

struct str
buf_str(const struct buf *b)
{
	return (struct str){ b->ptr ? b->ptr : "", b->len };
}

void
buf_eat(struct buf *b, size_t len)
{
	if (len >= b->len) {
		b->len = 0;
		return;
	}
	memmove(b->ptr, b->ptr + len, b->len - len);
	b->len -= len;
}

struct str
buf_take(struct buf *b, struct arena *a)
{
	struct str copy = arena_str(a, buf_str(b));

	buf_free(b);
	return copy;
}
