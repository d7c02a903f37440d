#include "deploy/preview/gates.h"

#include "base/arena.h"
#include "data/commit.h"
#include "data/result.h"
#include "deploy/preview/preview.h"
#include "pipeline/spec.h"
#include "session/config_preview.h"
#include "session/run.h"

static int
bad_gate(const struct preview *preview, struct str text, struct err *err)
{
	return err_wrap(
	    err, "gate '%.*s' of target '%s'", STR_FMT(text), preview->run->target_name);
}

/* "PLACE CONDITION": the place has no blank. */
static int
read_gate(struct preview *preview, const char *text, struct preview_gate *out, struct err *err)
{
	struct arena *a = preview->run->arena;
	struct str whole = str_of(text);
	size_t blank = str_find(whole, ' ');
	const char *place = arena_cstr(a, str_head(whole, blank));
	const char *condition = arena_cstr(a, str_trim(str_tail(whole, blank)));

	*out = (struct preview_gate){ .text = whole };
	if (place_parse(a, place, STR(""), &out->place, err) < 0
	    || condition_parse(a, condition, &out->condition, err) < 0)
		return bad_gate(preview, whole, err);
	if (out->place.at.ref.len == 0 || (!out->condition.counts && out->place.path.len == 0)) {
		(void)err_set(err, ERR_USAGE, "it names no %s",
		    out->place.at.ref.len == 0 ? "branch" : "file");
		(void)bad_gate(preview, whole, err);
		return err_hint(err, "write for example 'model@master:/metrics.json .rmse < 60'");
	}
	for (size_t i = 0; i < preview->member_count; i++)
		if (str_eq(preview->members[i].spec->name, out->place.at.repo)) {
			out->is_here = true;
			out->base_project = preview->members[i].base_project;
		}
	return 0;
}

int
gates_read(struct preview *preview, struct err *err)
{
	const struct items *texts = &preview->keys->gates;

	preview->gates = ARENA_ARRAY(preview->run->arena, texts->count, struct preview_gate);
	for (; preview->gate_count < texts->count; preview->gate_count++)
		if (read_gate(preview, texts->list[preview->gate_count],
		        &preview->gates[preview->gate_count], err)
		    < 0)
			return -1;
	return 0;
}

/* The value in one project, and whether the condition holds there. */
static int
judge_gate(struct preview *preview, struct pachd *cluster, const struct preview_gate *gate,
    struct str project, bool *holds, struct str *value, struct err *err)
{
	struct run *run = preview->run;
	struct place place = gate->place;
	const struct node *document = NULL;
	struct pfs_commit commit;
	size_t count;

	place.at.project = project;
	/* production is not waited for, nor what nobody waits for */
	if (commit_resolve(run, cluster, &place,
	        str_eq(project, preview->project) && run->opt.wait == WAIT_JOBS, &commit, err)
	    < 0)
		return -1;
	if (!gate->condition.counts)
		return result_read(run, cluster, &commit, &place, &document, err) < 0
		               || condition_holds(
		                      run->arena, &gate->condition, document, holds, value, err)
		                      < 0
		           ? -1
		           : 0;
	if (result_count(run, cluster, &commit, gate->condition.dir, &count, err) < 0)
		return -1;
	*holds = condition_holds_count(&gate->condition, count);
	*value = arena_fmt(run->arena, "%zu", count);
	return 0;
}

void
gates_judge(struct preview *preview, struct pachd *cluster)
{
	for (size_t i = 0; i < preview->gate_count; i++) {
		struct preview_gate *gate = &preview->gates[i];
		struct err why;
		bool ignored;

		if (!gate->is_here)
			continue;
		gate->is_judged = true;
		gate->has_before = judge_gate(preview, cluster, gate, gate->base_project, &ignored,
		                       &gate->before, &why)
		                   == 0;
		gate->has_value = judge_gate(preview, cluster, gate, preview->project, &gate->holds,
		                      &gate->value, &why)
		                  == 0;
		if (!gate->has_value)
			gate->why = arena_fmt(preview->run->arena, "%s", why.text);
		gate->holds = gate->holds && gate->has_value;
	}
}

size_t
gates_broken(const struct preview *preview)
{
	size_t broken = 0;

	for (size_t i = 0; i < preview->gate_count; i++)
		broken += preview->gates[i].is_here && !preview->gates[i].holds;
	return broken;
}
