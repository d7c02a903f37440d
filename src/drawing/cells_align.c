/*
 * Heights: each cell should be at the mean height of its neighbours, in the order of its layer and with a gap to
 * the next one. To keep the squares of the distances to those means small is isotonic regression; pooling adjacent
 * cells that would be in the wrong order solves it exactly.
 */
#include <string.h>

#include "base/arena.h"
#include "drawing/cells.h"

enum { ROUNDS = 24, BOX_GAP = 14, BEND_GAP = 10, BEND_WEIGHT = 4 };

/* Cells that touch and move as one. */
struct pool {
	double sum, weight;
	size_t count;
};

struct aligner {
	struct cells *c;
	double box_height;
	struct pool *pools;
	double *wanted; /* of each cell */
};

static double
height_of(const struct aligner *al, size_t cell)
{
	return al->c->list[cell].node == CELL_IS_BEND ? 0 : al->box_height;
}

/* From the middle of one cell to that of the next below it. */
static double
distance(const struct aligner *al, size_t above, size_t below)
{
	const struct cell *list = al->c->list;
	bool is_box = list[above].node != CELL_IS_BEND && list[below].node != CELL_IS_BEND;

	return (height_of(al, above) + height_of(al, below)) / 2 + (is_box ? BOX_GAP : BEND_GAP);
}

static void
want_mean(struct aligner *al, size_t cell, bool left, bool right)
{
	const struct neighbours *sides[] = { &al->c->left, &al->c->right };
	const bool counts[] = { left, right };
	double sum = 0;
	size_t links = 0;

	for (size_t s = 0; s < 2; s++)
		for (size_t k = sides[s]->first[cell]; counts[s] && k < sides[s]->first[cell + 1];
		     k++) {
			sum += al->c->list[sides[s]->of[k]].y;
			links++;
		}
	al->wanted[cell] = links ? sum / (double)links : al->c->list[cell].y;
}

static void
place_layer(struct aligner *al, size_t layer)
{
	struct cells *c = al->c;
	const size_t *row = c->row + c->row_first[layer];
	size_t count = c->row_first[layer + 1] - c->row_first[layer], pools = 0, next = 0;
	double offset = 0;

	for (size_t i = 0; i < count; i++) {
		double weight = c->list[row[i]].node == CELL_IS_BEND ? BEND_WEIGHT : 1;
		struct pool *p = al->pools + pools++;

		offset += i ? distance(al, row[i - 1], row[i]) : 0;
		*p = (struct pool){ (al->wanted[row[i]] - offset) * weight, weight, 1 };
		while (pools > 1 && p[-1].sum / p[-1].weight >= p->sum / p->weight) {
			p[-1].sum += p->sum;
			p[-1].weight += p->weight;
			p[-1].count += p->count;
			p--;
			pools--;
		}
	}
	offset = 0;
	for (size_t n = 0; n < pools; n++)
		for (size_t k = 0; k < al->pools[n].count; k++, next++) {
			offset += next ? distance(al, row[next - 1], row[next]) : 0;
			c->list[row[next]].y = al->pools[n].sum / al->pools[n].weight + offset;
		}
}

static void
place_all(struct aligner *al, bool left, bool right)
{
	size_t layers = al->c->layer_count;

	for (size_t n = 0; n < layers; n++) {
		size_t layer = left ? n : layers - 1 - n;

		for (size_t i = al->c->row_first[layer]; i < al->c->row_first[layer + 1]; i++)
			want_mean(al, al->c->row[i], left, right);
		place_layer(al, layer);
	}
}

double
cells_align(struct arena *a, struct cells *c, double box_height)
{
	struct aligner al = { c, box_height, ARENA_ARRAY(a, c->count, struct pool),
		ARENA_ARRAY(a, c->count, double) };
	double top = 0, bottom = 0;

	for (size_t i = 0; i < c->count; i++)
		c->list[i].y = 0;
	for (int n = 0; n < ROUNDS; n++) {
		place_all(&al, true, false);
		place_all(&al, false, true);
	}
	place_all(&al, true, true);
	for (size_t i = 0; i < c->count; i++) {
		double half = height_of(&al, i) / 2, y = c->list[i].y;

		top = i == 0 || y - half < top ? y - half : top;
		bottom = i == 0 || y + half > bottom ? y + half : bottom;
	}
	for (size_t i = 0; i < c->count; i++)
		c->list[i].y -= top;
	return bottom - top;
}
