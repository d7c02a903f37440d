#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "drawing/layout.h"
#include "tap.h"

enum { MAX_NODES = 800 };

static struct arena *arena;
static struct drawing_node nodes[MAX_NODES];
static struct drawing_edge edges[4 * MAX_NODES];

/* A drawing of `count` boxes, with arrows as pairs of digits and letters: "ab ac" is two. */
static struct drawing
drawing_of(const char *pairs, size_t count)
{
	struct drawing d = { .nodes = nodes, .node_count = count, .edges = edges };

	memset(nodes, 0, sizeof(nodes));
	memset(edges, 0, sizeof(edges));
	for (size_t i = 0; i < count; i++)
		nodes[i].title = arena_fmt(arena, "pipeline_%zu", i);
	for (const char *c = pairs; *c; c += c[2] ? 3 : 2)
		edges[d.edge_count++] = (struct drawing_edge){ .from = (size_t)(c[0] - 'a'),
			.to = (size_t)(c[1] - 'a') };
	return d;
}

/* Heights of an arrow's ends and bends, from left to right. */
static size_t
heights(const struct drawing *d, const struct drawing_edge *e, int x[64], int y[64])
{
	size_t count = 0;

	x[count] = d->nodes[e->from].x;
	y[count++] = d->nodes[e->from].y + d->box_height / 2;
	for (size_t i = 0; i < e->bend_count && count < 63; i++) {
		x[count] = e->bends[i].left;
		y[count++] = e->bends[i].y;
	}
	x[count] = d->nodes[e->to].x;
	y[count++] = d->nodes[e->to].y + d->box_height / 2;
	return count;
}

/* Pairs of pieces between the same two columns whose ends are in opposite orders. */
static size_t
crossings(const struct drawing *d)
{
	int ax[64], ay[64], bx[64], by[64];
	size_t found = 0;

	for (size_t i = 0; i < d->edge_count; i++)
		for (size_t k = 0; k < i; k++) {
			size_t a = heights(d, &d->edges[i], ax, ay);
			size_t b = heights(d, &d->edges[k], bx, by);

			for (size_t n = 0; n + 1 < a; n++)
				for (size_t m = 0; m + 1 < b; m++)
					found +=
					    ax[n] == bx[m] && ax[n + 1] == bx[m + 1]
					    && (long)(ay[n] - by[m]) * (ay[n + 1] - by[m + 1]) < 0;
		}
	return found;
}

static bool
overlap(const struct drawing *d)
{
	for (size_t i = 0; i < d->node_count; i++)
		for (size_t k = 0; k < i; k++) {
			const struct drawing_node *a = &d->nodes[i], *b = &d->nodes[k];

			if (a->x < b->x + b->width && b->x < a->x + a->width
			    && a->y < b->y + d->box_height && b->y < a->y + d->box_height)
				return true;
		}
	return false;
}

/* Whether a bend of an arrow runs through a box. */
static bool
runs_through_a_box(const struct drawing *d)
{
	for (size_t i = 0; i < d->edge_count; i++)
		for (size_t k = 0; k < d->edges[i].bend_count; k++)
			for (size_t n = 0; n < d->node_count; n++) {
				const struct drawing_bend *bend = &d->edges[i].bends[k];
				const struct drawing_node *box = &d->nodes[n];

				if (box->x < bend->right && bend->left < box->x + box->width
				    && box->y < bend->y && bend->y < box->y + d->box_height)
					return true;
			}
	return false;
}

static bool
points_right(const struct drawing *d)
{
	for (size_t i = 0; i < d->edge_count; i++)
		if (d->nodes[d->edges[i].from].x + d->nodes[d->edges[i].from].width
		    >= d->nodes[d->edges[i].to].x)
			return false;
	return true;
}

static bool
is_inside(const struct drawing *d)
{
	for (size_t i = 0; i < d->node_count; i++)
		if (d->nodes[i].x < 0 || d->nodes[i].y < 0
		    || d->nodes[i].x + d->nodes[i].width > d->width
		    || d->nodes[i].y + d->box_height > d->height)
			return false;
	return true;
}

