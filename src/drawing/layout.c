#include "drawing/layout.h"

#include <stdlib.h>

#include "base/arena.h"
#include "drawing/cells.h"
#include "drawing/label.h"

enum {
	MARGIN = 16,
	COLUMN_GAP = 56,
	MAX_WIDER = 64, /* by which many arrows make a gap wider */
	PART_GAP = 32,
	TALL_BOX = 44,
	LOW_BOX = 28,
	MAX_BENDS = 100000, /* beyond that arrows take no way around boxes */
	FEW_ROWS = 12,      /* layers of so few boxes are never made lower */
};

/* What a picture is as wide as high: screens are 16 to 10. */
static const double shape = 1.6;

struct layout {
	struct arena *arena;
	struct drawing *d;
	size_t *out_first, *out; /* the arrows of each box */
	size_t *layer, *part;    /* of each box */
	size_t *cell, *bends;    /* of each box: its cell, and the first of its bends */
	struct part *parts;
	size_t part_count;
};

/* A connected part, laid out by itself. */
struct part {
	size_t first; /* box */
	size_t *nodes, count;
	struct cells cells;
	int *column, *column_width; /* of each layer */
	int width, height, x, y;
};

static void
index_edges(struct layout *l)
{
	const struct drawing *d = l->d;
	size_t *next = ARENA_ARRAY(l->arena, d->node_count + 1, size_t);

	l->out_first = ARENA_ARRAY(l->arena, d->node_count + 1, size_t);
	l->out = ARENA_ARRAY(l->arena, d->edge_count, size_t);
	for (size_t i = 0; i < d->edge_count; i++)
		l->out_first[d->edges[i].from + 1]++;
	for (size_t i = 0; i < d->node_count; i++)
		l->out_first[i + 1] += l->out_first[i];
	for (size_t i = 0; i < d->node_count; i++)
		next[i] = l->out_first[i];
	for (size_t i = 0; i < d->edge_count; i++)
		l->out[next[d->edges[i].from]++] = i;
}

/* Longest paths. What is in a circle, or behind one, stays in the layer that it has reached. */
static void
find_layers(struct layout *l)
{
	const struct drawing *d = l->d;
	size_t *waits = ARENA_ARRAY(l->arena, d->node_count, size_t);
	size_t *queue = ARENA_ARRAY(l->arena, d->node_count, size_t), head = 0, tail = 0;

	l->layer = ARENA_ARRAY(l->arena, d->node_count, size_t);
	for (size_t i = 0; i < d->edge_count; i++)
		waits[d->edges[i].to]++;
	for (size_t i = 0; i < d->node_count; i++)
		if (waits[i] == 0)
			queue[tail++] = i;
	while (head < tail) {
		size_t node = queue[head++];

		for (size_t k = l->out_first[node]; k < l->out_first[node + 1]; k++) {
			size_t to = d->edges[l->out[k]].to;

			if (l->layer[to] <= l->layer[node])
				l->layer[to] = l->layer[node] + 1;
			if (--waits[to] == 0)
				queue[tail++] = to;
		}
	}
}

/* What reads nothing is put beside its first reader. */
static void
pull_sources(struct layout *l)
{
	const struct drawing *d = l->d;
	bool *reads = ARENA_ARRAY(l->arena, d->node_count, bool);

	for (size_t i = 0; i < d->edge_count; i++)
		reads[d->edges[i].to] = true;
	for (size_t i = 0; i < d->node_count; i++) {
		size_t nearest = 0;

		for (size_t k = l->out_first[i]; !reads[i] && k < l->out_first[i + 1]; k++) {
			size_t layer = l->layer[d->edges[l->out[k]].to];

			nearest = nearest == 0 || layer < nearest ? layer : nearest;
		}
		if (nearest > 0)
			l->layer[i] = nearest - 1;
	}
}

static size_t
root_of(size_t *parent, size_t i)
{
	while (parent[i] != i) {
		parent[i] = parent[parent[i]];
		i = parent[i];
	}
	return i;
}

