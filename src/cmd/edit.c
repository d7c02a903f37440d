#include "cmd/edit.h"

#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/limits.h"
#include "deploy/gather/gather.h"
#include "files/read.h"
#include "format/dockerfile.h"
#include "inputs/run.h"

const char *
edit_name(const struct editing *e)
{
	return e->path->is_stdin ? STDIN_NAME : e->path->name;
}

static struct str
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return str_of(slash ? slash + 1 : path);
}

static void
note_change(struct editing *e, const struct retag *r)
{
	struct setting *all = e->all;
	struct arena *a = all->run->arena;

	all->changes = arena_grow(
	    a, all->changes, all->change_count, &all->change_room, sizeof(*all->changes));
	all->changes[all->change_count++] = (struct change){
		.file = edit_name(e),
		.at = r->at,
		.project = arena_str(a, r->project),
		.name = arena_str(a, r->name),
		.old = arena_str(a, r->old),
		.new = arena_str(a, r->new),
	};
}

/* An anchor's value is seen again at each alias: it is edited once, and only to one thing. */
static bool
is_known(struct editing *e, const struct retag *r)
{
	struct diags *d = &e->all->run->diags;

	/* mostly they come as they stand in the file */
	if (e->count == 0 || r->edits[0].at.offset > e->edits[e->count - 1].at.offset)
		return false;
	for (size_t i = 0; i < e->count; i++) {
		if (e->edits[i].at.offset != r->edits[0].at.offset || r->edits[0].at.len == 0)
			continue;
		if (!str_eq(e->edits[i].text, r->edits[0].text))
			diag_hint(d,
			    diags_error(d, CHECK_IMAGE_EDIT, edit_name(e), r->at,
			        "pipelines share this image through an anchor but need different "
			        "images"),
			    "write the image separately for each pipeline");
		return true;
	}
	return false;
}

static void
add_retag(struct editing *e, const struct retag *r)
{
	struct diags *d = &e->all->run->diags;

	if (r->fault)
		diag_hint(d,
		    diags_error(d, CHECK_IMAGE_EDIT, edit_name(e), r->at, "image '%.*s': %s",
		        STR_FMT(r->old), r->fault),
		    "%s", r->hint);
	if (r->fault || is_known(e, r))
		return;
	for (size_t i = 0; i < r->edit_count; i++) {
		e->edits = arena_grow(e->arena, e->edits, e->count, &e->room, sizeof(*e->edits));
		e->edits[e->count++] = r->edits[i];
	}
	note_change(e, r);
}

static void
edit_dockerfile(struct editing *e)
{
	struct froms froms = dockerfile_read(e->arena, e->source);
	struct retag r;

	for (size_t i = 0; i < froms.count; i++) {
		const struct from *from = &froms.list[i];

		if (from->is_variable)
			ci_log(&e->all->run->ci,
			    "%s:%u:%u: skipped '%.*s': it depends on a build argument",
			    edit_name(e), from->at.line, from->at.col, STR_FMT(from->image));
		else if (!from->is_variable && retag_from(&r, &e->all->work.rules, from))
			add_retag(e, &r);
	}
}

/* What the rule's image is called at least, wherever it is written: "a/b" also for docker.io/a/b. */
static struct str
short_name(const struct rule *rule)
{
	static const char *const heads[] = { "docker.io/", "library/" };
	struct str name = rule->kind == RULE_PIPELINE ? rule->name : rule->repo;

	for (size_t i = 0; i < COUNT_OF(heads); i++)
		if (str_starts(name, heads[i]))
			name = str_tail(name, strlen(heads[i]));
	return name;
}

/* The first thing that is to be edited whose name the text holds; empty: none. */
static struct str
find_named(const struct editing *e)
{
	const struct rules *rules = &e->all->work.rules;

	for (size_t i = 0; i < rules->count; i++) {
		struct str name = short_name(&rules->list[i]);

		if (name.len > 0 && str_holds(e->source, name))
			return name;
	}
	return (struct str){ "", 0 };
}

/* The mistakes, which end nothing. */
static void
warn_broken(struct editing *e, const struct diags *found)
{
	struct diags *d = &e->all->run->diags;

	for (size_t i = 0; i < found->count; i++) {
		const struct diag *one = &found->list[i];

		diag_hint(d,
		    diags_warn(d, one->check, one->file, one->at,
		        "%.*s; the file is left unchanged", STR_FMT(one->what)),
		    "%.*s", STR_FMT(one->hint));
	}
}

/* A broken file. Only what would be edited has to be sound: an error where a spec was meant, or the user named
 * it, and it holds what is to be edited (any value may be, by --set). Else a warning, or nothing where it is nothing to us. True: its mistakes
 * end the run. */
static bool
judge_broken(struct editing *e, const struct diags *found)
{
	bool is_named = e->path->origin == PATH_NAMED;
	bool is_ours = is_named || gather_meant_as_spec(e->source);
	struct str name = find_named(e);

	if ((is_ours && name.len > 0) || (is_named && e->all->assigns.count > 0))
		return true;
	if (is_ours)
		warn_broken(e, found);
	else if (name.len > 0)
		ci_warn(&e->all->run->ci,
		    "%s:%u:%u: %.*s; the file is left unchanged, although it contains '%.*s'",
		    edit_name(e), found->list[0].at.line, found->list[0].at.col,
		    STR_FMT(found->list[0].what), STR_FMT(name));
	return false;
}

/* False when the file holds no images that this command knows. */
static bool
edit_images(struct editing *e, const struct doc *doc)
{
	struct run *run = e->all->run;
	struct image_places places = { 0 };
	struct str project =
	    run->in.text[IN_PROJECT] ? str_of(run->in.text[IN_PROJECT]) : STR("default");
	enum select_kinds kinds =
	    strcmp(run->in.text[IN_KINDS], "known") == 0 ? SELECT_KNOWN : SELECT_ANY;
	bool known = false;
	struct retag r;

	for (const struct node *n = doc->first; n; n = n->next)
		known = select_images(&places, e->arena, e->path->name, n, kinds) || known;
	for (size_t i = 0; i < places.count; i++) {
		struct image_place *place = &places.list[i];

		if (place->name.len > 0 && place->project.len == 0)
			place->project = project;
		if (retag_place(&r, e->arena, &e->all->work.rules, e->source, place))
			add_retag(e, &r);
	}
	return known;
}

/* False when the file holds nothing that this command knows. */
static bool
edit_documents(struct editing *e)
{
	struct run *run = e->all->run;
	struct diags found = diags_in(run->arena);
	struct doc *doc = doc_parse_any(e->arena, edit_name(e), e->source, &found);
	bool known;

	if (found.errors > 0) {
		if (!judge_broken(e, &found))
			return false;
		diags_add(&run->diags, &found);
		return true;
	}
	known = edit_images(e, doc);
	for (const struct node *n = doc->first; n; n = n->next)
		known = edit_values(e, n) || known;
	return known;
}

/* Reads one file and finds what changes in it; e->arena is the caller's to end. */
int
edit_file(struct editing *e, struct err *err)
{
	int rc = e->path->is_stdin ? fd_read(
	             e->arena, STDIN_FILENO, "standard input", MAX_SPEC_BYTES, &e->source, err)
	                           : file_read_in(e->arena, e->path->name,
	                               ci_fence(&e->all->run->ci), MAX_SPEC_BYTES, &e->source, err);

	if (rc < 0)
		return -1;
	if (dockerfile_is_name(base_name(e->path->name)))
		edit_dockerfile(e);
	else if (!edit_documents(e))
		e->all->skipped++;
	return 0;
}
