/*
 * html.h: a drawing as a page with the picture, a list, search, zoom, and the details of a box that is clicked on.
 * The page is one file and loads nothing: its Content-Security-Policy allows only its own script and style sheet,
 * by their hashes.
 */
#ifndef DRAWING_HTML_H
#define DRAWING_HTML_H

#include "drawing/drawing.h"

struct arena;
struct buf;

/* Appends the whole document. After layout_make() and secret_guard_process(). */
void html_write(struct buf *out, struct arena *a, const struct drawing *d);

/* page.css and page.js, as embed.awk made them. */
extern const char page_css[];
extern const char page_js[];

#endif
