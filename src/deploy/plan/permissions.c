#include "deploy/plan/permissions.h"

#include "base/arena.h"
#include "pachd/pachd.h"
#include "pachd/preflight.h"
#include "wire/release.h"

enum { OWN_RIGHTS = 2 }; /* of a pipeline: in its project, and on its output repo */

/* Who asks, and where the answers go. */
struct asking {
	struct arena *arena;
	const struct requirements *needs;
	const struct pachd_facts *facts;
	struct rights *out;
};

/* A right on a repo: what the user may do with it, and whether that takes the role of a writer or of a reader. */
static void
add_right(const struct asking *q, struct span at, const struct pachd_repo *repo, const char *may,
    bool writes, bool held)
{
	static const char *const roles[2][2] = { { "repoReader", "repoWriter" },
		{ "READER", "WRITER" } };
	const struct pachd_target *t = &repo->target;
	struct str title = spec_title(q->arena, q->facts->projects ? t->project : STR(""), t->name);

	q->out->list[q->out->count++] = (struct right){
		.at = at,
		.role = { t->project, t->name, roles[pachd_is_1x(q->facts)][writes] },
		.may = arena_fmt(q->arena, "%s repo '%.*s'", may, STR_FMT(title)),
		.reported = repo->rights.reported,
		.held = held,
	};
}

/* A new pipeline is noted as a reader of its inputs; on an update that has happened before. */
static void
add_input(const struct asking *q, const struct spec_input *input, bool is_new)
{
	const struct pachd_repo *repo = requirements_repo(q->needs, input->project, input->repo);
	const struct pachd_rights *r;
	const char *may = "read from";
	bool reads, held;

	if (input->source != SOURCE_REPO || !repo || repo->known != PACHD_PRESENT)
		return;
	r = &repo->rights;
	reads = r->read && (r->add_reader || !is_new);
	held = reads && (r->create_branch || !input->has_trigger);
	if (reads && !held)
		may = "create the trigger branch in";
	else if (r->read && !reads)
		may = "add readers to";
	add_right(q, input->at, repo, may, input->has_trigger, held);
}

struct right
right_in_project(struct arena *a, const struct requirements *needs, struct span at,
    struct str project, const char *what)
{
	const struct pachd_project *p = requirements_project(needs, project);

	return (struct right){
		.at = at,
		.role = { project, STR(""), "projectWriter" },
		.may = arena_fmt(a, "create %s in project '%.*s'", what, STR_FMT(project)),
		.reported = p && p->rights.reported && p->known != PACHD_MISSING,
		.held = p && p->rights.create_repo,
	};
}

/* From 2.6 on a repo is created only by who may create one in its project, and that is asked before whether the repo
 * is there. An update creates the repo of the pipeline's statistics, unless it is a service or a spout, and those of
 * cron inputs once more (CreatePipelineInTransaction in src/server/pps/server/api_server.go and createRepo in
 * src/server/pfs/server/driver.go of 2.6.0 to 2.11.6). */
static bool
creates_repos(const struct pachd_facts *facts, const struct spec *spec, bool is_new)
{
	bool has_no_statistics =
	    node_field(spec->node, "service") != NULL || node_field(spec->node, "spout") != NULL;

	if (facts->release < RELEASE(2, 6, 0))
		return false;
	for (size_t i = 0; i < spec->input_count; i++)
		if (spec->inputs[i].tick_repo.len > 0)
			return true;
	return is_new || !has_no_statistics;
}

struct rights
rights_of(struct arena *a, const struct requirements *needs, const struct pachd_facts *facts,
    const struct spec *spec, bool is_new)
{
	struct rights out = { ARENA_ARRAY(a, spec->input_count + OWN_RIGHTS, struct right), 0 };
	const struct asking q = { a, needs, facts, &out };
	const struct pachd_repo *own = requirements_repo(needs, spec->project, spec->name);

	if (creates_repos(facts, spec, is_new) && requirements_project(needs, spec->project))
		out.list[out.count++] = right_in_project(
		    a, needs, spec->at, spec->project, is_new ? "a pipeline" : "repos");
	if (!is_new && own)
		add_right(&q, spec->at, own, "write to", true,
		    own->rights.write && own->rights.create_branch);
	for (size_t i = 0; i < spec->input_count; i++)
		add_input(&q, &spec->inputs[i], is_new);
	return out;
}
