#include "edit/edit.h"

#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "deploy/gather/gather.h"
#include "files/read.h"
#include "retag/dockerfile.h"
#include "session/run.h"
#include "session/scope.h"

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

static const struct edit *
edit_of(const struct editing *e, size_t offset)
{
	return e->edit_at && e->edit_at[offset] > 0 ? &e->edits[e->edit_at[offset] - 1] : NULL;
}

/* The edit of a scalar; that of a block scalar ('|', '>') is behind its first line. */
static const struct edit *
edit_within(const struct editing *e, const struct node *n)
{
	size_t end = n->at.offset + (n->style == STYLE_BLOCK ? n->at.len : 1);
	const struct edit *found = NULL;

	for (size_t at = n->at.offset; at < end && !found; at++)
		found = edit_of(e, at);
	return found;
}

enum edit_fate
edit_add(struct editing *e, const struct edit *one)
{
	const struct edit *there = edit_of(e, one->at.offset);

	if (there)
		return there->at.len == one->at.len && str_eq(there->text, one->text)
		           ? EDIT_KNOWN
		           : EDIT_CLASHES;
	if (!e->edit_at)
		e->edit_at = ARENA_ARRAY(e->arena, e->source.len + 1, uint32_t);
	e->edits = arena_grow(e->arena, e->edits, e->count, &e->room, sizeof(*e->edits));
	e->edits[e->count++] = *one;
	e->edit_at[one->at.offset] = (uint32_t)e->count;
	return EDIT_ADDED;
}

void
edit_complain(struct editing *e, struct span at, struct str what, struct str hint)
{
	struct diags *d = &e->all->run->diags;

	diag_hint(d, diags_error(d, CHECK_IMAGE_EDIT, edit_name(e), at, "%.*s", STR_FMT(what)),
	    "%.*s", STR_FMT(hint));
}

static void
add_retag(struct editing *e, const struct retag *r)
{
	bool is_new = false, clashes = false;

	if (r->fault) {
		edit_complain(e, r->at,
		    arena_fmt(e->arena, "image '%.*s': %s", STR_FMT(r->old), r->fault),
		    str_of(r->hint));
		return;
	}
	for (size_t i = 0; i < r->edit_count; i++) {
		enum edit_fate fate = edit_add(e, &r->edits[i]);

		is_new = is_new || fate == EDIT_ADDED;
		clashes = clashes || fate == EDIT_CLASHES;
	}
	if (clashes && r->name.len > 0)
		edit_complain(e, r->at,
		    STR("pipelines share this image through an anchor but need different images"),
		    STR("write the image separately for each pipeline"));
	else if (clashes)
		edit_complain(e, r->at,
		    STR("images share a part through an anchor but need different ones"),
		    STR("write the part separately for each image"));
	else if (is_new)
		note_change(e, r);
}

/* One image of a Dockerfile, and what becomes of it. */
struct base {
	struct retag retag;
	bool changes, unknown;
};

/* The argument whose value the edit changes; NULL: none. */
static const struct variable *
argument_of(const struct editing *e, const struct froms *froms, const struct edit *one)
{
	for (size_t i = 0; i < froms->args.count; i++) {
		const struct variable *arg = &froms->args.list[i];
		size_t start = (size_t)(arg->value.ptr - e->source.ptr);

		if (arg->value.ptr && one->at.offset >= start
		    && one->at.offset < start + arg->value.len)
			return arg;
	}
	return NULL;
}

static bool
has_edit(const struct retag *r, const struct edit *one)
{
	for (size_t i = 0; i < r->edit_count; i++)
		if (r->edits[i].at.offset == one->at.offset)
			return true;
	return false;
}

static bool
has_same_edit(const struct base *base, const struct edit *one)
{
	for (size_t i = 0; base->changes && i < base->retag.edit_count; i++)
		if (base->retag.edits[i].at.offset == one->at.offset
		    && base->retag.edits[i].at.len == one->at.len
		    && str_eq(base->retag.edits[i].text, one->text))
			return true;
	return false;
}

/* An image that the argument serves, too, and that would become another one than its own line wants; NULL: none. */
static const struct from *
shared_with(const struct froms *froms, const struct base *bases, const struct variable *arg,
    const struct edit *one)
{
	for (size_t i = 0; i < froms->count; i++)
		if (froms->list[i].takes_arguments && template_uses(froms->list[i].image, arg->name)
		    && !has_same_edit(&bases[i], one))
			return &froms->list[i];
	return NULL;
}

