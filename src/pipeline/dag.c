#include "pipeline/dag.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"

/* What a pipeline of the set makes, for searching: its output repo, or that of a cron input. */
struct named {
	struct str project, name;
	size_t index;
	bool is_tick;
};

struct edge {
	size_t to,
	    next; /* the reader; the next edge of the same producer, 0 ends (edges[0] is unused) */
};

struct graph {
	const struct specs *specs;
	bool
	    by_branch; /* only what a pipeline's output branch hands on counts, as servers count it */
	struct named *by_name;
	size_t name_count;
	size_t *first;   /* of each spec: its first edge */
	size_t *waiting; /* of each spec: how many producers are not placed yet */
	struct edge *edges;
	size_t edge_count, edge_room;
};

static int
by_name(const void *left, const void *right)
{
	const struct named *a = left, *b = right;
	int order = str_cmp(a->name, b->name);

	return order ? order : str_cmp(a->project, b->project);
}

/* The pipeline that makes what `input` reads; NULL: none of the set. */
static const struct named *
find(const struct graph *g, const struct spec_input *input)
{
	struct named key = { .project = input->project, .name = input->repo };

	if (input->source != SOURCE_REPO)
		return NULL;
	return bsearch(&key, g->by_name, g->name_count, sizeof(key), by_name);
}

/* Whether what the producer makes arrives at the input by itself: the input reads its output branch. Another
 * branch of the repo is moved by people or a trigger (branchesProvenance of pfsdb/branches.go). No pipeline may
 * read its own repo, on whatever branch. */
static bool
is_handed_on(const struct graph *g, const struct named *producer, size_t reader,
    const struct spec_input *input)
{
	struct str read = input->branch.len > 0 ? input->branch : STR("master");
	struct str made = g->specs->list[producer->index].output_branch;

	return producer->is_tick || producer->index == reader
	       || (!input->has_trigger && str_eq(read, made.len > 0 ? made : STR("master")));
}

/* The pipeline that has to be there before the reader, for this input; NULL: none of the set. */
static const struct named *
producer_of(const struct graph *g, size_t reader, const struct spec_input *input)
{
	const struct named *producer = find(g, input);

	if (!producer || (producer->is_tick && producer->index == reader))
		return NULL;
	return !g->by_branch || is_handed_on(g, producer, reader, input) ? producer : NULL;
}

static void
add_edges(struct graph *g, struct arena *a, size_t reader)
{
	const struct spec *spec = &g->specs->list[reader];

	for (size_t i = 0; i < spec->input_count; i++) {
		const struct named *producer = producer_of(g, reader, &spec->inputs[i]);

		if (!producer)
			continue;
		g->edges = arena_grow(a, g->edges, g->edge_count, &g->edge_room, sizeof(*g->edges));
		g->edges[g->edge_count] = (struct edge){ reader, g->first[producer->index] };
		g->first[producer->index] = g->edge_count++;
		g->waiting[reader]++;
	}
}

static void
name_all(struct graph *g)
{
	for (size_t i = 0; i < g->specs->count; i++) {
		const struct spec *spec = &g->specs->list[i];

		g->by_name[g->name_count++] = (struct named){ spec->project, spec->name, i, false };
		for (size_t k = 0; k < spec->input_count; k++)
			if (spec->inputs[k].tick_repo.len > 0)
				g->by_name[g->name_count++] =
				    (struct named){ spec->inputs[k].project,
					    spec->inputs[k].tick_repo, i, true };
	}
	if (g->name_count > 1)
		qsort(g->by_name, g->name_count, sizeof(*g->by_name), by_name);
}

static size_t
count_names(const struct specs *specs)
{
	size_t count = specs->count;

	for (size_t i = 0; i < specs->count; i++)
		count += specs->list[i].input_count;
	return count;
}