static void
find_parts(struct layout *l)
{
	const struct drawing *d = l->d;
	size_t *parent = ARENA_ARRAY(l->arena, d->node_count, size_t);
	size_t *number = ARENA_ARRAY(l->arena, d->node_count, size_t);

	for (size_t i = 0; i < d->node_count; i++)
		parent[i] = i;
	for (size_t i = 0; i < d->edge_count; i++) {
		size_t a = root_of(parent, d->edges[i].from), b = root_of(parent, d->edges[i].to);

		parent[a > b ? a : b] = a > b ? b : a;
	}
	l->part = ARENA_ARRAY(l->arena, d->node_count, size_t);
	l->parts = ARENA_ARRAY(l->arena, d->node_count, struct part);
	for (size_t i = 0; i < d->node_count; i++) {
		size_t root = root_of(parent, i);

		if (root == i) {
			number[i] = l->part_count;
			l->parts[l->part_count++].first = i;
		}
		l->part[i] = number[root];
		l->parts[l->part[i]].count++;
	}
	for (size_t i = 0; i < l->part_count; i++) {
		l->parts[i].nodes = ARENA_ARRAY(l->arena, l->parts[i].count, size_t);
		l->parts[i].count = 0;
	}
	for (size_t i = 0; i < d->node_count; i++)
		l->parts[l->part[i]].nodes[l->parts[l->part[i]].count++] = i;
}

static bool
is_leaf(const struct layout *l, size_t node)
{
	return l->out_first[node] == l->out_first[node + 1] && l->layer[node] > 0;
}

/* The most boxes that a layer should have, so that the part is not much higher than wide. */
static size_t
rows_of(size_t count)
{
	size_t rows = FEW_ROWS;

	while (rows * rows < count * 4)
		rows++;
	return rows;
}

/* Spreads what nobody reads, of a layer that is too high, over the layers behind it. */
static void
spread_leaves(struct layout *l, struct part *p)
{
	size_t most = rows_of(p->count), last = 0, *high, *next;

	for (size_t i = 0; i < p->count; i++)
		last = l->layer[p->nodes[i]] > last ? l->layer[p->nodes[i]] : last;
	high = ARENA_ARRAY(l->arena, last + 1, size_t);
	next = ARENA_ARRAY(l->arena, last + 1, size_t);
	for (size_t i = 0; i < p->count; i++)
		high[l->layer[p->nodes[i]]]++;
	for (size_t i = 0; i < p->count; i++) {
		size_t node = p->nodes[i], layer = l->layer[node];

		if (high[layer] > 2 * most && is_leaf(l, node))
			l->layer[node] += next[layer]++ % ((high[layer] + most - 1) / most);
	}
}

/* The first layer of the part becomes 0; *layers: how many there are. */
static void
count_layers(struct layout *l, struct part *p)
{
	size_t least = (size_t)-1, most = 0;

	for (size_t i = 0; i < p->count; i++) {
		size_t layer = l->layer[p->nodes[i]];

		least = layer < least ? layer : least;
		most = layer > most ? layer : most;
	}
	for (size_t i = 0; i < p->count; i++)
		l->layer[p->nodes[i]] -= least;
	p->cells.layer_count = most - least + 1;
}

/* How many layers the arrows of the box pass before the last one that they lead to. */
static size_t
passed_by(const struct layout *l, size_t node)
{
	size_t far = l->layer[node] + 1;

	for (size_t k = l->out_first[node]; k < l->out_first[node + 1]; k++) {
		size_t layer = l->layer[l->d->edges[l->out[k]].to];

		far = layer > far ? layer : far;
	}
	return far - l->layer[node] - 1;
}

static void
make_cells(struct layout *l, struct part *p)
{
	struct cells *c = &p->cells;
	size_t bends = 0;

	for (size_t i = 0; i < p->count && bends <= MAX_BENDS; i++)
		bends += passed_by(l, p->nodes[i]);
	bends = bends > MAX_BENDS ? 0 : bends;
	c->list = ARENA_ARRAY(l->arena, p->count + bends, struct cell);
	for (size_t i = 0; i < p->count; i++) {
		size_t node = p->nodes[i], passed = bends ? passed_by(l, node) : 0;

		l->cell[node] = c->count;
		c->list[c->count++] = (struct cell){ .node = node, .layer = l->layer[node] };
		l->bends[node] = c->count;
		for (size_t k = 1; k <= passed; k++)
			c->list[c->count++] =
			    (struct cell){ .node = CELL_IS_BEND, .layer = l->layer[node] + k };
	}
}

/* The cell that an arrow of the box comes from on its last way, to `layer`; false: it leads to the left, or past
 * boxes that it takes no way around. */
static bool
last_cell(const struct layout *l, const struct cells *c, size_t node, size_t layer, size_t *cell)
{
	size_t passed = layer > l->layer[node] ? layer - l->layer[node] - 1 : 0;

	*cell = passed ? l->bends[node] + passed - 1 : l->cell[node];
	return layer > l->layer[node] && *cell < c->count && c->list[*cell].layer + 1 == layer
	       && (passed == 0 || c->list[*cell].node == CELL_IS_BEND);
}