static void
add_base(struct editing *e, const struct froms *froms, const struct base *bases, size_t i)
{
	const struct from *from = &froms->list[i], *other;
	const struct retag *r = &bases[i].retag;
	struct ci *ci = &e->all->run->ci;

	if (bases[i].unknown)
		ci_log(ci, "%s:%u:%u: skipped '%.*s': it depends on a build argument", edit_name(e),
		    from->at.line, from->at.col, STR_FMT(from->image));
	if (!bases[i].changes)
		return;
	for (size_t k = 0; k < r->edit_count; k++) {
		const struct variable *arg = argument_of(e, froms, &r->edits[k]);

		other = arg ? shared_with(froms, bases, arg, &r->edits[k]) : NULL;
		if (other) {
			ci_note(ci,
			    "%s:%u:%u: '%.*s' stays: argument '%.*s' also serves '%.*s' in line %u",
			    edit_name(e), from->at.line, from->at.col, STR_FMT(from->image),
			    STR_FMT(arg->name), STR_FMT(other->image), other->at.line);
			return;
		}
	}
	add_retag(e, r);
}

/* Whoever asks for the changes may not want this one. */
static bool
may_set(struct editing *e, const struct retag *r)
{
	return !e->all->may_set || e->all->may_set(e->all, edit_name(e), r);
}

static void
edit_dockerfile(struct editing *e)
{
	struct froms froms = dockerfile_read(e->arena, e->source);
	struct base *bases = ARENA_ARRAY(e->arena, froms.count, struct base);

	for (size_t i = 0; i < froms.count; i++) {
		bases[i].changes = retag_from(&bases[i].retag, e->arena, &e->all->work.rules,
		    e->source, &froms, &froms.list[i], &bases[i].unknown);
		bases[i].changes = bases[i].changes && may_set(e, &bases[i].retag);
	}
	for (size_t i = 0; i < froms.count; i++) {
		add_base(e, &froms, bases, i);
		edit_see(e, froms.list[i].at);
	}
}

/* The mistakes, which end nothing; `more` is what becomes of the file. */
static void
warn_broken(struct editing *e, const struct diags *found, struct str more)
{
	struct diags *d = &e->all->run->diags;

	for (size_t i = 0; i < found->count; i++) {
		const struct diag *one = &found->list[i];

		diag_hint(d,
		    diags_warn(d, one->check, one->file, one->at, "%.*s; %.*s", STR_FMT(one->what),
		        STR_FMT(more)),
		    "%.*s", STR_FMT(one->hint));
	}
}

/* A broken file that cannot be edited. True: the user named it, and it may hold what is to be edited; its mistakes end
 * the run. Else a warning, or nothing where it is nothing to us. */
static bool
judge_broken(struct editing *e, const struct diags *found)
{
	bool is_named = e->path->origin == PATH_NAMED;
	struct str name = rules_find(&e->all->work.rules, e->source);
	struct str more = STR("the file is left unchanged");

	if (is_named && (name.len > 0 || e->all->work.assigns.count > 0))
		return true;
	if (name.len > 0)
		more = arena_fmt(e->all->run->arena, "%.*s, although it contains '%.*s'",
		    STR_FMT(more), STR_FMT(name));
	if (is_named || gather_meant_as_spec(e->all->run->arena, e->source))
		warn_broken(e, found, more);
	else if (name.len > 0)
		ci_warn(&e->all->run->ci, "%s:%u:%u: %.*s; %.*s", edit_name(e),
		    found->list[0].at.line, found->list[0].at.col, STR_FMT(found->list[0].what),
		    STR_FMT(more));
	return false;
}

/* How many mistakes are keys that are there twice: what is not below one of them is clear. */
static size_t
count_twice(const struct diags *found, bool only_errors)
{
	size_t count = 0;

	for (size_t i = 0; i < found->count; i++)
		count += found->list[i].check == CHECK_DUPLICATE_KEY
		         && (!only_errors || found->list[i].level == DIAG_ERROR);
	return count;
}

/* Whether the node is below a key that is there twice. */
static bool
is_below_twice(const struct node *n, const struct node *wanted, bool is_twice)
{
	is_twice = is_twice || n->is_twice;
	if (n == wanted)
		return is_twice;
	for (const struct node *m = n->first; m; m = m->next)
		if (is_below_twice(m, wanted, is_twice))
			return true;
	return false;
}

static bool
is_unclear(const struct doc *doc, const struct node *wanted)
{
	for (const struct node *n = doc->first; n && wanted; n = n->next)
		if (is_below_twice(n, wanted, false))
			return true;
	return false;
}

/* Takes the images out whose place is not clear. */
static void
drop_unclear(const struct doc *doc, struct image_places *places)
{
	size_t kept = 0;

	for (size_t i = 0; i < places->count; i++) {
		const struct embedded *in = places->list[i].in;
		const struct node *wanted = places->list[i].image;
		const struct node *tag = in ? NULL : places->list[i].tag;

		for (; in; in = in->outer)
			wanted = in->scalar;
		if (!is_unclear(doc, wanted) && !is_unclear(doc, tag))
			places->list[kept++] = places->list[i];
	}
	places->count = kept;
}

