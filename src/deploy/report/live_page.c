#include "deploy/report/live_page.h"

#include "base/arena.h"
#include "deploy/report/boxes.h"
#include "deploy/report/page.h"
#include "pachd/pachd.h"
#include "pachd/pps/history.h"
#include "pipeline/dag.h"
#include "pipeline/graph.h"
#include "session/run.h"

/* The document that says what it reads; NULL: nothing does. */
static struct node *
document_of(const struct pachd *cluster, const struct live_row *row)
{
	struct err unreadable;

	if (row->live->exists)
		return pachd_stored_spec(cluster, row->live, &unreadable);
	return row->spec ? row->spec->node : NULL;
}

/* A spec for each row, in their order, under the row's own name. */
static struct specs
read_rows(struct arena *a, const struct pachd *cluster, const struct live_row *rows, size_t count)
{
	struct specs specs = { .list = ARENA_ARRAY(a, count, struct spec), .count = count };

	for (size_t i = 0; i < count; i++) {
		struct node *document = document_of(cluster, &rows[i]);
		struct diags ignored = diags_in(a);
		struct specs one = { .count = 0 };

		if (document)
			spec_read(&one, a, "", document, rows[i].project, &ignored);
		if (one.count > 0)
			specs.list[i] = one.list[0];
		specs.list[i].project = rows[i].project;
		specs.list[i].name = rows[i].name;
		specs.list[i].file = rows[i].spec ? rows[i].spec->file : NULL;
		specs.list[i].at = rows[i].spec ? rows[i].spec->at : (struct span){ 0 };
	}
	return specs;
}

/* "12 pipelines: 1 failed, 11 running" */
static struct str
title_of(struct arena *a, const struct drawing *d, size_t pipelines)
{
	struct str title = arena_fmt(a, "%zu pipeline%s", pipelines, pipelines == 1 ? "" : "s");
	size_t counts[LOOK_COUNT] = { 0 };
	const char *sign = ": ";

	for (size_t i = 0; i < d->node_count; i++)
		counts[d->nodes[i].look]++;
	for (size_t i = 0; i < LOOK_SOURCE; i++)
		if (counts[i] > 0) {
			title = arena_fmt(
			    a, "%.*s%s%zu %s", STR_FMT(title), sign, counts[i], drawing_looks[i]);
			sign = ", ";
		}
	return title;
}

int
live_page_write(struct run *run, struct pachd *cluster, const struct live_row *rows, size_t count,
    struct err *err)
{
	struct arena *a = run->arena;
	struct diags ignored = diags_in(a);
	size_t *order = ARENA_ARRAY(a, count, size_t), *place;
	struct specs specs;
	struct drawing d;
	struct graph g;

	if (!page_is_wanted(run))
		return 0;
	specs = read_rows(a, cluster, rows, count);
	(void)dag_order(&specs, a, order, &ignored); /* a circle is drawn as it is */
	g = graph_make(a, &specs, order);
	d = boxes_make(run, &g, run->event.sha);
	place = boxes_places(&g);
	for (size_t i = 0; i < count; i++)
		box_add_live(a, &d.nodes[place[i]], rows[i].live);
	d.title = title_of(a, &d, count);
	d.refresh_s = run->opt.refresh_ms / 1000;
	page_add_facts(run, &d, run->event.sha, pachd_facts(cluster));
	return page_write(run, &d, err);
}
