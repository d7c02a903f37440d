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

/* Beyond MAX_DIAGS a mistake is counted, and gets an entry that is not in the list. */
static struct diag *
add_diag(struct diags *d, enum check check, enum diag_level level, const char *file, struct span at)
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
	*one = (struct diag){
		.check = check, .level = level, .file = at.file ? at.file : file, .at = at
	};
	return one;
}

struct diag *
diags_error(
    struct diags *d, enum check check, const char *file, struct span at, const char *fmt, ...)
{
	struct diag *one = add_diag(d, check, DIAG_ERROR, file, at);
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
	    add_diag(d, check, checks[check].is_warning ? DIAG_WARNING : DIAG_ERROR, file, at);
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
	struct diag *one = add_diag(d, check, DIAG_WARNING, file, at);
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

		*add_diag(d, one->check, one->level, one->file, one->at) = *one;
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

static bool
is_same_place(const struct diag *a, const struct diag *b)
{
	return strcmp(a->file, b->file) == 0 && a->at.line > 0 && a->at.line == b->at.line
	       && a->at.col == b->at.col;
}

/* Whether `one` stays of two errors at one place, of which at least one is a wrong type. */
static bool
is_kept_before(const struct diag *one, const struct diag *other)
{
	if (one->check != CHECK_WRONG_TYPE || other->check != CHECK_WRONG_TYPE)
		return one->check == CHECK_WRONG_TYPE;
	return one->hint.len > 0 && str_starts(one->hint, "write");
}

/* True: `next` is the same mistake as `last` or follows from it; the one to keep is then in *last. */
static bool
merge_diags(struct diag *last, const struct diag *next)
{
	if (by_place(last, next) == 0)
		return true;
	if (!is_same_place(last, next) || last->level != DIAG_ERROR || next->level != DIAG_ERROR
	    || (last->check != CHECK_WRONG_TYPE && next->check != CHECK_WRONG_TYPE))
		return false;
	if (!is_kept_before(last, next) && is_kept_before(next, last))
		*last = *next;
	return true;
}

void
diags_sort(struct diags *d)
{
	size_t kept = 0;

	if (d->count > 1)
		qsort(d->list, d->count, sizeof(*d->list), by_place);
	for (size_t i = 0; i < d->count; i++) {
		if (kept > 0 && merge_diags(&d->list[kept - 1], &d->list[i])) {
			d->errors -= d->list[i].level == DIAG_ERROR;
			continue;
		}
		d->list[kept++] = d->list[i];
	}
	d->count = kept;
}

void
diag_cause(struct diags *d, struct diag *one, struct str cause, struct str subject)
{
	one->cause = arena_str(d->arena, cause);
	one->subject = arena_str(d->arena, subject);
}

enum { NAMED_SUBJECTS = 3 };

/* The index of the first mistake with the same check and cause among the first `kept`; `kept` where there is none. */
static size_t
first_like(const struct diags *d, size_t kept, const struct diag *one)
{
	for (size_t i = 0; i < kept; i++)
		if (d->list[i].check == one->check && d->list[i].level == one->level
		    && d->list[i].cause.len > 0 && str_eq(d->list[i].cause, one->cause))
			return i;
	return kept;
}

/* "WHAT; SUBJECT, and so for 12 others: a, b, c, …" */
static void
add_others(struct diags *d, struct diag *one, size_t count, struct str names)
{
	if (count == 0)
		return;
	one->what = arena_fmt(d->arena, "%.*s; %.*s, and so for %zu other%s: %.*s%s",
	    STR_FMT(one->what), STR_FMT(one->subject), count, count == 1 ? "" : "s", STR_FMT(names),
	    count > NAMED_SUBJECTS ? ", …" : "");
}

void
diags_fold(struct diags *d)
{
	size_t *counts = ARENA_ARRAY(d->arena, d->count + 1, size_t), kept = 0;
	struct str *names = ARENA_ARRAY(d->arena, d->count + 1, struct str);

	for (size_t i = 0; i < d->count; i++) {
		struct diag one = d->list[i];
		size_t at = one.cause.len > 0 ? first_like(d, kept, &one) : kept;

		if (at == kept) {
			d->list[kept] = one;
			names[kept] = STR("");
			counts[kept++] = 0;
			continue;
		}
		d->errors -= one.level == DIAG_ERROR;
		if (counts[at]++ < NAMED_SUBJECTS)
			names[at] = arena_listed(d->arena, names[at], one.subject);
	}
	d->count = kept;
	for (size_t i = 0; i < kept; i++)
		add_others(d, &d->list[i], counts[i], names[i]);
}
