#include "values/patch.h"

#include "base/arena.h"
#include "base/nearest.h"
#include "files/glob.h"
#include "values/merge.h"

/* Recursion is as deep as the file, which its reader limits. */
static void
name_file(struct node *n, const char *file)
{
	n->at.file = file;
	n->key_at.file = file;
	for (n = n->first; n; n = n->next)
		name_file(n, file);
}

static enum patch_scope
scope_of(struct str pattern)
{
	if (str_is(pattern, "*"))
		return PATCH_ALL;
	return glob_is_pattern(pattern) ? PATCH_GLOB : PATCH_NAME;
}

static void
read_patch(struct patches *p, const char *file, const struct node *member)
{
	p->list = arena_grow(p->arena, p->list, p->count, &p->room, sizeof(*p->list));
	p->list[p->count++] = (struct patch){
		.scope = scope_of(member->key), .pattern = member->key, .file = file, .node = member
	};
}

/* Reports what values cannot do. */
static void
check_patch(const char *file, const struct node *member, struct diags *d)
{
	const struct node *identity = node_get(member, "pipeline");

	if (member->kind != NODE_OBJECT && member->kind != NODE_NULL)
		diag_hint(d,
		    diags_error(d, CHECK_VALUES, file, member->at,
		        "the values of '%.*s' are neither an object nor null",
		        STR_FMT(member->key)),
		    "write fields of the spec, or null where the pipeline is not in this target");
	if (identity)
		diag_hint(d,
		    diags_error(d, CHECK_VALUES, file, identity->key_at,
		        "values cannot change a pipeline's name or project"),
		    "remove 'pipeline'; use the project of the target");
	if (member->kind == NODE_NULL && scope_of(member->key) == PATCH_ALL)
		diag_hint(d,
		    diags_error(d, CHECK_VALUES, file, member->at,
		        "'*': null would leave no pipeline in the target"),
		    "name the pipelines that are not in this target");
}

static void
read_pipelines(struct patches *p, const char *file, const struct node *pipelines, struct diags *d)
{
	if (pipelines->kind == NODE_NULL)
		return;
	if (pipelines->kind != NODE_OBJECT) {
		diag_hint(d,
		    diags_error(
		        d, CHECK_VALUES, file, pipelines->at, "'pipelines' is not an object"),
		    "write names of pipelines, each with the fields that are different");
		return;
	}
	for (enum patch_scope scope = 0; scope < PATCH_SCOPE_COUNT; scope++)
		for (const struct node *n = pipelines->first; n; n = n->next)
			if (scope_of(n->key) == scope)
				read_patch(p, file, n);
	for (const struct node *n = pipelines->first; n; n = n->next)
		check_patch(file, n, d);
}

void
patches_read(struct patches *p, struct doc *doc, struct diags *d)
{
	struct node *top = doc->first;

	if (!top)
		return;
	if (doc->count > 1 || top->kind != NODE_OBJECT) {
		diag_hint(d,
		    diags_error(d, CHECK_VALUES, doc->file, top->next ? top->next->at : top->at,
		        doc->count > 1 ? "a values file has one document"
		                       : "a values file is an object"),
		    "write 'pipelines:' and below it the names of pipelines");
		return;
	}
	name_file(top, doc->file);
	for (const struct node *n = top->first; n; n = n->next) {
		struct nearest near = nearest_to(n->key);

		if (str_is(n->key, "pipelines")) {
			read_pipelines(p, doc->file, n, d);
			continue;
		}
		nearest_offer(&near, "pipelines");
		diag_hint(d,
		    diags_error(d, CHECK_VALUES, doc->file, n->key_at,
		        "unknown key '%.*s' in a values file", STR_FMT(n->key)),
		    near.found ? "did you mean '%s'?" : "the only key is 'pipelines'", near.found);
	}
}

/* A pattern with a '/' is one of PROJECT/NAME. */
static bool
patch_matches(const struct patch *one, struct arena *a, struct str project, struct str name)
{
	struct str pattern = one->pattern;

	if (one->scope == PATCH_ALL)
		return true;
	if (str_find(pattern, '/') < pattern.len)
		name = arena_fmt(a, "%.*s/%.*s",
		    STR_FMT(project.len > 0 ? project : STR("default")), STR_FMT(name));
	return one->scope == PATCH_NAME ? str_eq(pattern, name) : glob_match(pattern, name);
}

void
patches_match(struct patches *p, struct str project, struct str name)
{
	for (size_t i = 0; i < p->count; i++)
		if (!p->list[i].is_used && patch_matches(&p->list[i], p->arena, project, name))
			p->list[i].is_used = true;
}

static void
apply_patch(
    const struct patches *p, const struct patch *one, struct node *document, struct diags *d)
{
	const struct merge m = { p->arena, one->file, d };
	struct node rest = *one->node, **end = &rest.first;

	/* `rest` gets copies of all members but "inputs", which is not a field of a spec */
	rest.first = NULL;
	for (const struct node *n = one->node->first; n; n = n->next) {
		struct node *copy;

		if (str_is(n->key, "inputs")) {
			merge_inputs(&m, document, n);
			continue;
		}
		copy = ARENA_NEW(p->arena, struct node);
		*copy = *n;
		copy->next = NULL;
		*end = copy;
		end = &copy->next;
	}
	merge_object(&m, shape_of_spec(), document, &rest);
}

struct node *
patches_apply(
    struct patches *p, struct node *document, struct str project, struct str name, struct diags *d)
{
	struct node *out = document, *next = document->next;

	for (size_t i = 0; i < p->count; i++) {
		struct patch *one = &p->list[i];

		if (!patch_matches(one, p->arena, project, name))
			continue;
		one->is_used = true;
		if (one->node->kind == NODE_NULL)
			out = NULL;
		else if (one->node->kind == NODE_OBJECT && out) {
			if (out == document)
				out = node_copy(p->arena, document);
			apply_patch(p, one, out, d);
		}
	}
	if (out)
		out->next = next;
	return out;
}

void
patches_check_used(const struct patches *p, const struct str *names, size_t count, struct diags *d)
{
	for (size_t i = 0; i < p->count; i++) {
		const struct patch *one = &p->list[i];
		struct nearest near = nearest_to(one->pattern);
		struct diag *fault;

		if (one->is_used)
			continue;
		for (size_t k = 0; k < count; k++)
			nearest_offer(&near, arena_cstr(p->arena, names[k]));
		fault = diags_error(d, CHECK_VALUES, one->file, one->node->key_at,
		    one->scope == PATCH_NAME ? "no pipeline of the target is called '%.*s'"
		                             : "no pipeline of the target matches '%.*s'",
		    STR_FMT(one->pattern));
		if (near.found)
			diag_hint(d, fault, "did you mean '%s'?", near.found);
		else
			diag_hint(d, fault, "remove it, or add the pipeline to the target's specs");
	}
}
