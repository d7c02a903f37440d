#include "pipeline/spec.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/nearest.h"
#include "pipeline/credential.h"

const char *
spec_origin(const struct spec *spec)
{
	return spec->template ? spec->template : spec->file;
}

bool
spec_is_one(const struct node *document)
{
	if (document->kind != NODE_OBJECT)
		return false;
	return node_get(document, "pipeline")
	       || (node_get(document, "transform") && node_get(document, "input"));
}

/* The member where it is there and not null, which counts as not there. */
static const struct node *
member(const struct node *object, const char *field)
{
	const struct node *n = node_field(object, field);

	return n && n->kind != NODE_NULL ? n : NULL;
}

/* A member that must be a string; NULL when it is not there or wrong (then it is in `d`). */
static const struct node *
string_member(const struct node *object, const char *field, const char *file, struct diags *d)
{
	const struct node *n = member(object, field);

	if (!n || n->kind == NODE_STRING)
		return n;
	diag_hint(d, diags_error(d, CHECK_WRONG_TYPE, file, n->at, "'%s' is not a string", field),
	    "put it in double quotes");
	return NULL;
}

static void
read_name(struct spec *spec, struct str project, struct diags *d)
{
	const struct node *pipeline = node_field(spec->node, "pipeline");
	const struct node *name, *own;

	spec->at = spec->node->at;
	if (!pipeline || pipeline->kind != NODE_OBJECT) {
		diag_hint(d,
		    diags_error(d, CHECK_NAME_MISSING, spec->file,
		        pipeline ? pipeline->at : spec->node->at,
		        pipeline ? "'pipeline' is not an object" : "the spec has no 'pipeline'"),
		    "add \"pipeline\": {\"name\": \"…\"}");
		return;
	}
	name = string_member(pipeline, "name", spec->file, d);
	if (!name || name->text.len == 0) {
		if (!member(pipeline, "name") || name)
			diag_hint(d,
			    diags_error(d, CHECK_NAME_MISSING, spec->file,
			        name ? name->at : pipeline->at, "the pipeline has no name"),
			    "add \"pipeline\": {\"name\": \"…\"}");
		return;
	}
	spec->name = name->text;
	spec->at = name->at;
	own = node_field(pipeline, "project");
	own = own && own->kind == NODE_OBJECT ? string_member(own, "name", spec->file, d) : NULL;
	spec->project = own && own->text.len ? own->text : project;
}

static void
read_image(struct spec *spec, struct diags *d)
{
	const struct node *transform = node_field(spec->node, "transform");
	const struct node *misplaced = node_get(spec->node, "image");

	if (transform && transform->kind == NODE_OBJECT)
		spec->image = string_member(transform, "image", spec->file, d);
	if (spec->image && spec->image->text.len == 0)
		spec->image = NULL;
	if (misplaced)
		diag_hint(d,
		    diags_error(d, CHECK_IMAGE_MISPLACED, spec->file, misplaced->key_at,
		        "'image' is in the wrong place"),
		    "move it to \"transform\"");
}

/* The same where no mistake is reported: the text, or the empty view. */
static struct str
text_member(const struct node *object, const char *field)
{
	return node_text(member(object, field));
}

static void
add_input(struct spec *spec, struct arena *a, struct spec_input input)
{
	spec->inputs = arena_grow(
	    a, spec->inputs, spec->input_count, &spec->input_room, sizeof(*spec->inputs));
	spec->inputs[spec->input_count++] = input;
}

/* Whether a member may be the mistyped field, which is reported as an unknown one. */
static bool
is_mistyped(const struct node *object, const char *field)
{
	for (const struct node *n = object->first; n; n = n->next) {
		struct nearest near = nearest_to(n->key);

		nearest_offer(&near, field);
		if (near.found && !str_is(n->key, field))
			return true;
	}
	return false;
}

static void
add_repo(struct spec *spec, struct arena *a, const struct node *leaf, struct diags *d)
{
	const struct node *repo = string_member(leaf, "repo", spec->file, d);
	struct str project = text_member(leaf, "project"); /* the encoder reports another type */

	if (!repo || repo->text.len == 0) {
		if ((!member(leaf, "repo") || repo) && !is_mistyped(leaf, "repo"))
			diag_hint(d,
			    diags_error(d, CHECK_INPUT_REPO, spec->file, repo ? repo->at : leaf->at,
			        "the input has no repo"),
			    "add \"repo\": \"…\"");
		return;
	}
	add_input(spec, a,
	    (struct spec_input){
	        .source = SOURCE_REPO,
	        .project = project.len > 0 ? project : spec->project,
	        .repo = repo->text,
	        .branch = text_member(leaf, "branch"),
	        .has_trigger = member(leaf, "trigger") != NULL,
	        .at = repo->at,
	    });
}

