#include "deploy/report/picture.h"

#include <string.h>

#include "base/arena.h"
#include "ci/markdown.h"
#include "pipeline/graph.h"
#include "pipeline/step.h"

enum { MAX_NODES = 150, MAX_EDGES = 300, MAX_BYTES = 30000, PICTURE_ROOM = 1 << 16 };

struct picture {
	struct arena *arena;
	const struct outcome *o;
	struct graph graph;
	const struct step **steps; /* of each spec */
	bool *shown;               /* each spec, then each source */
};

/* How a box looks: on light and on dark pages, and not by its colour alone. */
static const char styles[] =
    "  classDef create fill:#dafbe1,stroke:#1a7f37,color:#1f2328\n"
    "  classDef update fill:#fff8c5,stroke:#9a6700,color:#1f2328\n"
    "  classDef failed fill:#ffebe9,stroke:#cf222e,color:#1f2328,stroke-width:3px\n"
    "  classDef same fill:#f6f8fa,stroke:#8c959f,color:#1f2328\n"
    "  classDef source fill:#ffffff,stroke:#8c959f,color:#1f2328,stroke-dasharray:4\n";

/* Of pipelines that left git, where there are some. */
static const char removal_styles[] =
    "  classDef stop fill:#fbefff,stroke:#8250df,color:#1f2328\n"
    "  classDef delete fill:#ffebe9,stroke:#cf222e,color:#1f2328,stroke-dasharray:6 3\n";

static const char *
class_of(const struct outcome *o, const struct step *step)
{
	if (!step || (step_is_kept(step) && !step->failed))
		return "same";
	if (step->failed || (!o->planned && step->action != ACTION_KEEP && step->new_version == 0))
		return "failed";
	return step->action == ACTION_CREATE ? "create" : "update";
}

/* "edges (update)"; what stays as it is has no word. */
static void
add_pipeline(struct buf *out, const struct picture *p, size_t spec)
{
	const struct spec *s = &p->graph.specs->list[spec];
	const struct step *step = p->steps[spec];
	const char *class = class_of(p->o, step);

	buf_fmt(out, "  p%zu[\"", spec + 1);
	md_mermaid(out, spec_title(p->arena, s->project, s->name));
	if (strcmp(class, "same") != 0)
		buf_fmt(out, " (%s)", strcmp(class, "failed") == 0 ? class : step_action(step));
	buf_fmt(out, "\"]:::%s\n", class);
}

static void
add_source(struct buf *out, const struct picture *p, size_t index)
{
	const struct graph_source *s = &p->graph.sources[index];

	buf_fmt(out, "  s%zu[(\"", index + 1);
	md_mermaid(
	    out, s->source == SOURCE_REPO ? spec_title(p->arena, s->project, s->name) : s->name);
	buf_add(out, STR("\")]:::source\n"));
}

static size_t
input_count(const struct picture *p, size_t spec)
{
	return p->graph.specs->list[spec].input_count;
}

/* What input k of the spec reads: the place in p->shown. */
static size_t
read_by(const struct picture *p, size_t spec, size_t k)
{
	size_t producer = p->graph.reads.producer[p->graph.reads.first[spec] + k];

	if (producer != DAG_OUTSIDE)
		return producer;
	return p->graph.specs->count
	       + graph_source_of(&p->graph, &p->graph.specs->list[spec].inputs[k]);
}

/* True for an input of the same spec that reads the same before. */
static bool
is_drawn_before(const struct picture *p, size_t spec, size_t k)
{
	for (size_t i = 0; i < k; i++)
		if (read_by(p, spec, i) == read_by(p, spec, k))
			return true;
	return false;
}

static void
add_arrows(struct buf *out, const struct picture *p, size_t spec)
{
	size_t specs = p->graph.specs->count;

	for (size_t k = 0; k < input_count(p, spec); k++) {
		size_t from = read_by(p, spec, k);

		if (!p->shown[from] || is_drawn_before(p, spec, k))
			continue;
		buf_fmt(out, "  %c%zu --> p%zu\n", from < specs ? 'p' : 's',
		    (from < specs ? from : from - specs) + 1, spec + 1);
	}
}

/* Which spec of the files makes what the input reads; their count: none does. */
static size_t
maker_of(const struct picture *p, const struct spec_input *input)
{
	return specs_find(p->graph.specs, input->project, input->repo);
}

/* What pipelines read that left git. */
static void
show_read_by_removals(const struct picture *p)
{
	for (size_t i = 0; i < p->o->plan->removal_count; i++) {
		const struct spec *spec = p->o->plan->removals[i].spec;

		for (size_t k = 0; k < spec->input_count; k++) {
			size_t maker = maker_of(p, &spec->inputs[k]);

			if (maker < p->graph.specs->count)
				p->shown[maker] = true;
		}
	}
}