static bool
find_places(struct editing *e, const struct doc *doc, struct image_places *out)
{
	struct run *run = e->all->run;
	struct str project = scope_project(run);
	const struct select_how how = {
		.file = e->path->name,
		.is_named = e->path->origin == PATH_NAMED,
		.kinds = run->opt.kinds == KINDS_KNOWN ? SELECT_KNOWN : SELECT_ANY,
		.rules = &e->all->work.rules,
	};
	bool known = false;

	for (const struct node *n = doc->first; n; n = n->next)
		known = select_images(out, e->arena, &how, n) || known;
	if (e->twice > 0)
		drop_unclear(doc, out);
	for (size_t i = 0; i < out->count; i++)
		if (out->list[i].name.len > 0 && out->list[i].project.len == 0)
			out->list[i].project = project;
	return known;
}

/* An image that no image line speaks of, or that is right already, must not change through an anchor. */
static void
check_shared(struct editing *e, const struct image_place *place)
{
	const struct node *parts[MAX_RETAG_PARTS];
	size_t count = retag_parts(place, parts);
	struct retag own;

	if (place->in) /* its text is checked as a whole, by reading the file again */
		return;
	if (!retag_place(&own, e->arena, &e->all->work.rules, e->source, place))
		own.edit_count = 0;
	for (size_t i = 0; i < count; i++) {
		const struct edit *edit = edit_within(e, parts[i]);

		/* the name of a kustomization's entry is never edited: it says which image the entry is for */
		if (edit && ((place->entry && i == 0) || !has_edit(&own, edit))) {
			edit_complain(e, parts[i]->alias.line > 0 ? parts[i]->alias : parts[i]->at,
			    arena_fmt(e->arena,
			        "image '%.*s' would change too: it shares '%.*s' through an anchor",
			        STR_FMT(retag_text(e->arena, e->source, place)),
			        STR_FMT(parts[i]->text)),
			    STR("write it separately for each image, or give an image line for "
			        "this one too"));
			return;
		}
	}
}

/* The file as it would be; NULL: the edits overlap, or it has other mistakes than before. */
static const struct doc *
reread(struct editing *e, struct str *text)
{
	struct diags found = diags_in(e->arena);
	const struct doc *doc;

	*text = splice(e->arena, e->source, e->edits, e->count);
	doc = text->ptr ? doc_parse_any(e->arena, edit_name(e), *text, &found) : NULL;
	return count_twice(&found, false) == e->twice && found.errors == count_twice(&found, true)
	           ? doc
	           : NULL;
}

/* An image that is then not what it should be shows that it cannot be edited by pieces. */
static void
check_result(struct editing *e, const struct image_places *places, const struct str *wanted)
{
	struct str text;
	const struct doc *doc = reread(e, &text);
	struct image_places after = { 0 };

	if (doc)
		(void)find_places(e, doc, &after);
	for (size_t i = 0; i < places->count; i++)
		if (after.count != places->count
		    || !str_eq(retag_text(e->arena, text, &after.list[i]), wanted[i])) {
			edit_complain(e,
			    after.count == places->count && !places->list[i].in
			        ? places->list[i].image->at
			        : e->edits[0].at,
			    STR("the image cannot be edited safely in this form"),
			    STR("write each part of the image as a plain text on a line of its "
			        "own"));
			return;
		}
}

/* Where the image, or the scalar that its document is in, is in the file. */
static struct span
place_span(const struct editing *e, const struct image_place *place)
{
	return embed_span(e->arena, e->source, place->in, place->image->at);
}

/* False when the file holds no images that this command knows. */
static bool
edit_images(struct editing *e, const struct doc *doc)
{
	size_t errors = e->all->run->diags.errors;
	struct image_places places = { 0 };
	bool known = find_places(e, doc, &places);
	struct str *wanted = ARENA_ARRAY(e->arena, places.count, struct str);
	struct retag r;

	for (size_t i = 0; i < places.count; i++) {
		bool changes =
		    retag_place(&r, e->arena, &e->all->work.rules, e->source, &places.list[i])
		    && may_set(e, &r);

		wanted[i] = changes ? r.new : retag_text(e->arena, e->source, &places.list[i]);
		if (r.is_template)
			edit_report_template(e, r.at, r.old);
		if (str_find(wanted[i], '$') == wanted[i].len
		    && str_find(wanted[i], '{')
		           == wanted[i].len) /* else nobody knows what it says */
			edit_see(e, place_span(e, &places.list[i]));
		if (changes)
			add_retag(e, &r);
	}
	edit_keep_lone_tag(e, doc, places.lone_tag);
	for (size_t i = 0; i < places.count && e->count > 0; i++)
		check_shared(e, &places.list[i]);
	if (e->count > 0 && e->all->run->diags.errors == errors)
		check_result(e, &places, wanted);
	return known;
}

