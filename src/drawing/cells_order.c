#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "drawing/cells.h"

enum { MAX_SWEEPS = 24, MAX_IDLE_SWEEPS = 5 };

/* What sweeps work with. */
struct sweep {
	struct cells *c;
	struct sort_key *keys; /* room for the largest layer */
	size_t *tree;          /* sums of places, by halves (Fenwick) */
	size_t *best;          /* the places of the best order so far */
};

struct sort_key {
	double mean;
	size_t place, cell;
};

static int
by_mean(const void *left, const void *right)
{
	const struct sort_key *a = left, *b = right;
	int order = (a->mean > b->mean) - (a->mean < b->mean);

	return order ? order : (a->place > b->place) - (a->place < b->place);
}

/* Rows by places. */
static void
fill_rows(struct cells *c)
{
	for (size_t i = 0; i < c->count; i++)
		c->row[c->row_first[c->list[i].layer] + c->list[i].place] = i;
}

/* A walk from each cell that reads nothing, depth first, gives trees no crossing at all. */
static void
order_first(struct arena *a, struct cells *c)
{
	size_t *stack = ARENA_ARRAY(a, c->count + c->right.first[c->count], size_t), depth = 0;
	size_t *taken = ARENA_ARRAY(a, c->layer_count, size_t);
	bool *seen = ARENA_ARRAY(a, c->count, bool);

	for (size_t i = c->count; i-- > 0;)
		if (c->left.first[i] == c->left.first[i + 1])
			stack[depth++] = i;
	while (depth > 0) {
		size_t cell = stack[--depth];

		if (seen[cell])
			continue;
		seen[cell] = true;
		c->list[cell].place = taken[c->list[cell].layer]++;
		for (size_t k = c->right.first[cell + 1]; k-- > c->right.first[cell];)
			if (!seen[c->right.of[k]])
				stack[depth++] = c->right.of[k];
	}
	fill_rows(c);
}

/* Sorts one layer by the mean place of its neighbours on one side; who has none there keeps its place. */
static void
sort_layer(struct sweep *s, size_t layer, const struct neighbours *side)
{
	struct cells *c = s->c;
	size_t first = c->row_first[layer], count = c->row_first[layer + 1] - first;

	for (size_t i = 0; i < count; i++) {
		size_t cell = c->row[first + i], from = side->first[cell];
		size_t links = side->first[cell + 1] - from;
		double sum = 0;

		for (size_t k = 0; k < links; k++)
			sum += (double)c->list[side->of[from + k]].place;
		s->keys[i] = (struct sort_key){ links ? sum / (double)links : (double)i, i, cell };
	}
	if (count > 1)
		qsort(s->keys, count, sizeof(*s->keys), by_mean);
	for (size_t i = 0; i < count; i++) {
		c->row[first + i] = s->keys[i].cell;
		c->list[s->keys[i].cell].place = i;
	}
}

static int
by_size(const void *left, const void *right)
{
	const size_t *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

/* How many of those added before lie behind `place`; adds it. */
static size_t
count_behind(size_t *tree, size_t room, size_t place, size_t added)
{
	size_t before = 0;

	for (size_t i = place + 1; i > 0; i &= i - 1)
		before += tree[i];
	for (size_t i = place + 1; i <= room; i += i & (~i + 1))
		tree[i]++;
	return added - before;
}

/* Barth, Juenger and Mutzel, "Simple and Efficient Bilayer Cross Counting" (2002). */
static size_t
count_crossings(const struct cells *c, size_t *tree, size_t *places)
{
	size_t crossings = 0;

	for (size_t layer = 0; layer + 1 < c->layer_count; layer++) {
		size_t room = c->row_first[layer + 2] - c->row_first[layer + 1], added = 0;

		memset(tree, 0, (room + 1) * sizeof(*tree));
		for (size_t i = c->row_first[layer]; i < c->row_first[layer + 1]; i++) {
			size_t from = c->right.first[c->row[i]];
			size_t links = c->right.first[c->row[i] + 1] - from;

			for (size_t k = 0; k < links; k++)
				places[k] = c->list[c->right.of[from + k]].place;
			if (links > 1)
				qsort(places, links, sizeof(*places), by_size);
			for (size_t k = 0; k < links; k++)
				crossings += count_behind(tree, room, places[k], added++);
		}
	}
	return crossings;
}

/* Once to the right and once to the left. */
static void
sweep_once(struct sweep *s)
{
	for (size_t layer = 1; layer < s->c->layer_count; layer++)
		sort_layer(s, layer, &s->c->left);
	for (size_t layer = s->c->layer_count - 1; layer-- > 0;)
		sort_layer(s, layer, &s->c->right);
}

void
cells_order(struct arena *a, struct cells *c)
{
	struct sweep s = { .c = c };
	size_t *places = ARENA_ARRAY(a, c->right.first[c->count], size_t), fewest;

	s.keys = ARENA_ARRAY(a, c->count, struct sort_key);
	s.tree = ARENA_ARRAY(a, c->count + 1, size_t);
	s.best = ARENA_ARRAY(a, c->count, size_t);
	order_first(a, c);
	fewest = count_crossings(c, s.tree, places);
	for (size_t i = 0; i < c->count; i++)
		s.best[i] = c->list[i].place;
	for (unsigned n = 0, idle = 0; n < MAX_SWEEPS && idle < MAX_IDLE_SWEEPS && fewest; n++) {
		size_t crossings;

		sweep_once(&s);
		crossings = count_crossings(c, s.tree, places);
		idle = crossings < fewest ? 0 : idle + 1;
		if (idle > 0)
			continue;
		fewest = crossings;
		for (size_t i = 0; i < c->count; i++)
			s.best[i] = c->list[i].place;
	}
	for (size_t i = 0; i < c->count; i++)
		c->list[i].place = s.best[i];
	fill_rows(c);
}
