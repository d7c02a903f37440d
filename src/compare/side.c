#include "compare/side.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/nearest.h"
#include "compare/inside.h"
#include "deploy/gather/documents.h"
#include "deploy/gather/gather.h"
#include "files/paths.h"
#include "git/repo.h"
#include "pipeline/render.h"
#include "pipeline/spec.h"
#include "session/config.h"
#include "session/run.h"
#include "session/scope.h"

/* What both sides are read with. */
struct reading {
	struct run *run;
	const struct config *config; /* NULL: there is no project file */
	struct repo *repo;           /* NULL: there is no git repository */
	const struct items *paths;
	struct items specs, lists; /* of a revision, where no paths are given */
	size_t *found;   /* for each path, or each of `specs`: how many files were found */
	bool has_images; /* image lines count: both sides are targets */
	struct diags mistakes;
	struct err *err;
};

static bool
is_directory(const char *name)
{
	struct stat st;

	return stat(name, &st) == 0 && S_ISDIR(st.st_mode);
}

static int
no_such_side(const struct reading *r, const char *name, const struct err *git)
{
	struct nearest near = nearest_to(str_of(name));

	for (const struct node *n = r->config && r->config->targets ? r->config->targets->first
	                                                            : NULL;
	     n; n = n->next)
		nearest_offer(&near, arena_cstr(r->run->arena, n->key));
	(void)err_set(r->err, ERR_USAGE,
	    "'%.200s' is neither a target of %s, nor a git revision, nor a directory", name,
	    r->config ? r->config->file : "a pachup.yaml");
	if (near.found)
		return err_hint(r->err, "did you mean '%s'?", near.found);
	return err_hint(r->err, "%s", git->hint[0] ? git->hint : "check the name");
}

/* Finds out which kind the side is; a target and a branch may have the same name. */
static int
classify(const struct reading *r, struct side *side)
{
	struct run *run = r->run;
	struct err git = { .kind = ERR_NONE };
	const struct node *targets = r->config ? r->config->targets : NULL;
	bool is_target = node_get(targets, side->name) != NULL;
	bool is_revision =
	    r->repo && repo_peel(r->repo, run->arena, str_of(side->name), &side->sha, &git) == 0;

	if (is_target && is_revision)
		ci_note(&run->ci,
		    "'%s' is taken for the target of %s, not for the git revision; write "
		    "refs/heads/%s for that",
		    side->name, r->config->file, side->name);
	if (is_target)
		side->sha = STR("");
	side->kind = is_target ? SIDE_TARGET : is_revision ? SIDE_REVISION : SIDE_DIRECTORY;
	if (side->kind != SIDE_DIRECTORY || is_directory(side->name))
		return 0;
	return no_such_side(r, side->name, &git);
}

/* Leaves templates out: a cluster renders them, and compare asks no cluster. */
static void
drop_templates(struct reading *r, const char *target, struct run *own)
{
	struct options *opt = &own->opt;

	if (opt->jsonnet.count + opt->instances.count > 0)
		ci_note(&r->run->ci,
		    "the Jsonnet templates of %s are not compared: a cluster renders them",
		    target ? target : r->config->file);
	opt->jsonnet = opt->instances = opt->args = (struct items){ NULL, 0 };
}

/* A copy of the run, with the settings of the target in the project file, or those for all. Settings of a cluster
 * that come from variables are dropped: no cluster is asked, so they cannot contradict those of the target. */
static int
make_own_run(struct reading *r, const char *target, struct run *own)
{
	static const enum input_id others[] = { IN_CLUSTER, IN_TOKEN, IN_SPECS };

	*own = *r->run;
	own->diags = diags_in(own->arena);
	own->found = &r->mistakes;
	for (size_t i = 0; i < COUNT_OF(others); i++) {
		own->in.from[others[i]] = NULL;
		own->in.count[others[i]] = 0;
		own->in.list[others[i]] = NULL;
		option_set(&own->opt, &own->in, others[i], NULL);
	}
	own->opt.specs = (struct items){ NULL, 0 };
	if (r->paths->count > 0) {
		value_give(&own->in, IN_SPECS, r->paths->list, r->paths->count, "the arguments");
		own->opt.specs = *r->paths;
	}
	if (r->config && config_apply(own, r->config, target, r->err) < 0)
		return -1;
	drop_templates(r, target, own);
	own->opt.since = NULL;
	own->opt.strict = false;
	if (!r->has_images)
		own->opt.images = (struct items){ NULL, 0 };
	return 0;
}

/* Reports mistakes that keep specs from being compared; warnings are dropped. */
static int
check_mistakes(struct reading *r, struct run *own, const char *name)
{
	struct err unheard;
	bool is_good = own->diags.count == 0 || gather_show_diags(own, &unheard) == 0;

	if (is_good && r->mistakes.errors == 0) {
		r->mistakes = diags_in(own->arena);
		return 0;
	}
	ci_diags(&r->run->ci, &r->mistakes);
	return err_set(r->err, ERR_SPEC, "the specs of '%.200s' cannot be compared", name);
}

static void
add_spec(struct run *own, struct side *side, const struct spec *spec, const struct node *sent)
{
	static const struct render plain = { .with_project = false };
	struct side_spec *out = &side->list[side->count++];
	struct str project = scope_project(own);
	struct node *node = spec_render(spec, own->arena, &plain), *pipeline;

	while ((pipeline = node_get(node, "pipeline")) != NULL)
		node_drop(node, pipeline);
	*out =
	    (struct side_spec){ .project = str_eq(spec->project, project) ? STR("") : spec->project,
		    .name = spec->name,
		    .file = spec->file,
		    .node = node,
		    .tree = meaning_of(own->arena, sent ? sent : node) };
}