static bool
has_alias(const struct node *n)
{
	if (n->alias.line > 0)
		return true;
	for (n = n->first; n; n = n->next)
		if (has_alias(n))
			return true;
	return false;
}

/* The document as JSON, with the values set and removed in its tree. */
static struct str
wanted_tree(struct editing *e, const struct node *document)
{
	struct node *copy = node_copy(e->arena, document);
	const struct assigns *all = &e->all->work.assigns;
	struct buf out = BUF_INIT(16 * MAX_SPEC_BYTES);
	struct assigned unused;

	for (size_t i = 0; i < all->count; i++)
		(void)assign_in_tree(&unused, e->arena, &all->list[i], copy);
	json_write(&out, copy);
	return buf_take(&out, e->arena);
}

/* Whether what was to go is gone, and all else what it was. An alias changes with its anchor, and a text behind '|' keeps
 * its line end where it is set: there only the number of documents counts. */
static bool
has_wanted_values(struct editing *e, const struct doc *before, const struct doc *after)
{
	const struct node *m = after->first;
	bool is_same = after->count == before->count;

	for (size_t i = 0; i < e->all->work.assigns.count; i++)
		if (!e->all->work.assigns.list[i].removes)
			return is_same;
	for (const struct node *n = before->first; n; n = n->next)
		if (has_alias(n))
			return is_same;
	for (const struct node *n = before->first; is_same && n; n = n->next, m = m->next) {
		struct buf is = BUF_INIT(16 * MAX_SPEC_BYTES);

		json_write(&is, m);
		is_same = str_eq(buf_take(&is, e->arena), wanted_tree(e, n));
	}
	return is_same;
}

/* With images changed as well, which check_result() has looked at, only the number of documents counts. */
static void
check_values(struct editing *e, const struct doc *doc, bool has_images)
{
	struct str text;
	const struct doc *after = reread(e, &text);
	bool good =
	    after && (has_images ? after->count == doc->count : has_wanted_values(e, doc, after));

	if (!good)
		edit_complain(e, e->edits[0].at,
		    STR("the values cannot be edited safely in this form"),
		    STR("write each as a plain text on a line of its own"));
}

/* Whether the file is one that the user would want to hear of. */
static bool
is_concerned(const struct editing *e)
{
	return e->path->origin == PATH_NAMED || gather_meant_as_spec(e->all->run->arena, e->source)
	       || rules_find(&e->all->work.rules, e->source).len > 0;
}

/* False when the file holds nothing that this command knows. */
static bool
edit_documents(struct editing *e)
{
	struct run *run = e->all->run;
	struct diags found = diags_in(run->arena);
	struct doc *doc = doc_parse_any(e->arena, edit_name(e), e->source, &found);
	size_t images, errors = run->diags.errors;
	bool known;

	e->is_broken = found.errors > count_twice(&found, true);
	if (e->is_broken) {
		if (!judge_broken(e, &found))
			return false;
		diags_add(&run->diags, &found);
		return true;
	}
	e->twice = count_twice(&found, false);
	if (e->twice > 0 && is_concerned(e))
		warn_broken(e, &found, STR("what is below it is left unchanged"));
	known = edit_images(e, doc);
	images = e->count;
	for (const struct node *n = doc->first; n; n = n->next)
		known = edit_values(e, n) || known;
	if (e->count > images && run->diags.errors == errors)
		check_values(e, doc, images > 0);
	return known;
}

static int
read_text(struct editing *e, struct err *err)
{
	struct setting *all = e->all;

	if (all->read)
		return all->read(all, e->arena, e->path, &e->source, err);
	if (e->path->is_stdin)
		return fd_read(
		    e->arena, STDIN_FILENO, "standard input", MAX_SPEC_BYTES, &e->source, err);
	return file_read_in(
	    e->arena, e->path->name, ci_fence(&all->run->ci), MAX_SPEC_BYTES, &e->source, err);
}

/* Reads one file and finds what changes in it; e->arena is the caller's to end. */
int
edit_file(struct editing *e, struct err *err)
{
	if (read_text(e, err) < 0)
		return -1;
	if (dockerfile_is_name(base_name(e->path->name)))
		edit_dockerfile(e);
	else if (!edit_documents(e))
		e->all->skipped++;
	if (!e->is_broken && !e->all->is_again)
		edit_report_left(e);
	return 0;
}