/* What changes, what it reads, and who reads it. */
static void
show_neighbours(const struct picture *p)
{
	size_t specs = p->graph.specs->count;
	bool *core = ARENA_ARRAY(p->arena, specs, bool);

	memset(p->shown, 0, (specs + p->graph.source_count) * sizeof(*p->shown));
	for (size_t i = 0; i < specs; i++)
		core[i] = p->shown[i] = strcmp(class_of(p->o, p->steps[i]), "same") != 0;
	show_read_by_removals(p);
	for (size_t i = 0; i < specs; i++)
		for (size_t k = 0; k < input_count(p, i); k++) {
			size_t from = read_by(p, i, k);

			if (core[i])
				p->shown[from] = true;
			else if (from < specs && core[from])
				p->shown[i] = true;
		}
}

/* Nothing where anything is beyond a limit. */
static bool
fits_limits(const struct picture *p)
{
	size_t specs = p->graph.specs->count, nodes = p->o->plan->removal_count, edges = 0;

	for (size_t i = 0; i < specs + p->graph.source_count; i++)
		nodes += p->shown[i];
	for (size_t i = 0; i < specs; i++)
		for (size_t k = 0; p->shown[i] && k < input_count(p, i); k++)
			edges += p->shown[read_by(p, i, k)];
	return nodes > 0 && nodes <= MAX_NODES && edges <= MAX_EDGES;
}

/* Pipelines that left git, behind what they read. */
static void
add_removals(struct buf *out, const struct picture *p)
{
	const struct plan *plan = p->o->plan;

	for (size_t i = 0; i < plan->removal_count; i++) {
		const struct removal *one = &plan->removals[i];
		const char *word = removal_word(one->kind);
		bool is_lost = !p->o->planned && one->state != REMOVAL_DONE;

		buf_fmt(out, "  r%zu[\"", i + 1);
		md_mermaid(out, spec_title(p->arena, one->project, one->name));
		buf_fmt(out, " (%s%s)\"]:::%s\n", word, is_lost ? " failed" : "",
		    is_lost ? "failed" : word);
	}
	for (size_t i = 0; i < plan->removal_count; i++) {
		const struct spec *spec = plan->removals[i].spec;

		for (size_t k = 0; k < spec->input_count; k++) {
			size_t maker = maker_of(p, &spec->inputs[k]);
			size_t other =
			    removal_maker(plan->removals, plan->removal_count, &spec->inputs[k]);

			if (maker < p->graph.specs->count && p->shown[maker])
				buf_fmt(out, "  p%zu --> r%zu\n", maker + 1, i + 1);
			else if (other < plan->removal_count)
				buf_fmt(out, "  r%zu --> r%zu\n", other + 1, i + 1);
		}
	}
}

static bool
add_all(struct buf *out, const struct picture *p)
{
	size_t specs = p->graph.specs->count;
	struct buf text = BUF_INIT(PICTURE_ROOM);
	bool good;

	buf_fmt(&text, "flowchart LR\n%s%s", styles,
	    p->o->plan->removal_count > 0 ? removal_styles : "");
	for (size_t i = 0; i < p->graph.source_count; i++)
		if (p->shown[specs + i])
			add_source(&text, p, i);
	for (size_t i = 0; i < specs; i++)
		if (p->shown[p->graph.order[i]])
			add_pipeline(&text, p, p->graph.order[i]);
	for (size_t i = 0; i < specs; i++)
		if (p->shown[p->graph.order[i]])
			add_arrows(&text, p, p->graph.order[i]);
	add_removals(&text, p);
	good = !buf_is_full(&text) && text.len <= MAX_BYTES;
	if (good)
		buf_add(out, buf_str(&text));
	buf_free(&text);
	return good;
}

/* Nothing is known where the plan is not one of specs (a rollback's are the cluster's). */
static bool
join_steps(struct picture *p)
{
	const struct specs *specs = &p->o->work->specs;
	size_t found = 0;

	for (size_t i = 0; i < p->o->plan->count; i++) {
		const struct step *step = &p->o->plan->steps[i];

		for (size_t k = 0; k < specs->count; k++)
			if (step->spec == &specs->list[k]) { /* a spec has one step */
				p->steps[k] = step;
				found++;
			}
	}
	return found > 0;
}

enum picture_extent
picture_draw(struct buf *out, struct arena *a, const struct outcome *o)
{
	const struct work *work = o->work;
	size_t specs = work->specs.count;
	struct picture p = { .arena = a, .o = o };

	if (specs == 0 || !work->order)
		return PICTURE_NONE;
	p.graph = graph_make(a, &work->specs, work->order);
	p.steps = ARENA_ARRAY(a, specs, const struct step *);
	p.shown = ARENA_ARRAY(a, specs + p.graph.source_count, bool);
	if (!join_steps(&p))
		return PICTURE_NONE;
	memset(p.shown, 1, (specs + p.graph.source_count) * sizeof(*p.shown));
	if (fits_limits(&p) && add_all(out, &p))
		return PICTURE_ALL;
	show_neighbours(&p);
	return fits_limits(&p) && add_all(out, &p) ? PICTURE_CHANGES : PICTURE_NONE;
}
