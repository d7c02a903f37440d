#include "retag/named_tag.h"

#include <string.h>
#include <strings.h>

enum {
	MAX_LOOKS =
	    64 /* places of one document whose tag is looked for: each costs a walk through it */
};

enum scope { SCOPE_NONE, SCOPE_WORKFLOW, SCOPE_INPUTS, SCOPE_VARIABLES };

/* A parameter or a variable in the place of an image's tag. */
struct reference {
	enum scope scope;
	struct str image, name;
	size_t repo_len;
};

/* Names of parameters may hold '-', too. */
static size_t
name_len(struct str s, bool is_parameter)
{
	return str_span(s, is_parameter ? CHARS_ALNUM "_-" : CHARS_ALNUM "_");
}

static const char *
prefix_of(enum scope scope)
{
	return scope == SCOPE_WORKFLOW ? "workflow.parameters" : "inputs.parameters";
}

/* "{{workflow.parameters.NAME}}", all of it */
static void
read_parameter(struct str text, struct reference *out)
{
	static const enum scope scopes[] = { SCOPE_WORKFLOW, SCOPE_INPUTS };

	if (!str_ends(text, "}}") || text.len < 4)
		return;
	text = str_trim(str_head(str_tail(text, 2), text.len - 4));
	for (size_t i = 0; i < COUNT_OF(scopes); i++) {
		struct str rest = text;

		if (!str_take(&rest, prefix_of(scopes[i])) || !str_take(&rest, "."))
			continue;
		out->name = rest;
		if (out->name.len > 0 && name_len(out->name, true) == out->name.len)
			out->scope = scopes[i];
	}
}

/* "$NAME", "${NAME}" or "$(NAME)", all of it */
static void
read_variable(struct str text, struct reference *out)
{
	text = str_tail(text, 1);
	if ((str_starts(text, "{") && str_ends(text, "}"))
	    || (str_starts(text, "(") && str_ends(text, ")")))
		text = str_head(str_tail(text, 1), text.len - 2);
	out->name = text;
	if (text.len > 0 && name_len(text, false) == text.len)
		out->scope = SCOPE_VARIABLES;
}

static struct reference
read_reference(struct str image)
{
	size_t brace = str_find(image, '{'), dollar = str_find(image, '$');
	size_t at = brace < dollar ? brace : dollar;
	struct reference out = { .image = image };
	struct str text = str_tail(image, at);

	if (at < 2 || at == image.len || image.ptr[at - 1] != ':')
		return out;
	out.repo_len = at - 1;
	if (str_starts(text, "{{"))
		read_parameter(text, &out);
	else if (str_starts(text, "$"))
		read_variable(text, &out);
	return out;
}

/* Whether the text uses the parameter: by its name, as ['NAME'], or together with all others. */
static bool
uses_parameter(struct str text, const struct reference *r)
{
	const char *prefix = prefix_of(r->scope);

	for (size_t at = 0; at < text.len; at++) {
		struct str rest = str_tail(text, at), name;

		if (text.ptr[at] != prefix[0] || !str_take(&rest, prefix))
			continue;
		name = str_head(str_tail(rest, 1), name_len(str_tail(rest, 1), true));
		if (!str_starts(rest, ".") || str_eq(name, r->name) || str_is(name, "json"))
			return true;
	}
	return false;
}

/* Whether the name is a word of the text; Azure takes it in either case. */
static bool
uses_variable(struct str text, const struct reference *r)
{
	for (size_t at = 0; at < text.len;) {
		size_t len = name_len(str_tail(text, at), false);

		if (len == r->name.len && strncasecmp(text.ptr + at, r->name.ptr, len) == 0)
			return true;
		at += len > 0 ? len : 1;
	}
	return false;
}

/* Whether anything at or below `n` but this image uses it. */
static bool
is_used_below(const struct node *n, const struct reference *r)
{
	if (n->kind == NODE_STRING && !str_eq(n->text, r->image))
		return r->scope == SCOPE_VARIABLES ? uses_variable(n->text, r)
		                                   : uses_parameter(n->text, r);
	for (const struct node *m = n->first; m; m = m->next)
		if (is_used_below(m, r))
			return true;
	return false;
}

/* How often there is a variable of that name at or below `n`, as a key. */
static size_t
count_keys(const struct node *n, struct str name)
{
	size_t count = n->key.len == name.len && strncasecmp(n->key.ptr, name.ptr, name.len) == 0;

	for (const struct node *m = n->first; m; m = m->next)
		count += count_keys(m, name);
	return count;
}

/* The only entry with that name of the list that begins with `first`; NULL: none, or several. */
static const struct node *
entry_of(const struct node *first, struct str name)
{
	const struct node *found = NULL;

	for (const struct node *n = first; n; n = n->next) {
		const struct node *own = walk_string(n, "name");

		if (!own || !str_eq(own->text, name))
			continue;
		if (found)
			return NULL;
		found = n;
	}
	return found;
}

/* Whether a call at or below `n` gives a parameter of that name to a template. */
static bool
is_argument_below(const struct node *n, struct str name)
{
	const struct node *first = walk_list(node_get(n, "arguments"), "parameters");

	for (const struct node *m = first; m; m = m->next)
		if (walk_string(m, "name") && str_eq(walk_string(m, "name")->text, name))
			return true;
	for (const struct node *m = n->first; m; m = m->next)
		if (is_argument_below(m, name))
			return true;
	return false;
}

