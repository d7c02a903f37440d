/* svg.h: a drawing as SVG 1.1: one file that needs nothing else, without scripts, on light and on dark pages. */
#ifndef DRAWING_SVG_H
#define DRAWING_SVG_H

#include "drawing/drawing.h"

struct arena;
struct buf;

/* Appends the whole document. After layout_make(). */
void svg_write(struct buf *out, struct arena *a, const struct drawing *d);

/* Appends the <svg> element alone, without a style sheet: each box is a <g> with data-node, each arrow a <path>
 * with data-from and data-to, the numbers of nodes from 0. */
void svg_add(struct buf *out, struct arena *a, const struct drawing *d);

/* The style sheet of boxes and arrows. */
extern const char svg_style[];

#endif