int
side_spec_order(const void *left, const void *right)
{
	const struct side_spec *a = left, *b = right;
	int order = str_cmp(a->project, b->project);

	return order ? order : str_cmp(a->name, b->name);
}

static void
sort_specs(struct side *side)
{
	if (side->count > 1)
		qsort(side->list, side->count, sizeof(*side->list), side_spec_order);
}

static int
read_target(struct reading *r, struct side *side)
{
	struct run own;
	struct work work;

	if (make_own_run(r, side->name, &own) < 0)
		return -1;
	r->specs = own.target->specs;
	r->lists = own.target->lists;
	if (gather(&own, &work, r->err) < 0) {
		if (r->err->kind != ERR_SPEC || r->mistakes.errors == 0)
			return err_wrap(r->err, "target '%s'", side->name);
		return check_mistakes(r, &own, side->name);
	}
	side->list = ARENA_ARRAY(own.arena, work.count, struct side_spec);
	for (size_t i = 0; i < work.count; i++)
		add_spec(&own, side, work.list[i].spec, work.list[i].tree);
	return check_mistakes(r, &own, side->name);
}

static int
read_directory(struct reading *r, struct run *own, const struct side *side, struct work *work)
{
	struct path_list paths = { 0 };
	size_t count = r->paths->count;
	const char **names = ARENA_ARRAY(own->arena, count + 1, const char *);
	const char *fence = ci_fence(&own->ci);

	names[0] = side->name;
	for (size_t i = 0; i < count; i++)
		names[i] = arena_fmt(own->arena, "%s/%s", side->name, r->paths->list[i]).ptr;
	if (paths_expand(
	        own->arena, names, count > 0 ? count : 1, fence, path_is_spec, &paths, r->err)
	    < 0)
		return -1;
	for (size_t i = 0; i < paths.count; i++)
		if (documents_read(own, &paths.list[i], work, r->err) < 0)
			return -1;
	return 0;
}

/* Reads the files of a revision: those of the paths, else of the other side's target, else of the project file. */
static int
read_revision(struct reading *r, struct run *own, struct side *side, struct work *work)
{
	struct revision rev = {
		.repo = r->repo, .name = side->name, .sha = side->sha, .specs = r->paths
	};

	if (r->paths->count == 0) {
		if (r->specs.count + r->lists.count == 0) {
			r->specs = own->opt.specs;
			r->lists = own->opt.lists;
		}
		rev.specs = &r->specs;
		rev.lists = &r->lists;
	} else {
		rev.lists = &r->run->opt.lists;
	}
	if (!r->found)
		r->found = ARENA_ARRAY(own->arena, rev.specs->count, size_t);
	rev.found = r->found;
	return revision_read(own, &rev, work, &side->others, r->err);
}

static int
read_files(struct reading *r, struct side *side)
{
	struct run own;
	struct work work = { 0 };
	int rc;

	if (make_own_run(r, NULL, &own) < 0)
		return -1;
	rc = side->kind == SIDE_REVISION ? read_revision(r, &own, side, &work)
	                                 : read_directory(r, &own, side, &work);
	if (rc < 0)
		return -1;
	specs_check_unique(&work.specs, own.arena, &own.diags);
	side->list = ARENA_ARRAY(own.arena, work.specs.count, struct side_spec);
	for (size_t i = 0; i < work.specs.count; i++)
		add_spec(&own, side, &work.specs.list[i], NULL);
	return check_mistakes(r, &own, side->name);
}

/* Refuses a path that no side has, as other commands do. */
static int
check_found(const struct reading *r, const struct side side[2])
{
	const struct items *paths = r->paths->count > 0 ? r->paths : &r->specs;

	for (size_t i = 0; r->found && i < paths->count; i++) {
		if (r->found[i] > 0)
			continue;
		(void)err_set(r->err, ERR_USAGE, "'%.200s' is neither in '%.100s' nor in '%.100s'",
		    paths->list[i], side[0].name, side[1].name);
		return err_hint(r->err, "paths are those of files at the revision, from here");
	}
	if (side[0].count + side[1].count > 0)
		return 0;
	(void)err_set(r->err, ERR_SPEC, "no pipeline spec found in '%.200s' and '%.200s'",
	    side[0].name, side[1].name);
	return err_hint(r->err, "name the files or directories that hold the specs");
}

static int
read_both(struct reading *r, struct side out[2])
{
	for (size_t i = 0; i < 2; i++)
		if (classify(r, &out[i]) < 0)
			return -1;
	r->has_images = out[0].kind == SIDE_TARGET && out[1].kind == SIDE_TARGET;
	/* targets first: they give the files of a revision */
	for (size_t i = 0; i < 2; i++)
		if (out[i].kind == SIDE_TARGET && read_target(r, &out[i]) < 0)
			return -1;
	for (size_t i = 0; i < 2; i++)
		if (out[i].kind != SIDE_TARGET && read_files(r, &out[i]) < 0)
			return -1;
	for (size_t i = 0; i < 2; i++)
		sort_specs(&out[i]);
	return check_found(r, out);
}

int
sides_read(struct run *run, const char *const names[2], const struct items *paths,
    struct side out[2], struct err *err)
{
	struct reading r = { .run = run, .paths = paths, .err = err };
	struct err no_repo;
	int rc;

	r.mistakes = diags_in(run->arena);
	for (size_t i = 0; i < 2; i++)
		out[i] = (struct side){ .name = names[i], .sha = STR("") };
	if (config_find(run, &r.config, err) < 0)
		return -1;
	r.repo = repo_open(run->arena, ".", ci_workspace(&run->ci) != NULL, &no_repo);
	rc = read_both(&r, out);
	repo_close(r.repo);
	return rc;
}
