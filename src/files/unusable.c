#include "files/unusable.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"

enum { MAX_NAMED = 10, MAX_TEXT = 16 << 10 };

void
unusable_add(struct unusables *all, struct arena *a, const char *name, const char *why)
{
	ARENA_ADD(a, all, (struct unusable){ .name = arena_cstr(a, str_of(name)), .why = why });
}

/* In words of our own: C libraries have different ones. */
static const char *
why_of(int cause)
{
	switch (cause) {
	case ENOENT:
	case ENOTDIR:
		return "a dangling symbolic link";
	case ELOOP:
		return "a loop of symbolic links";
	case EACCES:
	case EPERM:
		return "permission denied";
	default:
		return strerror(cause);
	}
}

void
unusable_add_failed(struct unusables *all, struct arena *a, const char *name, int cause)
{
	unusable_add(all, a, name, why_of(cause));
	all->list[all->count - 1].is_denied = cause == EACCES || cause == EPERM;
}

void
unusable_add_all(struct unusables *all, struct arena *a, const struct unusables *more)
{
	for (size_t i = 0; i < more->count; i++) {
		unusable_add(all, a, more->list[i].name, more->list[i].why);
		all->list[all->count - 1].is_denied = more->list[i].is_denied;
	}
}

static int
by_name(const void *left, const void *right)
{
	const struct unusable *a = left, *b = right;

	return strcmp(a->name, b->name);
}

struct str
unusable_text(const struct unusables *all, struct arena *a)
{
	struct buf text = BUF_INIT(MAX_TEXT);

	if (all->count == 0)
		return (struct str){ "", 0 };
	qsort(all->list, all->count, sizeof(*all->list), by_name);
	buf_fmt(&text, "%zu entr%s skipped: ", all->count, all->count == 1 ? "y" : "ies");
	for (size_t i = 0; i < all->count && i < MAX_NAMED; i++)
		buf_fmt(&text, "%s'%s' (%s)", i ? ", " : "", all->list[i].name, all->list[i].why);
	if (all->count > MAX_NAMED)
		buf_fmt(&text, " and %zu more", all->count - MAX_NAMED);
	return buf_take(&text, a);
}