static struct graph
build(const struct specs *specs, struct arena *a, bool by_branch)
{
	struct graph g = {
		.specs = specs,
		.by_branch = by_branch,
		.by_name = ARENA_ARRAY(a, count_names(specs), struct named),
		.first = ARENA_ARRAY(a, specs->count, size_t),
		.waiting = ARENA_ARRAY(a, specs->count, size_t),
		.edge_count = 1,
	};

	g.edges = ARENA_ARRAY(a, 8, struct edge);
	g.edge_room = 8;
	name_all(&g);
	for (size_t i = 0; i < specs->count; i++)
		add_edges(&g, a, i);
	return g;
}

/* A min-heap of indices: of all pipelines that are ready, the one read first goes first. */
static void
heap_push(size_t *heap, size_t *count, size_t value)
{
	size_t i = (*count)++;

	for (; i > 0 && heap[(i - 1) / 2] > value; i = (i - 1) / 2)
		heap[i] = heap[(i - 1) / 2];
	heap[i] = value;
}

static size_t
heap_pop(size_t *heap, size_t *count)
{
	size_t top = heap[0], last = heap[--*count], i = 0;

	for (size_t child = 1; child < *count; child = 2 * i + 1) {
		if (child + 1 < *count && heap[child + 1] < heap[child])
			child++;
		if (heap[child] >= last)
			break;
		heap[i] = heap[child];
		i = child;
	}
	heap[i] = last;
	return top;
}

/* Pipelines whose producers are all placed, and those that are placed already. */
struct placing {
	size_t *ready, *order;
	size_t ready_count, placed;
};

/* Takes what `one` makes off what its readers wait for. */
static void
release(struct graph *g, struct placing *p, size_t one)
{
	for (size_t e = g->first[one]; e != 0; e = g->edges[e].next) {
		size_t reader = g->edges[e].to;

		if (g->waiting[reader] > 0 && --g->waiting[reader] == 0)
			heap_push(p->ready, &p->ready_count, reader);
	}
}

/* Places all that can be placed; the rest is in a cycle or behind one. */
static void
place(struct graph *g, struct placing *p)
{
	while (p->ready_count > 0) {
		size_t one = heap_pop(p->ready, &p->ready_count);

		p->order[p->placed++] = one;
		release(g, p, one);
	}
}

/* The input of `reader` whose producer is still waiting too; such a reader always has one. */
static const struct spec_input *
stuck_input(const struct graph *g, size_t reader, size_t *producer)
{
	const struct spec *spec = &g->specs->list[reader];

	for (size_t i = 0; i < spec->input_count; i++) {
		const struct named *n = producer_of(g, reader, &spec->inputs[i]);

		if (n && g->waiting[n->index] > 0) {
			*producer = n->index;
			return &spec->inputs[i];
		}
	}
	return NULL;
}

/* `loop`: each reads from the next, and the last from the first. */
static void
report_loop(
    const struct graph *g, struct arena *a, const size_t *loop, size_t count, struct diags *d)
{
	const struct spec *first = &g->specs->list[loop[0]];
	struct buf text = BUF_INIT(4096);
	size_t producer;
	const struct spec_input *input = stuck_input(g, loop[0], &producer);

	for (size_t i = 0; i < count; i++) {
		const struct spec *spec = &g->specs->list[loop[i]];

		buf_fmt(&text, "'%.*s' (%s", STR_FMT(spec_title(a, spec->project, spec->name)),
		    spec->file);
		if (spec->at.line > 0) /* else it is not in a file */
			buf_fmt(&text, ":%u:%u", spec->at.line, spec->at.col);
		buf_add(&text, STR(") reads "));
	}
	buf_fmt(&text, "'%.*s'", STR_FMT(spec_title(a, first->project, first->name)));
	diag_hint(d,
	    diags_error(d, CHECK_CIRCLE, first->file, input ? input->at : first->at,
	        "cycle between pipelines: %.*s%s", STR_FMT(buf_str(&text)),
	        buf_is_full(&text) ? " …" : ""),
	    "remove one of these inputs");
	buf_free(&text);
}

/* A way from reader to producer through pipelines that still wait. */
struct walk {
	size_t *path, len;
	size_t *position; /* of each spec: its place on the path from 1; 0: it is not on it */
};

