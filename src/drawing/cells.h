/*
 * cells.h: one connected part of a drawing as cells in layers: a cell for each box, and one for each layer that
 * arrows of a box pass on their way to boxes further right; all arrows of a box share it. Links join cells of
 * neighbouring layers only. For drawing/ only.
 */
#ifndef DRAWING_CELLS_H
#define DRAWING_CELLS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"

struct arena;

#define CELL_IS_BEND ((size_t)-1)

struct cell {
	size_t node;         /* its box, or CELL_IS_BEND */
	size_t layer, place; /* from 0; the place is unique in its layer */
	double y;            /* of its middle */
};

/* Neighbours of a cell on one side: of[first[cell]] up to of[first[cell + 1]]. */
struct neighbours {
	size_t *first, *of;
};

struct cells {
	struct cell *list;
	size_t count;
	struct neighbours left, right;
	size_t layer_count;
	size_t *row_first, *row; /* the cells of a layer in the order of their places */
};

/* Puts the cells of each layer in an order with few crossings; sets place and row. */
void cells_order(struct arena *a, struct cells *c);

/* Sets the y of each cell near those of its neighbours, so that no two boxes of a layer touch; the topmost box begins
 * at 0. Returns the height of them all. */
double cells_align(struct arena *a, struct cells *c, double box_height);

#endif
