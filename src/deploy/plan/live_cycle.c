#include "deploy/plan/live_cycle.h"

#include "base/arena.h"
#include "deploy/gather/gather.h"
#include "pachd/pps/history.h"
#include "pachd/pps/poll.h"
#include "pipeline/dag.h"
#include "pipeline/plan.h"
#include "pipeline/step.h"
#include "session/run.h"

enum { MAX_LIVE = 1000 };

/* What is known so far: the specs of the files, then those of live pipelines. */
struct known {
	struct run *run;
	struct pachd *cluster;
	struct specs specs;
	struct pachd_target *asked; /* in the order in which they were asked for */
	size_t asked_count, asked_room;
};

static bool
is_asked(const struct known *k, const struct pachd_target *t)
{
	for (size_t i = 0; i < k->asked_count; i++)
		if (str_eq(k->asked[i].name, t->name) && str_eq(k->asked[i].project, t->project))
			return true;
	return false;
}

/* Notes the repos that nobody known makes: a live pipeline may. */
static void
want_inputs(struct known *k, const struct spec *spec)
{
	for (size_t i = 0; i < spec->input_count; i++) {
		const struct spec_input *input = &spec->inputs[i];
		struct pachd_target target = { input->project, input->repo };

		if (input->source != SOURCE_REPO || k->asked_count == MAX_LIVE
		    || is_asked(k, &target)
		    || specs_find(&k->specs, target.project, target.name) < k->specs.count)
			continue;
		k->asked = arena_grow(
		    k->run->arena, k->asked, k->asked_count, &k->asked_room, sizeof(*k->asked));
		k->asked[k->asked_count++] = target;
	}
}

/* Adds what runs under these names as if it were a file. */
static int
learn_live(struct known *k, size_t from, struct err *err)
{
	struct arena *a = k->run->arena;
	size_t count = k->asked_count - from, before = k->specs.count;
	struct deployed *live = ARENA_ARRAY(a, count, struct deployed);
	struct diags ignored = diags_in(a);
	struct err unheard;

	if (pachd_inspect(k->cluster, a, k->asked + from, count, live, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		struct node *tree =
		    live[i].exists ? pachd_stored_spec(k->cluster, &live[i], &unheard) : NULL;

		if (tree)
			spec_read(&k->specs, a, "in the cluster", tree, k->asked[from + i].project,
			    &ignored);
	}
	for (size_t i = before; i < k->specs.count; i++) {
		k->specs.list[i].at = (struct span){ 0 };
		want_inputs(k, &k->specs.list[i]);
	}
	return 0;
}

/* The specs that updates with another input lead to, over other specs; false: there are none. */
static bool
find_reached(struct run *run, const struct work *work, const struct plan *plan, bool *reached)
{
	struct dag_reads reads = dag_reads(&work->specs, run->arena);
	bool found = false, again;

	for (size_t i = 0; i < plan->count; i++)
		if (step_changes_input(&plan->steps[i])) {
			reached[plan->steps[i].spec - work->specs.list] = true;
			found = true;
		}
	do {
		again = false;
		for (size_t i = 0; i < work->specs.count; i++)
			for (size_t n = 0; reached[i] && n < work->specs.list[i].input_count; n++) {
				size_t producer = reads.producer[reads.first[i] + n];

				if (producer == DAG_OUTSIDE || reached[producer])
					continue;
				reached[producer] = true;
				again = true;
			}
	} while (again);
	return found;
}

int
live_cycle_check(struct run *run, struct pachd *cluster, const struct work *work,
    const struct plan *plan, struct err *err)
{
	size_t files = work->specs.count;
	bool *reached = ARENA_ARRAY(run->arena, files, bool);
	struct known k = { .run = run, .cluster = cluster };
	size_t *order;

	if (!find_reached(run, work, plan, reached))
		return 0;
	k.specs.list = ARENA_ARRAY(run->arena, files, struct spec);
	k.specs.count = k.specs.room = files;
	for (size_t i = 0; i < files; i++)
		k.specs.list[i] = work->specs.list[i];
	for (size_t i = 0; i < files; i++)
		if (reached[i])
			want_inputs(&k, &k.specs.list[i]);
	for (size_t from = 0, next; from < k.asked_count; from = next) {
		next = k.asked_count;
		if (learn_live(&k, from, err) < 0)
			return -1;
	}
	if (k.specs.count == files)
		return 0;
	order = ARENA_ARRAY(run->arena, k.specs.count, size_t);
	(void)dag_order(&k.specs, run->arena, order, &run->diags);
	return 0;
}
