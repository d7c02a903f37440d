#include "deploy/report/boxes.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "deploy/report/link.h"
#include "format/doc.h"
#include "pipeline/diff.h"
#include "session/run.h"

static const char *const source_words[] = {
	[SOURCE_REPO] = "repo", [SOURCE_CRON] = "cron", [SOURCE_GIT] = "git"
};

size_t *
boxes_places(const struct graph *g)
{
	size_t *place = ARENA_ARRAY(g->arena, g->specs->count, size_t);

	for (size_t i = 0; i < g->specs->count; i++)
		place[g->order[i]] = g->source_count + i;
	return place;
}

static void
add_edges(struct drawing *d, const struct graph *g, const size_t *place)
{
	for (size_t i = 0; i < g->specs->count; i++) {
		const struct spec *spec = &g->specs->list[g->order[i]];
		const size_t *producer = g->reads.producer + g->reads.first[g->order[i]];

		for (size_t k = 0; k < spec->input_count; k++) {
			struct str branch = spec->inputs[k].branch;

			d->edges[d->edge_count++] = (struct drawing_edge){
				.from = producer[k] == DAG_OUTSIDE
				            ? graph_source_of(g, &spec->inputs[k])
				            : place[producer[k]],
				.to = g->source_count + i,
				.label = str_is(branch, "master") ? STR("") : branch,
			};
		}
	}
}

static void
fill_source(struct arena *a, struct drawing_node *box, const struct graph_source *source)
{
	bool is_repo = source->source == SOURCE_REPO;

	*box = (struct drawing_node){
		.title = is_repo ? spec_title(a, source->project, source->name) : source->name,
		.note = str_of(source_words[source->source]),
		.look = LOOK_SOURCE,
	};
}

void
box_add_spec(struct arena *a, struct drawing_node *box, const struct node *spec)
{
	struct buf text = BUF_INIT(MAX_SPEC_BYTES);

	json_write_pretty(&text, diff_hidden_copy(a, spec));
	if (!buf_is_full(&text))
		box->spec = buf_take(&text, a);
	buf_free(&text);
}

static void
fill_pipeline(struct run *run, struct drawing_node *box, const struct spec *spec, struct str sha)
{
	struct str image = spec->image ? spec->image->text : STR("");

	*box = (struct drawing_node){ .title = spec_title(run->arena, spec->project, spec->name),
		.look = LOOK_PLAIN };
	if (spec->file)
		node_add_link(box, "file",
		    arena_fmt(run->arena, "%s:%u", spec->file, (unsigned)spec->at.line),
		    link_spec(run, sha, spec));
	node_add_fact(box, "image", image);
	if (spec->node)
		box_add_spec(run->arena, box, spec->node);
}

struct drawing
boxes_make(struct run *run, const struct graph *g, struct str sha)
{
	struct arena *a = run->arena;
	struct drawing d = { .node_count = g->source_count + g->specs->count };
	const size_t *place = boxes_places(g);
	size_t edges = 0;

	for (size_t i = 0; i < g->specs->count; i++)
		edges += g->specs->list[i].input_count;
	d.nodes = ARENA_ARRAY(a, d.node_count, struct drawing_node);
	d.edges = ARENA_ARRAY(a, edges, struct drawing_edge);
	for (size_t i = 0; i < g->source_count; i++)
		fill_source(a, &d.nodes[i], &g->sources[i]);
	for (size_t i = 0; i < g->specs->count; i++)
		fill_pipeline(run, &d.nodes[place[i]], &g->specs->list[i], sha);
	add_edges(&d, g, place);
	return d;
}

static enum drawing_look
look_of(const struct deployed *live)
{
	if (!live->exists)
		return LOOK_MISSING;
	if (live->stopped)
		return LOOK_PAUSED;
	if (str_is(live->state, "failure") || str_is(live->state, "crashing")
	    || str_is(live->last_job, "failure"))
		return LOOK_FAILED;
	if (str_is(live->state, "running") || str_is(live->state, "standby"))
		return LOOK_RUNNING;
	return live->state.len ? LOOK_STARTING : LOOK_PLAIN;
}

static bool
has_image(const struct drawing_node *box, struct str image)
{
	for (size_t i = 0; i < box->fact_count; i++)
		if (str_is(str_of(box->facts[i].name), "image")
		    && str_eq(box->facts[i].value, image))
			return true;
	return false;
}

void
box_add_live(struct arena *a, struct drawing_node *box, const struct deployed *live)
{
	struct str state = live->stopped ? STR("paused") : live->state;

	box->look = look_of(live);
	if (!live->exists) {
		box->note = STR("missing");
		return;
	}
	box->note = arena_fmt(a, "v%llu %.*s%s%.*s", (unsigned long long)live->version,
	    STR_FMT(state), live->last_job.len ? ", job " : "", STR_FMT(live->last_job));
	node_add_fact(box, "version", arena_fmt(a, "%llu", (unsigned long long)live->version));
	node_add_fact(box, "state", state);
	node_add_fact(box, "reason", live->reason);
	if (live->workers_wanted + live->workers_up > 0)
		node_add_fact(box, "workers",
		    arena_fmt(a, "%lld of %lld", (long long)live->workers_up,
		        (long long)live->workers_wanted));
	node_add_fact(box, "last job", live->last_job);
	node_add_fact(box, "commit", live->commit);
	if (!has_image(box, live->image))
		node_add_fact(box, "live image", live->image);
}
