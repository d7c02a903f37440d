#include "drawing/svg.h"

#include "base/arena.h"
#include "base/buf.h"
#include "drawing/label.h"

/* Looks differ by stroke, too, not by colour alone. */
const char svg_style[] =
    "svg{--page:#fff;--ink:#1f2328;--faint:#59636e;--arrow:#8c959f;"
    "font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace}\n"
    "rect.page{fill:var(--page);stroke:none}\n"
    ".t{fill:var(--ink);font-size:13px}.n{fill:var(--faint);font-size:11px}\n"
    ".b{fill:var(--faint);font-size:10px;stroke:var(--page);stroke-width:3px;paint-order:stroke}\n"
    ".e{fill:none;stroke:var(--arrow);stroke-width:1.25}.a{fill:var(--arrow)}\n"
    "rect{fill:#f6f8fa;stroke:#8c959f;stroke-width:1.25}\n"
    ".pipelines rect{fill:#ddf4ff;stroke:#0969da}\n"
    ".create rect,.running rect{fill:#dafbe1;stroke:#1a7f37}\n"
    ".update rect,.starting rect{fill:#fff8c5;stroke:#9a6700}\n"
    ".failed rect{fill:#ffebe9;stroke:#cf222e;stroke-width:3}\n"
    ".missing rect,.delete rect{fill:#ffebe9;stroke:#cf222e;stroke-dasharray:6 3}\n"
    ".paused rect,.stop rect{fill:#fbefff;stroke:#8250df}\n"
    ".external rect{fill:#eaeef2;stroke:#8c959f;stroke-dasharray:4 3}\n"
    ".external .t{fill:var(--faint)}\n"
    "@media(prefers-color-scheme:dark){\n"
    "svg{--page:#0d1117;--ink:#f0f6fc;--faint:#9198a1;--arrow:#6e7681}\n"
    "rect{fill:#151b23;stroke:#6e7681}\n"
    ".pipelines rect{fill:#121d2f;stroke:#4493f8}\n"
    ".create rect,.running rect{fill:#12261e;stroke:#3fb950}\n"
    ".update rect,.starting rect{fill:#272115;stroke:#d29922}\n"
    ".failed rect,.missing rect,.delete rect{fill:#25171c;stroke:#f85149}\n"
    ".paused rect,.stop rect{fill:#1f1a2e;stroke:#ab7df8}\n"
    ".external rect{fill:#1c2128;stroke:#6e7681}\n"
    "}\n";

static void
add_text(struct buf *out, struct arena *a, const char *class, enum label kind, int x, int y,
    struct str text)
{
	if (text.len == 0)
		return;
	buf_fmt(out, "<text class=\"%s\" x=\"%d\" y=\"%d\">", class, x, y);
	label_xml(out, label_short(a, text, kind));
	buf_add(out, STR("</text>"));
}

/* What a browser shows of the box that the mouse is over. */
static void
add_tip(struct buf *out, const struct drawing_node *node)
{
	buf_add(out, STR("<title>"));
	label_xml(out, node->title);
	if (node->note.len > 0) {
		buf_add(out, STR(": "));
		label_xml(out, node->note);
	}
	for (size_t i = 0; i < node->fact_count; i++) {
		buf_fmt(out, "\n%s: ", node->facts[i].name);
		label_xml(out, node->facts[i].value);
	}
	buf_add(out, STR("</title>"));
}

static void
add_box(struct buf *out, struct arena *a, const struct drawing *d, size_t index)
{
	const struct drawing_node *node = &d->nodes[index];
	int round = node->look == LOOK_SOURCE ? d->box_height / 2 : 6;
	int x = node->x + LABEL_PADDING;
	int y = node->y + d->box_height / 2;

	buf_fmt(out, "<g class=\"%s\" data-node=\"%zu\">", drawing_looks[node->look], index);
	add_tip(out, node);
	buf_fmt(out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"%d\"/>", node->x,
	    node->y, node->width, d->box_height, round);
	add_text(out, a, "t", LABEL_TITLE, x, node->note.len ? y - 3 : y + 5, node->title);
	add_text(out, a, "n", LABEL_NOTE, x, y + 13, node->note);
	buf_add(out, STR("</g>\n"));
}

/* An S from one place to the next. */
static void
add_curve(struct buf *out, int from_x, int from_y, int to_x, int to_y)
{
	int middle = from_x + (to_x - from_x) / 2;

	if (from_y == to_y)
		buf_fmt(out, "H%d", to_x);
	else
		buf_fmt(out, "C%d %d %d %d %d %d", middle, from_y, middle, to_y, to_x, to_y);
}

enum { ARROW_HEAD = 7 };

static void
add_arrow(
    struct buf *out, struct arena *a, const struct drawing *d, const struct drawing_edge *edge)
{
	const struct drawing_node *from = &d->nodes[edge->from], *to = &d->nodes[edge->to];
	int x = from->x + from->width, y = from->y + d->box_height / 2;
	int end_x = to->x - ARROW_HEAD, end_y = to->y + d->box_height / 2;

	buf_fmt(out,
	    "<path class=\"e\" data-from=\"%zu\" data-to=\"%zu\" marker-end=\"url(#a)\" d=\"M%d %d",
	    edge->from, edge->to, x, y);
	for (size_t i = 0; i < edge->bend_count; i++) {
		const struct drawing_bend *bend = &edge->bends[i];

		add_curve(out, x, y, bend->left, bend->y);
		x = bend->right;
		y = bend->y;
		buf_fmt(out, "H%d", x);
	}
	add_curve(out, x, y, end_x, end_y);
	buf_add(out, STR("\"/>\n"));
	add_text(out, a, "b", LABEL_BRANCH, end_x - 4 - label_width(edge->label, LABEL_BRANCH),
	    end_y - 4, edge->label);
}

static void
add_head(struct buf *out, const struct drawing *d)
{
	buf_fmt(out,
	    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" "
	    "height=\"%d\">\n",
	    d->width, d->height, d->width, d->height);
}

static void
add_body(struct buf *out, struct arena *a, const struct drawing *d)
{
	buf_add(out, STR("<defs><marker id=\"a\" viewBox=\"0 0 8 8\" refX=\"1\" refY=\"4\" "
	                 "markerWidth=\"8\" markerHeight=\"8\" markerUnits=\"userSpaceOnUse\" "
	                 "orient=\"auto\">"
	                 "<path class=\"a\" d=\"M0 0L8 4L0 8z\"/></marker></defs>\n"));
	for (size_t i = 0; i < d->edge_count; i++)
		add_arrow(out, a, d, &d->edges[i]);
	for (size_t i = 0; i < d->node_count; i++)
		add_box(out, a, d, i);
	buf_add(out, STR("</svg>\n"));
}

void
svg_add(struct buf *out, struct arena *a, const struct drawing *d)
{
	add_head(out, d);
	add_body(out, a, d);
}

void
svg_write(struct buf *out, struct arena *a, const struct drawing *d)
{
	add_head(out, d);
	buf_add(out, STR("<title>"));
	label_xml(out, d->title);
	buf_fmt(out,
	    "</title>\n<style>\n%s</style>\n<rect class=\"page\" width=\"%d\" height=\"%d\"/>\n",
	    svg_style, d->width, d->height);
	add_body(out, a, d);
}
