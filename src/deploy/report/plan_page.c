#include "deploy/report/plan_page.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "deploy/report/boxes.h"
#include "deploy/report/origin.h"
#include "deploy/report/page.h"
#include "pipeline/graph.h"
#include "pipeline/step.h"
#include "session/run.h"

enum { MAX_DIFF_BYTES = 1 << 20 };

static enum drawing_look
look_of(const struct outcome *o, const struct step *step)
{
	bool is_sent = step->action != ACTION_KEEP;

	if (step->failed || (!o->planned && is_sent && step->new_version == 0))
		return LOOK_FAILED;
	if (!o->facts)
		return LOOK_PLAIN;
	if (step_is_kept(step))
		return LOOK_SAME;
	return step->action == ACTION_CREATE ? LOOK_CREATE : LOOK_UPDATE;
}

/* "update", "update, v3 -> v4, running"; what stays as it is has its version alone. */
static struct str
note_of(struct arena *a, const struct outcome *o, const struct step *step)
{
	const struct deployed *live = step->live;
	unsigned long long old = live && live->exists ? live->version : 0;
	unsigned long long now = step->new_version;
	struct str text = str_of(step_label(o, step));

	if (now > 0 && old > 0)
		text = arena_fmt(a, "%.*s, v%llu -> v%llu", STR_FMT(text), old, now);
	else if (now + old > 0)
		text = arena_fmt(a, "%.*s, v%llu", STR_FMT(text), now + old);
	if (!o->planned)
		text = arena_fmt(a, "%.*s, %s", STR_FMT(text), step_state(o, step));
	return text;
}

static void
add_value(struct buf *out, char sign, struct str path, struct str value, struct str from)
{
	if (value.ptr)
		buf_fmt(out, "%c %.*s: %.*s%s%.*s%s\n", sign, STR_FMT(path), STR_FMT(value),
		    from.len > 0 ? "  (" : "", STR_FMT(from), from.len > 0 ? ")" : "");
}

static struct str
diff_of(struct arena *a, const struct step *step)
{
	struct buf text = BUF_INIT(MAX_DIFF_BYTES);

	for (size_t i = 0; i < step->diff.count; i++) {
		const struct difference *one = &step->diff.list[i];

		add_value(&text, '-', one->path, one->old_value, STR(""));
		add_value(&text, '+', one->path, one->new_value,
		    step->tree ? origin_of(a, step->tree, one->path) : STR(""));
	}
	if (buf_is_full(&text)) {
		buf_free(&text);
		return STR("too long to be shown here; the log and --output json have it");
	}
	return buf_take(&text, a);
}

static void
fill_box(
    struct run *run, const struct outcome *o, struct drawing_node *box, const struct step *step)
{
	struct arena *a = run->arena;
	const struct deployed *live = step->live;

	box->look = look_of(o, step);
	box->note = note_of(a, o, step);
	box->fact_count = 1; /* its file */
	node_add_fact(box, "image", step_images(a, step));
	if (live && live->exists) {
		node_add_fact(
		    box, "version", arena_fmt(a, "%llu", (unsigned long long)live->version));
		node_add_fact(box, "state", live->stopped ? STR("paused") : live->state);
		node_add_fact(box, "reason", live->reason);
		node_add_fact(box, "last job", live->last_job);
		node_add_fact(box, "commit", live->commit);
	}
	if (step->action == ACTION_UPDATE) {
		node_add_fact(box, "because of", step->why);
		node_add_fact(box, "data",
		    step->reprocess ? STR("all is processed again")
		                    : STR("existing output is kept"));
		box->diff = diff_of(a, step);
	}
	if (step->tree)
		box_add_spec(a, box, step->tree);
}

/* Repos that the plan creates are sources, too. */
static void
mark_repos(const struct plan *plan, const struct graph *g, struct drawing *d)
{
	for (size_t i = 0; i < plan->repo_count; i++)
		for (size_t k = 0; k < g->source_count; k++) {
			const struct graph_source *source = &g->sources[k];

			if (source->source != SOURCE_REPO
			    || !str_eq(source->name, plan->repos[i].name)
			    || !str_eq(source->project, plan->repos[i].project))
				continue;
			d->nodes[k].look = LOOK_CREATE;
			d->nodes[k].note = STR("create repo");
		}
}