/* pachd makes the repo of a clock's ticks: the one that is named, else PIPELINE_INPUT (setInputDefaults). */
static struct str
tick_repo(const struct spec *spec, struct arena *a, const struct node *leaf)
{
	struct str named = text_member(leaf, "repo"), name = text_member(leaf, "name");

	if (named.len > 0 || name.len == 0)
		return named;
	return arena_fmt(a, "%.*s_%.*s", STR_FMT(spec->name), STR_FMT(name));
}

/* A leaf that no pipeline of the set can make: a clock or a git host. */
static void
add_source(struct spec *spec, struct arena *a, const struct node *leaf, enum spec_source source)
{
	add_input(spec, a,
	    (struct spec_input){
	        .source = source,
	        .project = spec->project,
	        .schedule_or_url = credential_hide_users(
	            a, text_member(leaf, source == SOURCE_CRON ? "spec" : "url")),
	        .tick_repo =
	            source == SOURCE_CRON ? tick_repo(spec, a, leaf) : (struct str){ "", 0 },
	        .at = leaf->at,
	    });
}

static void
read_leaves(struct spec *spec, struct arena *a, const struct node *input, struct diags *d)
{
	static const struct {
		const char *key;
		enum spec_source source;
	} leaves[] = {
		{ "pfs", SOURCE_REPO },
		{ "atom", SOURCE_REPO },
		{ "cron", SOURCE_CRON },
		{ "git", SOURCE_GIT },
	};

	for (size_t i = 0; i < COUNT_OF(leaves); i++) {
		const struct node *leaf = node_get(input, leaves[i].key);

		if (!leaf || leaf->kind != NODE_OBJECT)
			continue;
		if (leaves[i].source == SOURCE_REPO)
			add_repo(spec, a, leaf, d);
		else
			add_source(spec, a, leaf, leaves[i].source);
	}
}

/* Walks the input tree. Its depth is bounded by MAX_SPEC_DEPTH, so recursion is fine. */
static void
read_input(struct spec *spec, struct arena *a, const struct node *input, struct diags *d)
{
	static const char *const groups[] = { "cross", "join", "group", "union" };

	if (!input || input->kind != NODE_OBJECT)
		return;
	read_leaves(spec, a, input, d);
	for (size_t i = 0; i < COUNT_OF(groups); i++) {
		const struct node *group = node_get(input, groups[i]);

		for (const struct node *n = group ? group->first : NULL; n; n = n->next)
			if (group->kind == NODE_ARRAY)
				read_input(spec, a, n, d);
	}
}

/* Orders to a server, which pachctl or a request carries, are not part of a pipeline. */
static void
check_orders(const struct spec *spec, struct diags *d)
{
	static const char *const orders[] = { "update", "reprocess", "dry_run", "spec_commit" };

	for (size_t i = 0; i < COUNT_OF(orders); i++) {
		const struct node *n = member(spec->node, orders[i]);

		if (n && !(n->kind == NODE_BOOL && str_is(n->text, "false")))
			diag_hint(d,
			    diags_report(d, CHECK_COMMAND_FIELD, spec->file, n->key_at,
			        "'%s' is a command, not part of a pipeline; in a file it takes "
			        "effect on every push",
			        orders[i]),
			    "remove it; use input 'reprocess' when needed");
	}
}

void
spec_read(struct specs *specs, struct arena *a, const char *file, struct node *document,
    struct str project, struct diags *d)
{
	struct spec spec = { .file = file, .node = document };
	const struct node *reprocess = node_field(document, "reprocess");

	read_name(&spec, project, d);
	read_image(&spec, d);
	check_orders(&spec, d);
	spec.reprocess =
	    reprocess && reprocess->kind == NODE_BOOL && str_is(reprocess->text, "true");
	spec.output_branch = text_member(document, "output_branch");
	if (spec.output_branch.len == 0)
		spec.output_branch = STR("master");
	read_input(&spec, a, node_field(document, "input"), d);
	if (spec.name.len == 0)
		return;
	ARENA_ADD(a, specs, spec);
}

static int
by_title(const void *left, const void *right)
{
	const struct spec *a = *(const struct spec *const *)left;
	const struct spec *b = *(const struct spec *const *)right;
	int order = str_cmp(a->project, b->project);

	if (order == 0)
		order = str_cmp(a->name, b->name);
	return order ? order : (a > b) - (a < b); /* in the order in which they were read */
}