static void
test_layout_make__crossings_of_known_graphs(void)
{
	static const struct {
		const char *what, *pairs;
		size_t count, crossings;
	} rows[] = {
		{ "nothing", "", 0, 0 },
		{ "one box", "", 1, 0 },
		{ "boxes without arrows", "", 9, 0 },
		{ "a chain", "ab bc cd", 4, 0 },
		{ "a tree", "ab ac ad be bf cg ch di dj", 10, 0 },
		{ "two that read each other's source", "ac ad bc bd", 4, 1 },
		{ "three by three", "ad ae af bd be bf cd ce cf", 6, 9 },
		{ "rungs in the wrong order", "af be cd fg eh di", 9, 0 },
		{ "a long way around", "ab bc cd ad", 4, 0 },
		{ "a diamond with tails", "ab ac bd cd de df", 6, 0 },
		{ "two parts whose numbers mix", "ac ce bd df", 6, 0 },
		{ "the same twice", "ab ab", 2, 0 },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct drawing d = drawing_of(rows[i].pairs, rows[i].count);

		layout_make(arena, &d);
		ok(crossings(&d) == rows[i].crossings, "%s: %zu crossings", rows[i].what,
		    rows[i].crossings);
		ok(!overlap(&d) && points_right(&d) && is_inside(&d) && !runs_through_a_box(&d),
		    "%s: boxes are apart, arrows point to the right", rows[i].what);
	}
}

static void
test_layout_make__a_circle_ends(void)
{
	struct drawing d = drawing_of("ab bc cb cc", 3);

	layout_make(arena, &d);
	ok(!overlap(&d) && is_inside(&d), "a circle is drawn");
}

static void
test_layout_make__sources_are_beside_their_readers(void)
{
	struct drawing d = drawing_of("ab bc cd ed", 5);

	layout_make(arena, &d);
	ok(nodes[4].x == nodes[2].x, "a source of the last box is in the column before it");
}

static void
test_layout_make__a_long_name_keeps_its_box_small(void)
{
	struct drawing d = drawing_of("ab", 2);

	nodes[0].title = arena_fmt(arena, "%0500d", 7);
	layout_make(arena, &d);
	ok(nodes[0].width < 400, "500 characters take less than 400 pixels");
}

/* As 700 pipelines of some 60 sensors are: chains, with repos that all of them read. */
static struct drawing
many(void)
{
	struct drawing d = drawing_of("", 700);

	for (size_t i = 2; i < 700; i++) {
		if (i % 11 != 2)
			edges[d.edge_count++] = (struct drawing_edge){ .from = i - 1, .to = i };
		if (i % 11 == 3 || i % 11 == 7)
			edges[d.edge_count++] = (struct drawing_edge){ .from = i % 2, .to = i };
	}
	return d;
}

static void
test_layout_make__700_pipelines(void)
{
	double best = 1000;
	struct drawing d;

	for (int n = 0; n < 5; n++) {
		clock_t start = clock();
		double ms;

		d = many();
		layout_make(arena, &d);
		ms = 1000.0 * (double)(clock() - start) / CLOCKS_PER_SEC;
		best = ms < best ? ms : best;
	}
	ok(!overlap(&d) && points_right(&d) && is_inside(&d), "700 boxes are apart");
	ok(d.width < 5 * d.height && d.height < 5 * d.width, "and make no strip");
	if (getenv("SLOW"))
		skip("time is not taken here");
	else
		ok(best < 100, "in less than 100 ms of a processor (%.1f)", best);
}

int
main(void)
{
	arena = arena_new(no_memory);
	test_layout_make__crossings_of_known_graphs();
	test_layout_make__a_circle_ends();
	test_layout_make__sources_are_beside_their_readers();
	test_layout_make__a_long_name_keeps_its_box_small();
	test_layout_make__700_pipelines();
	arena_free(arena);
	return done();
}