static void
fill_removal(
    struct arena *a, const struct outcome *o, struct drawing_node *box, const struct removal *one)
{
	bool is_lost = !o->planned && one->state != REMOVAL_DONE;

	*box = (struct drawing_node){ .title = spec_title(a, one->project, one->name),
		.look = is_lost                     ? LOOK_FAILED
		        : one->kind == REMOVAL_STOP ? LOOK_STOP
		                                    : LOOK_DELETE };
	box->note = arena_fmt(a, "%s, v%llu%s%s", removal_word(one->kind),
	    (unsigned long long)one->live->version, o->planned ? "" : ", ",
	    o->planned ? "" : removal_state_word(o, one));
	node_add_fact(box, "because it", removal_cause(a, one));
	node_add_fact(box, "image", one->live->image);
	node_add_fact(
	    box, "data", one->kind == REMOVAL_WITH_DATA ? STR("is deleted, too") : STR("is kept"));
	node_add_fact(box, "cron repos", one->crons);
	node_add_fact(box, "reason", one->reason);
}

/* Pipelines that left git, behind what they read. */
static void
add_removals(struct run *run, const struct outcome *o, const struct graph *g, const size_t *place,
    struct drawing *d)
{
	const struct plan *plan = o->plan;
	size_t edges = d->edge_count, first = d->node_count;
	struct drawing_node *nodes;
	struct drawing_edge *all;

	for (size_t i = 0; i < plan->removal_count; i++)
		edges += plan->removals[i].spec->input_count;
	nodes = ARENA_ARRAY(run->arena, first + plan->removal_count, struct drawing_node);
	all = ARENA_ARRAY(run->arena, edges, struct drawing_edge);
	memcpy(nodes, d->nodes, first * sizeof(*nodes));
	if (d->edge_count > 0)
		memcpy(all, d->edges, d->edge_count * sizeof(*all));
	d->nodes = nodes;
	d->edges = all;
	for (size_t i = 0; i < plan->removal_count; i++) {
		const struct spec *spec = plan->removals[i].spec;

		fill_removal(run->arena, o, &d->nodes[d->node_count++], &plan->removals[i]);
		for (size_t k = 0; k < spec->input_count; k++) {
			const struct spec_input *input = &spec->inputs[k];
			size_t maker = specs_find(g->specs, input->project, input->repo);
			size_t other = removal_maker(plan->removals, plan->removal_count, input);
			bool is_of_files = maker < g->specs->count;

			if (is_of_files || other < plan->removal_count)
				d->edges[d->edge_count++] = (struct drawing_edge){
					.from = is_of_files ? place[maker] : first + other,
					.to = first + i,
					.label = STR(""),
				};
		}
	}
}

int
plan_page_write(struct run *run, const struct outcome *o, struct err *err)
{
	const struct specs *specs = &o->work->specs;
	struct drawing d;
	struct graph g;
	size_t *place;

	if (!page_is_wanted(run) || !o->work->order)
		return 0;
	g = graph_make(run->arena, specs, o->work->order);
	d = boxes_make(run, &g, o->work->commit.sha);
	d.title = outcome_title(run->arena, o, run->opt.command_name);
	page_add_facts(run, &d, o->work->commit.sha, o->facts);
	place = boxes_places(&g);
	for (size_t i = 0; i < specs->count; i++)
		d.nodes[place[i]].look = LOOK_SAME; /* what input `since` leaves out has no step */
	for (size_t i = 0; i < o->plan->count; i++)
		fill_box(run, o, &d.nodes[place[o->plan->steps[i].spec - specs->list]],
		    &o->plan->steps[i]);
	mark_repos(o->plan, &g, &d);
	if (o->plan->removal_count > 0)
		add_removals(run, o, &g, place, &d);
	return page_write(run, &d, err);
}