void
specs_read_text(
    struct specs *specs, struct arena *a, const char *file, struct str text, struct str project)
{
	struct diags ignored = diags_in(a);
	struct node *next;

	for (struct node *n = doc_parse(a, file, text, &ignored)->first; n; n = next) {
		next = n->next;
		if (spec_is_one(n))
			spec_read(specs, a, file, n, project, &ignored);
	}
}

size_t
specs_find(const struct specs *specs, struct str project, struct str name)
{
	size_t i = 0;

	while (i < specs->count
	       && !(str_eq(specs->list[i].name, name) && str_eq(specs->list[i].project, project)))
		i++;
	return i;
}

void
specs_check_unique(const struct specs *specs, struct arena *a, struct diags *d)
{
	const struct spec **sorted = ARENA_ARRAY(a, specs->count, const struct spec *);
	const struct spec *first;

	for (size_t i = 0; i < specs->count; i++)
		sorted[i] = &specs->list[i];
	if (specs->count > 1)
		qsort(sorted, specs->count, sizeof(*sorted), by_title);
	first = specs->count ? sorted[0] : NULL;
	for (size_t i = 1; i < specs->count; i++) {
		const struct spec *one = sorted[i];

		if (!str_eq(first->name, one->name) || !str_eq(first->project, one->project)) {
			first = one;
			continue;
		}
		diag_hint(d,
		    diags_error(d, CHECK_DUPLICATE_PIPELINE, one->file, one->at,
		        "pipeline '%.*s' is defined twice, first at %s:%u:%u",
		        STR_FMT(spec_title(a, one->project, one->name)), first->file,
		        first->at.line, first->at.col),
		    "remove one of the two, or one file from the specs");
	}
}

/* A pipeline by what Kubernetes calls its workers (PipelineRcName): PROJECT-NAME, lower-cased, with '-' for '_'. */
struct folded {
	struct str name;
	const struct spec *spec;
};

static int
by_folded(const void *left, const void *right)
{
	const struct folded *a = left, *b = right;
	int order = str_cmp(a->name, b->name);

	return order ? order : (a->spec > b->spec) - (a->spec < b->spec);
}

static struct str
fold(struct arena *a, const struct spec *spec)
{
	struct str project = spec->project.len ? spec->project : STR("default");
	struct str name = arena_fmt(a, "%.*s-%.*s", STR_FMT(project), STR_FMT(spec->name));
	char *text = arena_cstr(a, arena_lower(a, name));

	for (size_t i = 0; i < name.len; i++)
		if (text[i] == '_')
			text[i] = '-';
	return (struct str){ text, name.len };
}

void
specs_check_names(const struct specs *specs, struct arena *a, struct diags *d)
{
	struct folded *sorted = ARENA_ARRAY(a, specs->count, struct folded);

	for (size_t i = 0; i < specs->count; i++)
		sorted[i] = (struct folded){ fold(a, &specs->list[i]), &specs->list[i] };
	if (specs->count > 1)
		qsort(sorted, specs->count, sizeof(*sorted), by_folded);
	for (size_t i = 1; i < specs->count; i++) {
		const struct spec *first = sorted[i - 1].spec, *one = sorted[i].spec;

		if (!str_eq(sorted[i - 1].name, sorted[i].name)
		    || (str_eq(first->name, one->name) && str_eq(first->project, one->project)))
			continue;
		diag_hint(d,
		    diags_report(d, CHECK_NAME_IN_KUBERNETES, one->file, one->at,
		        "pipelines '%.*s' and '%.*s' (%s:%u:%u) get the same name in Kubernetes",
		        STR_FMT(spec_title(a, one->project, one->name)),
		        STR_FMT(spec_title(a, first->project, first->name)), first->file,
		        first->at.line, first->at.col),
		    "rename one of the two: pachd lower-cases names and replaces '_' by '-'");
	}
}

struct str
spec_title(struct arena *a, struct str project, struct str name)
{
	if (project.len == 0 || str_is(project, "default"))
		return name;
	return arena_fmt(a, "%.*s/%.*s", STR_FMT(project), STR_FMT(name));
}

const char *
spec_project_flag(struct arena *a, struct str project)
{
	if (project.len == 0 || str_is(project, "default"))
		return "";
	return arena_fmt(a, " --project %.*s", STR_FMT(project)).ptr;
}
