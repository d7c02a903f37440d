/*
 * layout.h: where boxes and arrows go: in layers from left to right, each box right of all that it reads, with few
 * crossings. Follows Sugiyama, Tagawa and Toda, "Methods for Visual Understanding of Hierarchical System Structures"
 * (1981): longest paths, barycentres, then heights.
 */
#ifndef DRAWING_LAYOUT_H
#define DRAWING_LAYOUT_H

#include <stddef.h>

#include "drawing/drawing.h"

struct arena;

/*
 * Gives each box its place, each arrow its bends, and the drawing its size. Parts that no arrow joins are side by
 * side. An arrow of a cycle may point to the left. The result is the same each time. Cost: about n log n for each
 * of a fixed number of sweeps; 700 boxes take some milliseconds.
 */
void layout_make(struct arena *a, struct drawing *d);

#endif
