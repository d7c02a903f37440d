/* graph: draws which pipeline reads what, from the specs; with a cluster, a picture also shows what runs there. */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "cmd/command_table.h"
#include "deploy/gather/gather.h"
#include "deploy/report/boxes.h"
#include "deploy/report/page.h"
#include "drawing/layout.h"
#include "drawing/svg.h"
#include "inputs/exit_code.h"
#include "pachd/pachd.h"
#include "pipeline/graph.h"
#include "session/connect.h"
#include "session/run.h"

enum { MAX_GRAPH_BYTES = 64 << 20 };

static void
draw_text(struct buf *out, const struct graph *g, enum output_form form)
{
	if (form == OUTPUT_MERMAID)
		graph_mermaid(out, g);
	else if (form == OUTPUT_DOT)
		graph_dot(out, g);
	else if (form == OUTPUT_JSON)
		graph_json(out, g);
	else
		graph_text(out, g);
}

/* Adds what the cluster runs under the pipelines' names. */
static int
add_live(struct run *run, const struct graph *g, struct drawing *d, struct err *err)
{
	size_t count = g->specs->count;
	struct pachd_target *targets = ARENA_ARRAY(run->arena, count, struct pachd_target);
	struct deployed *live = ARENA_ARRAY(run->arena, count, struct deployed);
	struct pachd *cluster;
	int rc;

	for (size_t i = 0; i < count; i++) {
		const struct spec *spec = &g->specs->list[g->order[i]];

		targets[i] = (struct pachd_target){ spec->project, spec->name };
	}
	connect_drop_token(run);
	cluster = connect_open(run, err);
	if (!cluster)
		return -1;
	rc = pachd_probe(cluster, targets, count, live, err);
	if (rc == 0) {
		connect_log_cluster(run, pachd_facts(cluster));
		page_add_facts(run, d, run->event.sha, pachd_facts(cluster));
	}
	for (size_t i = 0; rc == 0 && i < count; i++)
		box_add_live(run->arena, &d->nodes[g->source_count + i], &live[i]);
	pachd_close(cluster);
	return rc;
}

static int
show_graph(struct run *run, struct buf *text, struct err *err)
{
	if (text->len > 0 && text->ptr[text->len - 1] != '\n')
		buf_add_char(text, '\n');
	return ci_result_take(&run->ci, text, "the graph", err);
}

/* Pictures: to files, to standard output, or both. */
static int
draw_picture(struct run *run, const struct graph *g, struct err *err)
{
	struct drawing d = boxes_make(run, g, run->event.sha);
	struct buf text = BUF_INIT(MAX_GRAPH_BYTES);

	d.title = STR("Pipelines and what they read");
	if (!run->opt.cluster)
		page_add_facts(run, &d, run->event.sha, NULL);
	else if (add_live(run, g, &d, err) < 0)
		return -1;
	if (page_is_wanted(run) && page_write(run, &d, err) < 0)
		return -1;
	if (run->opt.output != OUTPUT_SVG)
		return 0;
	layout_make(run->arena, &d);
	svg_write(&text, run->arena, &d);
	return show_graph(run, &text, err);
}

int
cmd_graph(struct run *run, struct err *err)
{
	bool is_svg = run->opt.output == OUTPUT_SVG, draws = is_svg || page_is_wanted(run);
	struct buf text = BUF_INIT(MAX_GRAPH_BYTES);
	struct work work = { 0 };
	struct graph g;

	if (gather_specs(run, &work, err) < 0 || gather_show_diags(run, err) < 0)
		return -1;
	g = graph_make(run->arena, &work.specs, work.order);
	if (draws && draw_picture(run, &g, err) < 0)
		return -1;
	if (is_svg || (draws && run->opt.output == OUTPUT_AUTO))
		return EXIT_DONE;
	draw_text(&text, &g, run->opt.output);
	return show_graph(run, &text, err);
}
