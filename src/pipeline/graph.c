#include "pipeline/graph.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "format/json_builder.h"

enum { MAX_TITLE_COLUMN = 40 };

static const char *const kinds[] = {
	[SOURCE_REPO] = "repo", [SOURCE_CRON] = "cron", [SOURCE_GIT] = "git"
};

static int
by_source(const void *left, const void *right)
{
	const struct graph_source *a = left, *b = right;
	int order = (a->source > b->source) - (a->source < b->source);

	if (order == 0)
		order = str_cmp(a->project, b->project);
	return order ? order : str_cmp(a->name, b->name);
}

static struct graph_source
source_of(const struct spec_input *input)
{
	if (input->source == SOURCE_REPO)
		return (struct graph_source){ SOURCE_REPO, input->project, input->repo };
	return (struct graph_source){ input->source, { "", 0 }, input->schedule_or_url };
}

size_t
graph_source_of(const struct graph *g, const struct spec_input *input)
{
	struct graph_source key = source_of(input);
	const struct graph_source *found =
	    bsearch(&key, g->sources, g->source_count, sizeof(key), by_source);

	return (size_t)(found - g->sources);
}

static size_t
producer_of(const struct graph *g, size_t reader, size_t input)
{
	return g->reads.producer[g->reads.first[reader] + input];
}

struct graph
graph_make(struct arena *a, const struct specs *specs, const size_t *order)
{
	struct graph g = { a, specs, order, dag_reads(specs, a), NULL, 0 };
	size_t count = 0, inputs = 0;

	for (size_t i = 0; i < specs->count; i++)
		inputs += specs->list[i].input_count;
	g.sources = ARENA_ARRAY(a, inputs, struct graph_source);
	for (size_t i = 0; i < specs->count; i++)
		for (size_t k = 0; k < specs->list[i].input_count; k++)
			if (producer_of(&g, i, k) == DAG_OUTSIDE)
				g.sources[count++] = source_of(&specs->list[i].inputs[k]);
	if (count > 1)
		qsort(g.sources, count, sizeof(*g.sources), by_source);
	for (size_t i = 0; i < count; i++)
		if (i == 0 || by_source(&g.sources[g.source_count - 1], &g.sources[i]) != 0)
			g.sources[g.source_count++] = g.sources[i];
	return g;
}

static struct str
title_of(const struct graph *g, size_t spec)
{
	const struct spec *s = &g->specs->list[spec];

	return spec_title(g->arena, s->project, s->name);
}

static struct str
source_title(const struct graph *g, const struct graph_source *s)
{
	if (s->source == SOURCE_REPO)
		return spec_title(g->arena, s->project, s->name);
	return arena_fmt(g->arena, "%s %.*s", kinds[s->source], STR_FMT(s->name));
}

/* "master" says nothing: it is what a missing branch means. */
static struct str
branch_of(const struct spec_input *input)
{
	return str_is(input->branch, "master") ? STR("") : input->branch;
}

static void
text_input(struct buf *out, const struct graph *g, size_t reader, size_t k)
{
	const struct spec_input *input = &g->specs->list[reader].inputs[k];
	size_t producer = producer_of(g, reader, k);
	struct graph_source source = source_of(input);
	struct str from = source_title(g, &source);
	struct str branch = branch_of(input);

	buf_fmt(out, "%.*s%s%.*s", STR_FMT(from), branch.len ? "@" : "", STR_FMT(branch));
	if (producer == DAG_OUTSIDE && input->source == SOURCE_REPO)
		buf_add(out, STR(" (external)"));
}

/* How many pipelines are behind each other before this one and with it: whose inputs all come from outside are 1. */
static size_t *
layers_of(const struct graph *g, size_t *last)
{
	size_t *layer = ARENA_ARRAY(g->arena, g->specs->count, size_t);

	*last = 0;
	for (size_t i = 0; i < g->specs->count; i++) {
		size_t reader = g->order[i];

		layer[reader] = 1;
		for (size_t k = 0; k < g->specs->list[reader].input_count; k++) {
			size_t producer = producer_of(g, reader, k);

			if (producer != DAG_OUTSIDE && layer[producer] >= layer[reader])
				layer[reader] = layer[producer] + 1;
		}
		*last = layer[reader] > *last ? layer[reader] : *last;
	}
	return layer;
}

static size_t
title_column(const struct graph *g)
{
	size_t width = 0;

	for (size_t i = 0; i < g->specs->count; i++) {
		size_t len = title_of(g, i).len;

		width = len > width && len <= MAX_TITLE_COLUMN ? len : width;
	}
	return width;
}

static void
text_pipeline(struct buf *out, const struct graph *g, size_t reader, size_t width)
{
	size_t inputs = g->specs->list[reader].input_count;

	buf_fmt(out, "%-*.*s", inputs ? (int)width : 0, STR_FMT(title_of(g, reader)));
	for (size_t k = 0; k < inputs; k++) {
		buf_add(out, k ? STR(", ") : STR("  reads "));
		text_input(out, g, reader, k);
	}
	buf_add_char(out, '\n');
}

void
graph_text(struct buf *out, const struct graph *g)
{
	size_t last, *layer = layers_of(g, &last), width = title_column(g);

	for (size_t n = 1; n <= last; n++) {
		bool first = true;

		if (n > 1)
			buf_add(out, STR("   |\n   v\n"));
		for (size_t i = 0; i < g->specs->count; i++) {
			if (layer[g->order[i]] != n)
				continue;
			if (first)
				buf_fmt(out, "layer %-3zu ", n);
			else
				buf_fmt(out, "%10s", "");
			text_pipeline(out, g, g->order[i], width);
			first = false;
		}
	}
}