/* Each link, once to count it and once to keep it. */
struct linker {
	struct cells *c;
	bool keeps;
	size_t *left_next, *right_next;
};

static void
add_link(struct linker *k, size_t left, size_t right)
{
	if (!k->keeps) {
		k->c->right.first[left + 1]++;
		k->c->left.first[right + 1]++;
		return;
	}
	k->c->right.of[k->right_next[left]++] = right;
	k->c->left.of[k->left_next[right]++] = left;
}

static void
add_links(const struct layout *l, const struct part *p, struct linker *linker)
{
	struct cells *c = linker->c;
	size_t from;

	for (size_t i = 0; i < c->count; i++)
		if (c->list[i].node == CELL_IS_BEND)
			add_link(linker, i - 1, i);
	for (size_t i = 0; i < p->count; i++)
		for (size_t k = l->out_first[p->nodes[i]]; k < l->out_first[p->nodes[i] + 1]; k++) {
			size_t to = l->d->edges[l->out[k]].to;

			if (last_cell(l, c, p->nodes[i], l->layer[to], &from))
				add_link(linker, from, l->cell[to]);
		}
}

static void
make_links(struct layout *l, struct part *p)
{
	struct cells *c = &p->cells;
	struct linker linker = { .c = c };

	c->left.first = ARENA_ARRAY(l->arena, c->count + 1, size_t);
	c->right.first = ARENA_ARRAY(l->arena, c->count + 1, size_t);
	add_links(l, p, &linker);
	for (size_t i = 0; i < c->count; i++) {
		c->left.first[i + 1] += c->left.first[i];
		c->right.first[i + 1] += c->right.first[i];
	}
	c->left.of = ARENA_ARRAY(l->arena, c->left.first[c->count], size_t);
	c->right.of = ARENA_ARRAY(l->arena, c->right.first[c->count], size_t);
	linker = (struct linker){ c, true, ARENA_ARRAY(l->arena, c->count, size_t),
		ARENA_ARRAY(l->arena, c->count, size_t) };
	for (size_t i = 0; i < c->count; i++) {
		linker.left_next[i] = c->left.first[i];
		linker.right_next[i] = c->right.first[i];
	}
	add_links(l, p, &linker);
}

static void
make_rows(struct layout *l, struct cells *c)
{
	c->row = ARENA_ARRAY(l->arena, c->count, size_t);
	c->row_first = ARENA_ARRAY(l->arena, c->layer_count + 1, size_t);
	for (size_t i = 0; i < c->count; i++)
		c->row_first[c->list[i].layer + 1]++;
	for (size_t i = 0; i < c->layer_count; i++)
		c->row_first[i + 1] += c->row_first[i];
}

/* How wide the gap before a layer is: labels and many arrows take more room. */
static int
gap_before(const struct cells *c, size_t layer, int label)
{
	size_t links = 0;

	for (size_t i = c->row_first[layer]; i < c->row_first[layer + 1]; i++)
		links += c->left.first[c->row[i] + 1] - c->left.first[c->row[i]];
	return COLUMN_GAP + label + (int)(links / 2 < MAX_WIDER ? links / 2 : MAX_WIDER);
}

/* The widest label of the arrows that lead to a layer. */
static void
measure_labels(const struct layout *l, const struct part *p, int *widest)
{
	for (size_t i = 0; i < p->count; i++)
		for (size_t k = l->out_first[p->nodes[i]]; k < l->out_first[p->nodes[i] + 1]; k++) {
			const struct drawing_edge *edge = &l->d->edges[l->out[k]];
			int width = label_width(edge->label, LABEL_BRANCH);
			int *before = &widest[l->layer[edge->to]];

			*before = width > *before ? width : *before;
		}
}

static void
place_columns(struct layout *l, struct part *p)
{
	size_t layers = p->cells.layer_count;
	int *label = ARENA_ARRAY(l->arena, layers, int);

	p->column = ARENA_ARRAY(l->arena, layers, int);
	p->column_width = ARENA_ARRAY(l->arena, layers, int);
	measure_labels(l, p, label);
	for (size_t i = 0; i < p->count; i++) {
		int *widest = &p->column_width[l->layer[p->nodes[i]]];
		int width = l->d->nodes[p->nodes[i]].width;

		*widest = width > *widest ? width : *widest;
	}
	for (size_t i = 0; i < layers; i++) {
		p->width += i ? gap_before(&p->cells, i, label[i]) : 0;
		p->column[i] = p->width;
		p->width += p->column_width[i];
	}
}

