#include "base/nearest.h"

#include <string.h>

enum { MIN_WORD = 3, MAX_WORD = 40 };

/* The last three rows of the table of counts: of the row that is filled, the one before, and the one before that. */
struct rows {
	size_t now[MAX_WORD + 1], last[MAX_WORD + 1], before[MAX_WORD + 1];
};

static char
folded(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c - 'A' + 'a');
	return c == '_' ? '-' : c;
}

static bool
same(struct str a, size_t i, struct str b, size_t k)
{
	return folded(a.ptr[i - 1]) == folded(b.ptr[k - 1]);
}

static bool
begins(struct str word, struct str start)
{
	size_t i = 0;

	while (i < start.len && i < word.len && same(word, i + 1, start, i + 1))
		i++;
	return i == start.len;
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static void
fill_row(struct rows *r, struct str a, size_t i, struct str b)
{
	r->now[0] = i;
	for (size_t k = 1; k <= b.len; k++) {
		size_t count = least(r->last[k], r->now[k - 1]) + 1;

		count = least(count, r->last[k - 1] + !same(a, i, b, k));
		if (i > 1 && k > 1 && same(a, i, b, k - 1) && same(a, i - 1, b, k))
			count = least(count, r->before[k - 2] + 1);
		r->now[k] = count;
	}
}

/* Damerau's distance without overlapping swaps; both at most MAX_WORD bytes. */
static size_t
distance(struct str a, struct str b)
{
	struct rows r = { 0 };

	for (size_t k = 0; k <= b.len; k++)
		r.now[k] = k;
	for (size_t i = 1; i <= a.len; i++) {
		memcpy(r.before, r.last, sizeof(r.last));
		memcpy(r.last, r.now, sizeof(r.now));
		fill_row(&r, a, i, b);
	}
	return r.now[b.len];
}

struct nearest
nearest_to(struct str word)
{
	return (struct nearest){ .word = word, .best = word.len / 3 + 1 };
}

void
nearest_offer(struct nearest *n, const char *known)
{
	struct str one = str_of(known);
	size_t d;

	if (n->word.len < MIN_WORD || n->word.len > MAX_WORD || one.len > MAX_WORD)
		return;
	d = distance(n->word, one);
	/* the start of a word is as near as the furthest that still counts */
	if (d >= n->best && !n->found && begins(one, n->word))
		d = n->best - 1;
	if (d < n->best) {
		n->best = d;
		n->found = known;
	}
}
