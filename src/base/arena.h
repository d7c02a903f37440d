/*
 * arena.h: the plain data of one run, freed all at once.
 *
 * Callers never see that memory is out: the function given to arena_new() is called then and must not return (that
 * of main prints one line and ends the process). So nothing here returns NULL.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/str.h"

struct arena;

/* Owned: end it with arena_free(). `no_memory` must not return. */
struct arena *arena_new(void (*no_memory)(void));
void arena_free(struct arena *a);

/* The same, after zeroing all that was in it: for an arena that a secret passed through. */
void arena_wipe(struct arena *a);

/* A new arena with the same no_memory: for data that ends before the run does. */
struct arena *arena_like(const struct arena *a);

/* Zeroed, aligned for any type; lives as long as `a`. size 0 gives a valid pointer. */
void *arena_alloc(struct arena *a, size_t size) NODISCARD;

/* Room for `count` elements of `size` bytes each, zeroed; an overflow is out of memory. */
void *arena_array(struct arena *a, size_t count, size_t size) NODISCARD;

#define ARENA_NEW(a, type)          ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, count, type) ((type *)arena_array((a), (count), sizeof(type)))

/* Adds `count` to the sum of what was charged to `a` before; false, and nothing is added, when the sum would
 * exceed `most`. */
bool arena_charge(struct arena *a, size_t count, size_t most) NODISCARD;

/* A copy of `s` with a NUL behind it (not counted in its len). */
struct str arena_str(struct arena *a, struct str s);
/* The same as a C string; a NUL inside `s` ends it early, so check untrusted text before. */
char *arena_cstr(struct arena *a, struct str s);

/* As printf, NUL-ended (not counted). */
struct str arena_fmt(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);
struct str arena_vfmt(struct arena *a, const char *fmt, va_list args) PRINTF_LIKE(2, 0);

/* "text, more"; `more` alone where `text` is empty. */
struct str arena_listed(struct arena *a, struct str text, struct str more);

/*
 * Makes room for one more element in a growing array: returns the array, moved when it had to grow.
 * `*count` elements of `size` bytes are in use, `*room` fit. The old place stays valid until the
 * arena ends.   list = arena_grow(a, list, list_count, &list_room, sizeof(*list));
 */
void *arena_grow(struct arena *a, void *list, size_t count, size_t *room, size_t size) NODISCARD;

/*
 * Appends a value to a growing array: `all` points to a struct with the members list, count and room.
 *   ARENA_ADD(a, out, (struct path){ .name = name });
 */
#define ARENA_ADD(a, all, ...)                                                                  \
	((all)->list =                                                                          \
	        arena_grow((a), (all)->list, (all)->count, &(all)->room, sizeof(*(all)->list)), \
	    (void)((all)->list[(all)->count++] = __VA_ARGS__))

/* A copy with its ASCII capitals made small. */
struct str arena_lower(struct arena *a, struct str text);

#endif
