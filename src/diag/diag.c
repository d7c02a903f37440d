#include "diag/diag.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"

struct diags
diags_in(struct arena *a)
{
	return (struct diags){ .arena = a };
}

/* Past the ceiling mistakes are counted and written to a spare entry that nobody shows. */
static struct diag *
add(struct diags *d, enum check check, enum diag_level level, const char *file, struct span at)
{
	struct diag *one;

	if (level == DIAG_ERROR)
		d->errors++;
	if (d->count >= MAX_DIAGS) {
		one = ARENA_NEW(d->arena, struct diag);
	} else {
		d->list = arena_grow(d->arena, d->list, d->count, &d->room, sizeof(*d->list));
		one = &d->list[d->count++];
	}
	*one = (struct diag){ .check = check, .level = level, .file = file, .at = at };
	return one;
}

struct diag *
diags_error(
    struct diags *d, enum check check, const char *file, struct span at, const char *fmt, ...)
{
	struct diag *one = add(d, check, DIAG_ERROR, file, at);
	va_list args;

	va_start(args, fmt);
	one->what = arena_vfmt(d->arena, fmt, args);
	va_end(args);
	return one;
}

struct diag *
diags_report(
    struct diags *d, enum check check, const char *file, struct span at, const char *fmt, ...)
{
	struct diag *one =
	    add(d, check, checks[check].is_warning ? DIAG_WARNING : DIAG_ERROR, file, at);
	va_list args;

	va_start(args, fmt);
	one->what = arena_vfmt(d->arena, fmt, args);
	va_end(args);
	return one;
}

struct diag *
diags_warn(
    struct diags *d, enum check check, const char *file, struct span at, const char *fmt, ...)
{
	struct diag *one = add(d, check, DIAG_WARNING, file, at);
	va_list args;

	va_start(args, fmt);
	one->what = arena_vfmt(d->arena, fmt, args);
	va_end(args);
	return one;
}

void
diags_add(struct diags *d, const struct diags *from)
{
	for (size_t i = 0; i < from->count; i++) {
		const struct diag *one = &from->list[i];

		*add(d, one->check, one->level, one->file, one->at) = *one;
	}
}

void
diag_hint(struct diags *d, struct diag *one, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	one->hint_about = mentions_of(fmt, args);
	one->hint = arena_vfmt(d->arena, fmt, args);
	va_end(args);
}

static int
by_place(const void *left, const void *right)
{
	const struct diag *a = left, *b = right;
	int order = strcmp(a->file, b->file);

	if (order == 0)
		order = (a->at.line > b->at.line) - (a->at.line < b->at.line);
	if (order == 0)
		order = (a->at.col > b->at.col) - (a->at.col < b->at.col);
	if (order == 0)
		order = (a->level > b->level) - (a->level < b->level);
	return order ? order : str_cmp(a->what, b->what);
}

void
diags_sort(struct diags *d)
{
	size_t kept = 0;

	if (d->count > 1)
		qsort(d->list, d->count, sizeof(*d->list), by_place);
	for (size_t i = 0; i < d->count; i++) {
		if (kept > 0 && by_place(&d->list[kept - 1], &d->list[i]) == 0) {
			d->errors -= d->list[i].level == DIAG_ERROR;
			continue;
		}
		d->list[kept++] = d->list[i];
	}
	d->count = kept;
}