/* Goes one step on, or one back from a pipeline that waits no more; a loop is reported and counts as placed, so
 * that loops behind it are found, too. */
static void
walk_on(struct graph *g, struct placing *p, struct walk *w, struct arena *a, struct diags *d)
{
	size_t top = w->path[w->len - 1], next = top, start;

	if (g->waiting[top] == 0) {
		w->position[top] = 0;
		w->len--;
		return;
	}
	(void)stuck_input(g, top, &next);
	if (w->position[next] == 0) {
		w->path[w->len++] = next;
		w->position[next] = w->len;
		return;
	}
	start = w->position[next] - 1;
	report_loop(g, a, w->path + start, w->len - start, d);
	for (size_t i = start; i < w->len; i++)
		g->waiting[w->path[i]] = 0;
	for (size_t i = start; i < w->len; i++)
		release(g, p, w->path[i]);
	place(g, p);
}

static void
report_loops(struct graph *g, struct placing *p, struct arena *a, struct diags *d)
{
	struct walk w = {
		.path = ARENA_ARRAY(a, g->specs->count, size_t),
		.position = ARENA_ARRAY(a, g->specs->count, size_t),
	};

	for (size_t i = 0; i < g->specs->count; i++) {
		w.path[0] = i;
		w.position[i] = w.len = 1;
		while (w.len > 0)
			walk_on(g, p, &w, a, d);
	}
}

/* Places all; false where a cycle is left. */
static bool
place_all(struct graph *g, struct placing *p)
{
	for (size_t i = 0; i < g->specs->count; i++)
		if (g->waiting[i] == 0)
			heap_push(p->ready, &p->ready_count, i);
	place(g, p);
	return p->placed == g->specs->count;
}

bool
dag_order(const struct specs *specs, struct arena *a, size_t *order, struct diags *d)
{
	struct graph g = build(specs, a, false);
	struct placing p = { ARENA_ARRAY(a, specs->count, size_t), order, 0, 0 };

	if (place_all(&g, &p))
		return true;
	/* a cycle of repos need not be one of branches */
	g = build(specs, a, true);
	p = (struct placing){ p.ready, order, 0, 0 };
	if (place_all(&g, &p))
		return true;
	report_loops(&g, &p, a, d);
	for (size_t i = 0; i < specs->count; i++)
		order[i] = i;
	return false;
}

/* The smallest index that means the part of `i`; shortens the way for later. */
static size_t
root_of(size_t *part, size_t i)
{
	while (part[i] != i) {
		part[i] = part[part[i]];
		i = part[i];
	}
	return i;
}

void
dag_parts(const struct specs *specs, struct arena *a, size_t *part)
{
	struct graph g = build(specs, a, false);

	for (size_t i = 0; i < specs->count; i++)
		part[i] = i;
	for (size_t i = 0; i < specs->count; i++)
		for (size_t e = g.first[i]; e != 0; e = g.edges[e].next) {
			size_t x = root_of(part, i), y = root_of(part, g.edges[e].to);

			part[x > y ? x : y] = x > y ? y : x;
		}
	for (size_t i = 0; i < specs->count; i++)
		part[i] = root_of(part, i);
}

struct dag_reads
dag_reads(const struct specs *specs, struct arena *a)
{
	struct graph g = build(specs, a, false);
	struct dag_reads out = { .first = ARENA_ARRAY(a, specs->count, size_t) };
	size_t count = 0;

	for (size_t i = 0; i < specs->count; i++) {
		out.first[i] = count;
		count += specs->list[i].input_count;
	}
	out.producer = ARENA_ARRAY(a, count, size_t);
	for (size_t i = 0; i < specs->count; i++)
		for (size_t k = 0; k < specs->list[i].input_count; k++) {
			const struct named *made = find(&g, &specs->list[i].inputs[k]);

			out.producer[out.first[i] + k] = made ? made->index : DAG_OUTSIDE;
		}
	return out;
}