/* How a drawing language writes nodes and arrows. */
struct language {
	const char *head, *foot, *line_end;
	const char *pipeline[2], *source[2]; /* around a label */
	void (*label)(struct buf *out, struct str text);
	void (*arrow)(struct buf *out, const char *from, const char *to, struct str branch);
};

/* Mermaid has its own entities; everything that it could take for syntax becomes one. */
static void
mermaid_label(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = (unsigned char)text.ptr[i] < ' ' ? ' ' : text.ptr[i];

		if (str_find(STR("\"#<>&`;"), c) < 7)
			buf_fmt(out, "#%d;", c);
		else
			buf_add_char(out, c);
	}
}

static void
mermaid_arrow(struct buf *out, const char *from, const char *to, struct str branch)
{
	buf_fmt(out, "  %s -->", from);
	if (branch.len > 0) {
		buf_add(out, STR("|\""));
		mermaid_label(out, branch);
		buf_add(out, STR("\"|"));
	}
	buf_fmt(out, " %s", to);
}

static const struct language mermaid = {
	.head = "flowchart LR\n",
	.foot = "",
	.line_end = "\n",
	.pipeline = { "[\"", "\"]" },
	.source = { "[(\"", "\")]" },
	.label = mermaid_label,
	.arrow = mermaid_arrow,
};

static void
dot_label(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = (unsigned char)text.ptr[i] < ' ' ? ' ' : text.ptr[i];

		if (c == '"' || c == '\\')
			buf_add_char(out, '\\');
		buf_add_char(out, c);
	}
}

static void
dot_arrow(struct buf *out, const char *from, const char *to, struct str branch)
{
	buf_fmt(out, "  %s -> %s", from, to);
	if (branch.len > 0) {
		buf_add(out, STR(" [label=\""));
		dot_label(out, branch);
		buf_add(out, STR("\"]"));
	}
}

static const struct language dot = {
	.head = "digraph pipelines {\n  rankdir=LR;\n  node [shape=box];\n",
	.foot = "}\n",
	.line_end = ";\n",
	.pipeline = { " [label=\"", "\"]" },
	.source = { " [shape=cylinder, label=\"", "\"]" },
	.label = dot_label,
	.arrow = dot_arrow,
};

static void
draw_node(struct buf *out, const struct language *l, const char *id, const char *const around[2],
    struct str label)
{
	buf_fmt(out, "  %s%s", id, around[0]);
	l->label(out, label);
	buf_fmt(out, "%s%s", around[1], l->line_end);
}

static const char *
id_of(const struct graph *g, char kind, size_t index)
{
	return arena_fmt(g->arena, "%c%zu", kind, index + 1).ptr;
}

static void
draw_arrows(struct buf *out, const struct graph *g, const struct language *l, size_t reader)
{
	const struct spec *spec = &g->specs->list[reader];

	for (size_t k = 0; k < spec->input_count; k++) {
		const struct spec_input *input = &spec->inputs[k];
		size_t producer = producer_of(g, reader, k);

		l->arrow(out,
		    producer == DAG_OUTSIDE ? id_of(g, 's', graph_source_of(g, input))
		                            : id_of(g, 'p', producer),
		    id_of(g, 'p', reader), branch_of(input));
		buf_add(out, str_of(l->line_end));
	}
}

static void
draw(struct buf *out, const struct graph *g, const struct language *l)
{
	buf_add(out, str_of(l->head));
	for (size_t i = 0; i < g->source_count; i++)
		draw_node(out, l, id_of(g, 's', i), l->source, source_title(g, &g->sources[i]));
	for (size_t i = 0; i < g->specs->count; i++)
		draw_node(
		    out, l, id_of(g, 'p', g->order[i]), l->pipeline, title_of(g, g->order[i]));
	for (size_t i = 0; i < g->specs->count; i++)
		draw_arrows(out, g, l, g->order[i]);
	buf_add(out, str_of(l->foot));
}

void
graph_mermaid(struct buf *out, const struct graph *g)
{
	draw(out, g, &mermaid);
}

void
graph_dot(struct buf *out, const struct graph *g)
{
	draw(out, g, &dot);
}

/* Leaves the object open. */
static void
open_source(struct json *j, const struct graph_source *s)
{
	json_open(j, NULL, JSON_OBJECT);
	json_text(j, "kind", kinds[s->source]);
	json_string(j, "project", s->project);
	json_string(j, "name", s->name);
}

static void
add_pipeline(struct json *j, const struct graph *g, size_t index)
{
	const struct spec *spec = &g->specs->list[index];

	json_open(j, NULL, JSON_OBJECT);
	json_string(j, "project", spec->project);
	json_string(j, "name", spec->name);
	json_text(j, "file", spec->file);
	json_uint(j, "line", spec->at.line);
	json_open(j, "reads", JSON_ARRAY);
	for (size_t k = 0; k < spec->input_count; k++) {
		struct graph_source source = source_of(&spec->inputs[k]);

		open_source(j, &source);
		json_string(j, "branch", spec->inputs[k].branch);
		json_bool(j, "pipeline", producer_of(g, index, k) != DAG_OUTSIDE);
		json_close(j);
	}
	json_close(j);
	json_close(j);
}

void
graph_json(struct buf *out, const struct graph *g)
{
	struct json j = JSON_TO(out);

	json_open(&j, NULL, JSON_OBJECT);
	json_open(&j, "pipelines", JSON_ARRAY);
	for (size_t i = 0; i < g->specs->count; i++)
		add_pipeline(&j, g, g->order[i]);
	json_close(&j);
	json_open(&j, "sources", JSON_ARRAY);
	for (size_t i = 0; i < g->source_count; i++) {
		open_source(&j, &g->sources[i]);
		json_close(&j);
	}
	json_close(&j);
	json_close(&j);
}
