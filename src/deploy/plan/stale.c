/* What has moved since a plan was made. */
#include "deploy/plan/stale.h"

#include <stdarg.h>

#include "base/arena.h"
#include "pachd/pachd.h"
#include "pipeline/removal.h"
#include "pipeline/step.h"
#include "session/run.h"

/* The moves, counted; the first is kept for the error. */
struct stale {
	struct run *run;
	struct str first;
	size_t count;
};

static void PRINTF_LIKE(2, 3) note_move(struct stale *m, const char *fmt, ...)
{
	va_list args;
	struct str text;

	va_start(args, fmt);
	text = arena_vfmt(m->run->arena, fmt, args);
	va_end(args);
	if (m->count++ == 0)
		m->first = text;
	ci_detail(&m->run->ci, "changed since the plan: %.*s", STR_FMT(text));
}

static void
check_cluster(struct stale *m, const struct plan_file *file, const struct plan_facts *facts)
{
	const struct node *cluster = node_get(file->root, "cluster");
	struct str id = node_text(node_get(cluster, "id")),
	           address = node_text(node_get(cluster, "address"));
	struct str version = node_text(node_get(cluster, "version"));
	bool has_ids = id.len > 0 && facts->cluster_id.len > 0;

	if (address.len == 0)
		note_move(m, "the plan does not name its cluster");
	else if (has_ids ? !str_eq(id, facts->cluster_id) : !str_eq(address, facts->address))
		note_move(m, "the cluster is %.*s, but the plan is for %.*s",
		    STR_FMT(has_ids ? facts->cluster_id : facts->address),
		    STR_FMT(has_ids ? id : address));
	else if (!str_eq(version, facts->server->text))
		note_move(m, "the cluster runs pachd %.*s, but the plan is for %.*s",
		    STR_FMT(facts->server->text), STR_FMT(version));
}

/* The first row that differs says enough: the others follow from it. */
static void
check_step(struct stale *m, const struct step *step, const struct node *then)
{
	struct str title = step_title(m->run->arena, step);
	struct plan_row rows[PLAN_ROWS];

	if (!then) {
		note_move(m, "pipeline '%.*s' is not in the plan", STR_FMT(title));
		return;
	}
	plan_file_rows(m->run, step, rows);
	for (size_t i = 0; i < PLAN_ROWS; i++) {
		struct str value = node_text(node_get(then, rows[i].key));

		if (!rows[i].what || str_eq(value, rows[i].value)
		    || (rows[i].is_optional && (value.len == 0 || rows[i].value.len == 0)))
			continue;
		if (rows[i].is_hash)
			note_move(m, "pipeline '%.*s': %s has changed (%s)", STR_FMT(title),
			    rows[i].what, step->spec->file);
		else
			note_move(m, "pipeline '%.*s': %s is %.*s, but the plan has %.*s",
			    STR_FMT(title), rows[i].what, STR_FMT(rows[i].value), STR_FMT(value));
		return;
	}
}

static bool
is_row_of(const struct node *row, const struct step *step)
{
	return str_eq(node_text(node_get(row, "name")), step->spec->name)
	       && str_eq(node_text(node_get(row, "project")), step->spec->project);
}

/* Both are in sending order, so the rows are mostly met as they come; what is not is searched for. */
static const struct node *
row_of(const struct node *list, const struct node **next, const struct step *step)
{
	if (*next && is_row_of(*next, step)) {
		const struct node *found = *next;

		*next = found->next;
		return found;
	}
	for (const struct node *n = list->first; n; n = n->next)
		if (is_row_of(n, step))
			return n;
	return NULL;
}

static void
check_pipelines(struct stale *m, const struct node *list, const struct plan *plan)
{
	const struct node *next = list->first;
	size_t found = 0;

	for (size_t i = 0; i < plan->count; i++) {
		const struct node *row = row_of(list, &next, &plan->steps[i]);

		found += row != NULL;
		check_step(m, &plan->steps[i], row);
	}
	for (const struct node *n = list->first; n && found < list->count; n = n->next) {
		size_t i = 0;

		while (i < plan->count && !is_row_of(n, &plan->steps[i]))
			i++;
		if (i == plan->count)
			note_move(m, "pipeline '%.*s' is in the plan, but no longer in the specs",
			    STR_FMT(node_text(node_get(n, "name"))));
	}
}

/* Each must be what it was then, and as many. */
static void
check_removals(struct stale *m, const struct node *list, const struct plan *plan)
{
	const struct node *then = list && list->kind == NODE_ARRAY ? list->first : NULL;
	struct plan_row rows[REMOVAL_ROWS];

	for (size_t i = 0; i < plan->removal_count; i++) {
		const struct removal *one = &plan->removals[i];
		struct str title = spec_title(m->run->arena, one->project, one->name);

		plan_file_removal_rows(m->run, one, rows);
		if (!then || !str_eq(node_text(node_get(then, "name")), one->name)
		    || !str_eq(node_text(node_get(then, "project")), one->project)) {
			note_move(m, "pipeline '%.*s', which left git, is not in the plan",
			    STR_FMT(title));
			return;
		}
		for (size_t k = 0; k < REMOVAL_ROWS; k++) {
			struct str value = node_text(node_get(then, rows[k].key));

			if (rows[k].what && !str_eq(value, rows[k].value))
				note_move(m,
				    "pipeline '%.*s', which left git: %s is %.*s, but the plan has "
				    "%.*s",
				    STR_FMT(title), rows[k].what, STR_FMT(rows[k].value),
				    STR_FMT(value));
		}
		then = then->next;
	}
	if (then)
		note_move(m, "pipeline '%.*s' is to be pruned in the plan, but not any more",
		    STR_FMT(node_text(node_get(then, "name"))));
}

static void
check_repos(struct stale *m, const struct node *list, const struct plan *plan)
{
	const char **now = plan_file_repos(m->run, plan);
	const struct node *then = list ? list->first : NULL;
	size_t i = 0;

	while (i < plan->repo_count && then && str_is(then->text, now[i])) {
		then = then->next;
		i++;
	}
	if (i < plan->repo_count || then)
		note_move(m, "the missing input repos differ from the plan");
}

int
plan_file_check(
    struct run *run, const struct plan_file *file, const struct plan_facts *facts, struct err *err)
{
	const struct node *list = node_get(file->root, "pipelines");
	struct stale m = { .run = run, .first = { "", 0 } };

	if (!list || list->kind != NODE_ARRAY)
		return plan_file_none(file->name, "is a plan file without pipelines", err);
	check_cluster(&m, file, facts);
	check_pipelines(&m, list, facts->plan);
	check_removals(&m, node_get(file->root, "prune"), facts->plan);
	check_repos(&m, node_get(file->root, "create_repos"), facts->plan);
	if (m.count == 0)
		return 0;
	(void)err_set(err, ERR_SUPERSEDED, "the plan in '%s' is stale: %.*s", file->name,
	    STR_FMT(str_head(m.first, 600)));
	if (m.count > 1)
		(void)err_wrap(err, "%zu things changed", m.count);
	return err_hint(err, "run 'pachup plan' again and review the new plan");
}