static void
lay_out(struct layout *l, struct part *p)
{
	spread_leaves(l, p);
	count_layers(l, p);
	make_cells(l, p);
	make_links(l, p);
	make_rows(l, &p->cells);
	cells_order(l->arena, &p->cells);
	place_columns(l, p);
	p->height = (int)(cells_align(l->arena, &p->cells, l->d->box_height) + 0.5);
}

static int
by_height(const void *left, const void *right)
{
	const struct part *a = left, *b = right;
	int order = (b->height > a->height) - (b->height < a->height);

	return order ? order : (a->first > b->first) - (a->first < b->first);
}

/* Parts side by side in rows, the highest first. */
static void
pack(struct layout *l)
{
	double area = 0;
	int width = 0, x = 0, y = 0, high = 0, right = 0;

	for (size_t i = 0; i < l->part_count; i++) {
		const struct part *p = &l->parts[i];

		area += (double)(p->width + PART_GAP) * (p->height + PART_GAP);
		width = p->width > width ? p->width : width;
	}
	while ((double)width * width < area * shape)
		width += COLUMN_GAP;
	if (l->part_count > 1)
		qsort(l->parts, l->part_count, sizeof(*l->parts), by_height);
	for (size_t i = 0; i < l->part_count; i++) {
		struct part *p = &l->parts[i];

		if (x > 0 && x + p->width > width) {
			y += high + PART_GAP;
			x = high = 0;
		}
		p->x = MARGIN + x;
		p->y = MARGIN + y;
		x += p->width + PART_GAP;
		high = p->height > high ? p->height : high;
		right = x > right ? x : right;
	}
	l->d->width = (right > 0 ? right - PART_GAP : 0) + 2 * MARGIN;
	l->d->height = y + high + 2 * MARGIN;
}

static void
place_bends(struct layout *l, const struct part *p, struct drawing_edge *edge)
{
	const struct cells *c = &p->cells;
	size_t layer = l->layer[edge->to], last, count;
	struct drawing_bend *bends;

	if (!last_cell(l, c, edge->from, layer, &last))
		return;
	count = layer - l->layer[edge->from] - 1;
	bends = ARENA_ARRAY(l->arena, count, struct drawing_bend);
	for (size_t i = 0; i < count; i++) {
		size_t at = l->layer[edge->from] + 1 + i;
		int left = p->x + p->column[at];

		bends[i] = (struct drawing_bend){ left, left + p->column_width[at],
			p->y + (int)(c->list[l->bends[edge->from] + i].y + 0.5) };
	}
	edge->bends = bends;
	edge->bend_count = count;
}

static void
place(struct layout *l, const struct part *p)
{
	for (size_t i = 0; i < p->count; i++) {
		size_t node = p->nodes[i];
		struct drawing_node *box = &l->d->nodes[node];
		double y = p->cells.list[l->cell[node]].y - l->d->box_height / 2.0;

		box->x = p->x + p->column[l->layer[node]];
		box->width = p->column_width[l->layer[node]];
		box->y = p->y + (int)(y + 0.5);
		for (size_t k = l->out_first[node]; k < l->out_first[node + 1]; k++)
			place_bends(l, p, &l->d->edges[l->out[k]]);
	}
}

static void
measure(struct layout *l)
{
	struct drawing *d = l->d;

	d->box_height = LOW_BOX;
	for (size_t i = 0; i < d->node_count; i++) {
		struct drawing_node *box = &d->nodes[i];
		int title = label_width(box->title, LABEL_TITLE);
		int note = label_width(box->note, LABEL_NOTE);

		box->width = (title > note ? title : note) + 2 * LABEL_PADDING;
		if (box->note.len > 0)
			d->box_height = TALL_BOX;
	}
}

void
layout_make(struct arena *a, struct drawing *d)
{
	struct layout l = { .arena = a, .d = d };

	l.cell = ARENA_ARRAY(a, d->node_count, size_t);
	l.bends = ARENA_ARRAY(a, d->node_count, size_t);
	measure(&l);
	index_edges(&l);
	find_layers(&l);
	pull_sources(&l);
	find_parts(&l);
	for (size_t i = 0; i < l.part_count; i++)
		lay_out(&l, &l.parts[i]);
	pack(&l);
	for (size_t i = 0; i < l.part_count; i++)
		place(&l, &l.parts[i]);
}