/* The innermost object with `inputs` around `wanted`, which is at or below `n`; *found: it is. */
static const struct node *
template_around(
    const struct node *n, const struct node *wanted, const struct node *around, bool *found)
{
	const struct node *inner = node_get(n, "inputs") ? n : around;

	*found = n == wanted;
	for (const struct node *m = n->first; m && !*found; m = m->next) {
		const struct node *template = template_around(m, wanted, inner, found);

		if (*found)
			return template;
	}
	return inner;
}

/* A tag, which may have its digest behind it, as the whole of a scalar; else NULL. */
static const struct node *
tag_of(const struct node *n)
{
	struct str tag;

	if (!n || (n->kind != NODE_STRING && n->kind != NODE_NUMBER) || n->style == STYLE_OTHER
	    || n->style == STYLE_BLOCK)
		return NULL;
	tag = str_head(n->text, str_find(n->text, '@'));
	return tag.len > 0 && str_cspan(tag, "${<%:/ \n") == tag.len ? n : NULL;
}

static const struct node *
find_parameter(const struct node *document, const struct node *image, const struct reference *r)
{
	const struct node *spec = node_get(document, "spec"), *entry, *around = document, *value;
	const char *holder = "arguments";
	bool found;

	if (node_get(spec, "workflowSpec"))
		spec = node_get(spec, "workflowSpec");
	if (r->scope == SCOPE_INPUTS) {
		around = template_around(document, image, NULL, &found);
		spec = around;
		holder = "inputs";
	}
	entry = entry_of(walk_list(node_get(spec, holder), "parameters"), r->name);
	if (!entry || node_get(entry, "enum") || node_get(entry, "valueFrom"))
		return NULL;
	if (r->scope == SCOPE_INPUTS && is_argument_below(document, r->name))
		return NULL;
	value = node_get(entry, "value");
	if (!value && r->scope == SCOPE_INPUTS)
		value = node_get(entry, "default");
	return is_used_below(around, r) ? NULL : tag_of(value);
}

/* {"TAG": …}, or Azure's list of {"name": "TAG", "value": …} */
static const struct node *
find_variable(const struct node *document, const struct reference *r)
{
	const struct node *all = node_get(document, "variables");
	const struct node *entry = entry_of(walk_list(document, "variables"), r->name);
	const struct node *found = node_get(entry, "value");

	for (const struct node *n = all->kind == NODE_OBJECT ? all->first : NULL; n; n = n->next)
		if (str_eq(n->key, r->name))
			found = n;
	if (count_keys(document, r->name) != (entry ? 0 : 1))
		return NULL;
	for (const struct node *n = document->first; n; n = n->next)
		if (n != all && is_used_below(n, r))
			return NULL;
	/* a group or a template of Azure may have it as well */
	for (const struct node *n = all->first; n; n = n->next)
		if (node_get(n, "group") || node_get(n, "template")
		    || (n != entry && is_used_below(n, r)))
			return NULL;
	return tag_of(found);
}

static bool
is_workflow(const struct node *document)
{
	static const char *const kinds[] = { "Workflow", "WorkflowTemplate",
		"ClusterWorkflowTemplate", "CronWorkflow" };
	const struct node *kind = walk_string(document, "kind");
	const struct node *version = walk_string(document, "apiVersion");

	return kind && version && str_is_any(kind->text, kinds, COUNT_OF(kinds))
	       && str_starts(version->text, "argoproj.io/");
}

static bool
is_ci_file(const struct walk *w, const struct node *document)
{
	return w->how->is_named && !walk_is_object(document) && node_get(document, "variables");
}

/* Removes a place that is only a tag: a parameter that holds "1@sha256:…" looks like an image. */
static void
drop_image(struct image_places *places, size_t first, const struct node *image)
{
	size_t kept = first;

	for (size_t i = first; i < places->count; i++)
		if (places->list[i].image != image)
			places->list[kept++] = places->list[i];
	places->count = kept;
}

/* The scalar that holds the tag of the place; NULL: none, or others use it as well. */
static const struct node *
find_tag(const struct node *document, const struct image_place *place, const struct reference *r,
    bool is_argo)
{
	if (is_argo != (r->scope != SCOPE_VARIABLES))
		return NULL;
	return is_argo ? find_parameter(document, place->image, r) : find_variable(document, r);
}

void
named_tags_find(struct walk *w, const struct node *document, size_t first)
{
	bool is_argo = is_workflow(document), is_ci = is_ci_file(w, document);
	const struct node *tags[MAX_LOOKS];
	size_t looks = 0, count = 0;

	for (size_t i = first; (is_argo || is_ci) && i < w->out->count; i++) {
		struct image_place *place = &w->out->list[i];
		struct reference r = { SCOPE_NONE };
		const struct node *tag;

		if (place->in == w->in && !place->entry && !place->in_parts && place->skip == 0)
			r = read_reference(place->image->text);
		if (r.scope == SCOPE_NONE || ++looks > MAX_LOOKS)
			continue;
		tag = find_tag(document, place, &r, is_argo);
		if (!tag)
			continue;
		place->in_parts = true;
		place->repo_len = r.repo_len;
		place->tag = tags[count++] = tag;
	}
	for (size_t i = 0; i < count; i++)
		drop_image(w->out, first, tags[i]);
}
