#include "deploy/gather/overlay.h"

#include "base/arena.h"
#include "deploy/gather/lists.h"
#include "deploy/gather/templates.h"
#include "files/paths.h"
#include "pipeline/spec.h"
#include "session/config.h"
#include "session/read.h"
#include "session/run.h"
#include "session/scope.h"

int
overlay_read(struct run *run, struct patches *out, struct err *err)
{
	const struct items *files = &run->opt.values;

	*out = (struct patches){ .arena = run->arena };
	for (size_t i = 0; i < files->count; i++) {
		struct str text;
		struct doc *doc;

		if (run_read(run, files->list[i], &text, err) < 0)
			return config_place(run, IN_VALUES, err);
		sources_add(&run->sources, run->arena, files->list[i], text);
		doc = doc_parse(run->arena, files->list[i], text, &run->diags);
		patches_read(out, doc, &run->diags);
	}
	return 0;
}

/* The pipeline that a document is about; spec_read() reports what is wrong with it. */
static bool
identity_of(
    const struct run *run, const struct node *document, struct str *project, struct str *name)
{
	const struct node *pipeline = node_field(document, "pipeline");

	*name = node_text(node_field(pipeline, "name"));
	*project = node_text(node_field(node_field(pipeline, "project"), "name"));
	if (project->len == 0)
		*project = scope_project(run);
	return name->len > 0;
}

struct node *
overlay_apply(struct run *run, struct patches *patches, const char *file, struct node *document)
{
	struct str project, name;
	struct node *out;

	if (patches->count == 0 || !identity_of(run, document, &project, &name))
		return document;
	out = patches_apply(patches, document, project, name, &run->diags);
	if (!out)
		ci_log(&run->ci, "pipeline '%.*s' (%s) is not in this target: its values are null",
		    STR_FMT(spec_title(run->arena, project, name)), file);
	return out;
}

/* The names in one more file of the target; its mistakes are found when it is pushed. */
static int
match_file(struct run *run, struct patches *patches, const char *path, struct err *err)
{
	struct diags unheard = diags_in(run->arena);
	struct str text, project, name;
	struct doc *doc;

	if (run_read(run, path, &text, err) < 0)
		return -1;
	doc = doc_parse(run->arena, path, text, &unheard);
	for (const struct node *n = doc->first; n; n = n->next)
		if (spec_is_one(n) && identity_of(run, n, &project, &name))
			patches_match(patches, project, name);
	return 0;
}

/* All specs of the target, where the run reads only some. */
static int
match_others(struct run *run, struct patches *patches, struct err *err)
{
	struct options all = run->opt;
	struct path_list paths = { 0 };
	struct lists lists;
	const char **names;
	size_t count;
	int rc;

	if (!run->target || (run->target->specs.count == 0 && run->target->lists.count == 0))
		return 0;
	/* lists_read() and lists_add_to() look at the run's own inputs */
	run->opt.specs = run->target->specs;
	run->opt.lists = run->target->lists;
	rc = lists_read(run, ci_fence(&run->ci), &lists, err);
	names = rc == 0 ? lists_add_to(run, &lists, &count) : NULL;
	run->opt = all;
	if (rc < 0
	    || paths_expand(run->arena, names, count, ci_fence(&run->ci), path_is_spec, &paths, err)
	           < 0)
		return -1;
	for (size_t i = 0; i < paths.count; i++)
		if (!paths.list[i].is_stdin
		    && match_file(run, patches, paths.list[i].name, err) < 0)
			return -1;
	return 0;
}

static bool
is_all_used(const struct patches *patches)
{
	for (size_t i = 0; i < patches->count; i++)
		if (!patches->list[i].is_used)
			return false;
	return true;
}

int
overlay_check(struct run *run, struct patches *patches, const struct specs *specs, struct err *err)
{
	struct str *names = ARENA_ARRAY(run->arena, specs->count, struct str);

	/* the names that the target's templates make are known only when they are rendered */
	if (is_all_used(patches)
	    || (run->target && run->target->has_templates && !templates_are_asked(&run->opt)))
		return 0;
	if (match_others(run, patches, err) < 0)
		return -1;
	for (size_t i = 0; i < specs->count; i++)
		names[i] = specs->list[i].name;
	patches_check_used(patches, names, specs->count, &run->diags);
	return 0;
}
