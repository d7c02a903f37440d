#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Under sanitizers every allocation is alone, so that an overrun inside the arena is seen. */
#if defined(__SANITIZE_ADDRESS__) || defined(ARENA_SINGLE)
#define BLOCK_BYTES 0
#else
#define BLOCK_BYTES ((size_t)64 << 10)
#endif
/* of the first block; each further one has twice as many as the one before, up to BLOCK_BYTES: many arenas hold little,
 * and all of a block is cleared */
#define FIRST_BYTES (BLOCK_BYTES >> 3)

struct block {
	struct block *next;
	size_t used, size;
	alignas(max_align_t) unsigned char bytes[];
};

struct arena {
	struct block *blocks; /* the newest first */
	void (*no_memory)(void);
	size_t charged; /* by arena_charge() */
};

struct arena *
arena_new(void (*no_memory)(void))
{
	struct arena *a = calloc(1, sizeof(*a));

	if (!a)
		no_memory();
	else
		a->no_memory = no_memory;
	return a;
}

void
arena_wipe(struct arena *a)
{
	for (struct block *b = a ? a->blocks : NULL; b; b = b->next) {
		/* volatile: a compiler may leave out writes to memory that is freed next */
		volatile unsigned char *bytes = (volatile unsigned char *)b->bytes;

		for (size_t i = 0; i < b->used; i++)
			bytes[i] = 0;
	}
	arena_free(a);
}

struct arena *
arena_like(const struct arena *a)
{
	return arena_new(a->no_memory);
}

void
arena_free(struct arena *a)
{
	if (!a)
		return;
	for (struct block *b = a->blocks, *next; b; b = next) {
		next = b->next;
		free(b);
	}
	free(a);
}

bool
arena_charge(struct arena *a, size_t count, size_t most)
{
	if (count > most || a->charged > most - count)
		return false;
	a->charged += count;
	return true;
}

static struct block *
add_block(struct arena *a, size_t size)
{
	size_t usual = a->blocks ? a->blocks->size * 2 : FIRST_BYTES;
	struct block *b;

	usual = usual < BLOCK_BYTES ? usual : BLOCK_BYTES;
	if (size < usual)
		size = usual;
	b = size > SIZE_MAX - sizeof(*b) ? NULL : calloc(1, sizeof(*b) + size);
	if (!b) {
		a->no_memory();
		abort(); /* the handler must not return: see arena.h */
	}
	b->size = size;
	b->next = a->blocks;
	a->blocks = b;
	return b;
}

void *
arena_alloc(struct arena *a, size_t size)
{
	const size_t unit = alignof(max_align_t);
	struct block *b = a->blocks;
	size_t step = size > SIZE_MAX - unit ? SIZE_MAX : (size + unit - 1) / unit * unit;
	void *place;

	if (BLOCK_BYTES == 0)
		step = size ? size : 1;
	if (!b || b->size - b->used < step)
		b = add_block(a, step);
	place = b->bytes + b->used;
	b->used += step;
	return place;
}

void *
arena_array(struct arena *a, size_t count, size_t size)
{
	if (size != 0 && count > SIZE_MAX / size)
		return arena_alloc(a, SIZE_MAX);
	return arena_alloc(a, count * size);
}

char *
arena_cstr(struct arena *a, struct str s)
{
	char *copy = arena_alloc(a, s.len + 1);

	if (s.len > 0)
		memcpy(copy, s.ptr, s.len);
	return copy;
}

struct str
arena_str(struct arena *a, struct str s)
{
	return (struct str){ arena_cstr(a, s), s.len };
}

struct str
arena_vfmt(struct arena *a, const char *fmt, va_list args)
{
	va_list again;
	char *text;
	int len;

	va_copy(again, args);
	len = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (len < 0)
		return arena_str(a, STR("(text that cannot be formatted)"));
	text = arena_alloc(a, (size_t)len + 1);
	(void)vsnprintf(text, (size_t)len + 1, fmt, args);
	return (struct str){ text, (size_t)len };
}

struct str
arena_fmt(struct arena *a, const char *fmt, ...)
{
	struct str text;
	va_list args;

	va_start(args, fmt);
	text = arena_vfmt(a, fmt, args);
	va_end(args);
	return text;
}

void *
arena_grow(struct arena *a, void *list, size_t count, size_t *room, size_t size)
{
	void *bigger;

	if (count < *room)
		return list;
	*room = *room ? *room * 2 : 8;
	bigger = arena_array(a, *room, size);
	if (count > 0)
		memcpy(bigger, list, count * size);
	return bigger;
}

struct str
arena_lower(struct arena *a, struct str text)
{
	char *copy = arena_cstr(a, text);

	for (size_t i = 0; i < text.len; i++)
		if (copy[i] >= 'A' && copy[i] <= 'Z')
			copy[i] = (char)(copy[i] - 'A' + 'a');
	return (struct str){ copy, text.len };
}

struct str
arena_listed(struct arena *a, struct str text, struct str more)
{
	return arena_fmt(a, "%.*s%s%.*s", STR_FMT(text), text.len > 0 ? ", " : "", STR_FMT(more));
}
