#include "deploy/plan/community.h"

#include <stdlib.h>

#include "base/arena.h"
#include "pachd/license.h"
#include "pachd/pachd.h"
#include "pipeline/plan.h"
#include "session/run.h"
#include "wire/release.h"

struct checking {
	struct run *run;
	const struct pachd_license *license;
	const struct pachd_facts *facts;
	const struct plan *plan;
	bool is_refused; /* else the release does not look at what a transaction creates */
};

static void
refuse_pipeline(const struct checking *c, const struct step *step)
{
	struct diags *d = &c->run->diags;

	diag_hint(d,
	    diags_report(d, CHECK_PIPELINE_LIMIT, step->spec->file, step->spec->at,
	        "cannot create pipeline '%.*s': %zu pipelines exist, and pachd %.*s creates none "
	        "beyond %d without an enterprise license",
	        STR_FMT(step->spec->name), c->license->pipelines, STR_FMT(c->facts->text),
	        COMMUNITY_PIPELINES),
	    "delete pipelines that are not needed, or run: %s", c->license->remedy);
}

static void
check_count(const struct checking *c)
{
	struct diags *d = &c->run->diags;
	const struct step *step = c->plan->steps;

	if (c->license->pipelines + c->plan->created <= COMMUNITY_PIPELINES)
		return;
	while (step->action != ACTION_CREATE)
		step++;
	if (c->is_refused && c->license->pipelines >= COMMUNITY_PIPELINES)
		refuse_pipeline(c, step);
	else
		diag_hint(d,
		    diags_warn(d, CHECK_PIPELINE_LIMIT, step->spec->file, step->spec->at,
		        "%zu pipelines will exist; without an enterprise license pachd %.*s then "
		        "creates no more (at most %d)",
		        c->license->pipelines + c->plan->created, STR_FMT(c->facts->text),
		        COMMUNITY_PIPELINES),
		    "to create more later, run: %s", c->license->remedy);
}

/* A new pipeline with more workers than the limit. */
static void
check_workers(const struct checking *c, const struct step *step)
{
	struct diags *d = &c->run->diags;
	const struct node *n = node_field(node_field(step->tree, "parallelism_spec"), "constant");
	long workers = n && (n->kind == NODE_NUMBER || n->kind == NODE_STRING)
	                   ? strtol(arena_cstr(c->run->arena, n->text), NULL, 10)
	                   : 0;

	if (step->action != ACTION_CREATE || workers <= COMMUNITY_WORKERS)
		return;
	diag_hint(d,
	    (c->is_refused ? diags_error : diags_warn)(d, CHECK_PIPELINE_LIMIT, step->spec->file,
	        step->spec->at,
	        "pipeline '%.*s' has %ld workers; without an enterprise license pachd %.*s creates "
	        "pipelines with at most %d",
	        STR_FMT(step->spec->name), workers, STR_FMT(c->facts->text), COMMUNITY_WORKERS),
	    "set parallelism_spec to {constant: %d}, or run: %s", COMMUNITY_WORKERS,
	    c->license->remedy);
}

void
community_check(struct run *run, const struct pachd_license *license,
    const struct pachd_facts *facts, const struct plan *plan)
{
	bool is_alone = plan->created + plan->updated + plan->repo_count == 1;
	const struct checking c = { run, license, facts, plan, pachd_is_1x(facts) || is_alone };

	if (!license->is_limited || plan->created == 0)
		return;
	check_count(&c);
	for (size_t i = 0; i < plan->count && facts->release >= RELEASE(1, 13, 0); i++)
		check_workers(&c, &plan->steps[i]);
}
