#include "retag/assign.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "format/doc.h"
#include "format/yaml_scalar.h"
#include "pipeline/kube_name.h"
#include "pipeline/spec.h"
#include "retag/member.h"
#include "retag/tag.h"

#define TITLE "input 'set'"

enum { MAX_SHOWN = 200 };

/* The message leaves out the value, which may be a password. */
static int
refuse_form(const struct assign *one, const char *why, struct err *err)
{
	struct str text = str_head(one->text, dotted_find(one->text, '='));

	if (one->removes) {
		(void)err_set(err, ERR_USAGE, "input 'unset' '%.*s': %s",
		    STR_FMT(str_head(one->text, MAX_SHOWN)), why);
		return err_hint(err, "use [KIND[/NAME]:]PATH, for example transform.env.END");
	}
	(void)err_set(err, ERR_USAGE, TITLE " '%.*s': %s", STR_FMT(str_head(text, MAX_SHOWN)), why);
	return err_hint(
	    err, "use [KIND[/NAME]:]PATH=VALUE, for example metadata.name=train-{short}");
}

/* Takes "TFJob/mnist:" off the front of the path. Returns what is wrong, or NULL. */
static const char *
read_selector(struct assign *one, struct str *path)
{
	size_t colon = dotted_find(*path, ':');
	struct str selector = str_head(*path, colon);
	size_t slash = str_find(selector, '/');

	if (colon == path->len)
		return NULL;
	*path = str_tail(*path, colon + 1);
	one->kind = str_head(selector, slash);
	one->name = str_tail(selector, slash + 1);
	if (one->kind.len == 0)
		return "a kind is missing before ':'";
	return slash < selector.len && one->name.len == 0 ? "a name is missing behind '/'" : NULL;
}

static bool
same_place(const struct assign *a, const struct assign *b)
{
	if (!str_eq(a->kind, b->kind) || !str_eq(a->name, b->name)
	    || a->path.count != b->path.count)
		return false;
	for (size_t i = 0; i < a->path.count; i++) {
		const struct dotted_step *x = &a->path.steps[i], *y = &b->path.steps[i];

		if (!x->key.ptr != !y->key.ptr || !str_eq(x->key, y->key) || x->place != y->place)
			return false;
	}
	return true;
}

static int
add_assign(struct assigns *all, struct arena *a, const struct assign *one, struct err *err)
{
	for (size_t i = 0; i < all->count; i++) {
		if (!same_place(&all->list[i], one))
			continue;
		if (str_eq(all->list[i].value, one->value) && all->list[i].removes == one->removes)
			return 0;
		(void)err_set(err, ERR_USAGE, TITLE " gives '%.*s' two values",
		    STR_FMT(str_head(one->path.text, MAX_SHOWN)));
		return err_hint(err, "remove one of the two");
	}
	ARENA_ADD(a, all, *one);
	return 0;
}

/* Reads all but the value. Returns what is wrong, or NULL. */
static const char *
read_place(struct assign *one, struct arena *a)
{
	size_t equals = dotted_find(one->text, '='), bad;
	struct str path = str_head(one->text, equals);
	const char *fault;

	if (!utf8_is_valid(one->text, &bad)) {
		one->text = str_head(one->text, bad);
		return "it is not UTF-8";
	}
	if (one->removes != (equals == one->text.len))
		return one->removes ? "'=' has no meaning here" : "'=' is missing";
	fault = read_selector(one, &path);
	return fault ? fault : dotted_read(a, path, &one->path);
}

int
assigns_add(struct assigns *all, struct arena *a, struct str text, const struct tag_facts *facts,
    struct err *err)
{
	struct assign one = { .text = text };
	const char *fault = read_place(&one, a);
	struct str value = str_tail(text, dotted_find(text, '=') + 1);

	if (fault)
		return refuse_form(&one, fault, err);
	if (text_expand(a, value, "set", facts, &one.value, err) < 0)
		return -1;
	return add_assign(all, a, &one, err);
}

int
assigns_remove(struct assigns *all, struct arena *a, struct str text, struct err *err)
{
	struct assign one = { .text = text, .removes = true, .value = STR("") };
	const char *fault = read_place(&one, a);

	return fault ? refuse_form(&one, fault, err) : add_assign(all, a, &one, err);
}

void
assign_note_miss(struct assign *one, struct arena *a, const char *file, const struct assigned *got)
{
	if (one->miss.file && one->miss.steps >= got->steps)
		return;
	one->miss = (struct miss){
		.file = file,
		.at = got->at,
		.steps = got->steps,
		.fault = arena_str(a, got->fault),
		.hint = arena_str(a, got->hint),
	};
}

static int
refuse_unused(const struct assign *one, struct err *err)
{
	/* without the value, which may be a password */
	struct str text = str_head(str_head(one->text, dotted_find(one->text, '=')), MAX_SHOWN);
	const char *input = one->removes ? "unset" : "set";

	if (one->miss.file) {
		(void)err_set(err, ERR_USAGE, "input '%s' '%.*s' matches nothing: %s:%u:%u: %.*s",
		    input, STR_FMT(text), one->miss.file, one->miss.at.line, one->miss.at.col,
		    STR_FMT(one->miss.fault));
		return err_hint(err, "%.*s", STR_FMT(one->miss.hint));
	}
	(void)err_set(err, ERR_USAGE,
	    "input '%s' '%.*s' matches nothing: no %.*s%s%.*s in the files", input, STR_FMT(text),
	    STR_FMT(one->kind.len ? one->kind : STR("YAML or JSON document")),
	    one->name.len ? "/" : "", STR_FMT(one->name));
	return err_hint(err, "correct the kind and name before ':', or the files");
}

int
assigns_check(const struct assigns *all, struct err *err)
{
	for (size_t i = 0; i < all->count; i++)
		if (all->list[i].used == 0)
			return refuse_unused(&all->list[i], err);
	return 0;
}

bool
assign_names(const struct assign *one)
{
	return one->path.count == 2 && str_is(one->path.steps[0].key, "metadata")
	       && str_is(one->path.steps[1].key, "name");
}

/* Kinds are compared as kubectl does it, without regard to case. */
static bool
is_kind(struct str kind, struct str wanted)
{
	return kind.len == wanted.len && strncasecmp(kind.ptr, wanted.ptr, kind.len) == 0;
}

static bool
is_selected(const struct assign *one, const struct node *document)
{
	struct str kind = node_text(node_get(document, "kind"));
	struct str name = node_text(node_get(node_get(document, "metadata"), "name"));

	if (one->kind.len == 0)
		return true;
	if (spec_is_one(document)) {
		kind = STR("pipeline");
		name = node_text(node_get(node_field(document, "pipeline"), "name"));
	}
	return is_kind(kind, one->kind) && (one->name.len == 0 || str_eq(name, one->name));
}

static enum assign_result
fault(struct assigned *out, struct str why, struct str hint)
{
	out->fault = why;
	out->hint = hint;
	return ASSIGN_FAULT;
}

static struct str
first_key(struct arena *a, const struct assign *one, const struct node *n)
{
	if (n->kind == NODE_ARRAY)
		return arena_fmt(
		    a, "name a value in it, for example '%.*s[0]'", STR_FMT(one->path.text));
	if (!n->first)
		return STR("name a single value");
	return arena_fmt(a, "name a value in it, for example '%.*s.%.*s'", STR_FMT(one->path.text),
	    STR_FMT(str_head(n->first->key, MAX_SHOWN)));
}

/* Whether the text is what JSON, and so YAML, has for a value of this kind. */
static bool
is_of_kind(struct arena *a, struct str text, enum node_kind kind)
{
	struct diags unheard = diags_in(a);
	const struct node *n = doc_parse_value(a, text, &unheard);

	return n && n->kind == kind && n->at.len == text.len && str_eq(n->text, text);
}

static enum assign_result
wrong_kind(struct assigned *out, struct arena *a, const struct assign *one, const struct node *n)
{
	return fault(out,
	    arena_fmt(a, "'%.*s' is %s; '%.*s' is not", STR_FMT(one->path.text),
	        n->kind == NODE_BOOL ? "true or false" : "a number",
	        STR_FMT(str_head(one->value, MAX_SHOWN))),
	    STR("write the old value in quotes in the file if it is text"));
}

/* The edit, where the value may become this one; how it is written decides about the quotes. */
static enum assign_result
set_value(struct assigned *out, struct arena *a, struct str source, const struct assign *one,
    const struct node *n)
{
	struct node as = *n;

	if (n->at.len > 0 && (n->kind == NODE_NUMBER || n->kind == NODE_BOOL)) {
		if (!is_of_kind(a, one->value, n->kind))
			return wrong_kind(out, a, one, n);
		out->edit = (struct edit){ .at = n->at, .text = one->value };
		return ASSIGN_CHANGES;
	}
	if (n->kind == NODE_NULL && n->style == STYLE_OTHER && n->at.len > 0)
		as.style = STYLE_JSON;
	if (splice_scalar(a, source, &as, one->value, &out->edit))
		return ASSIGN_CHANGES;
	if (n->at.len == 0)
		return fault(out, arena_fmt(a, "'%.*s' has no value", STR_FMT(one->path.text)),
		    STR("write one in the file, for example \"\""));
	return fault(out,
	    arena_fmt(a, "'%.*s' cannot be edited safely in this form", STR_FMT(one->path.text)),
	    STR("put it on one line, without '|' or '>'"));
}

static enum assign_result
check_name(
    struct assigned *out, struct arena *a, const struct assign *one, const struct node *document)
{
	struct str kind = node_text(node_get(document, "kind"));
	struct str why = kube_name_fault(a, kind, one->value);

	if (why.len == 0)
		return ASSIGN_CHANGES;
	if (one->value.len > kube_name_max(kind) && str_holds(one->text, STR("{sha}")))
		return fault(out,
		    arena_fmt(a, "name '%.*s': %.*s", STR_FMT(str_head(one->value, MAX_SHOWN)),
		        STR_FMT(why)),
		    STR("use {short}, the first 7 digits of the commit, instead of {sha}"));
	return fault(out,
	    arena_fmt(
	        a, "name '%.*s': %.*s", STR_FMT(str_head(one->value, MAX_SHOWN)), STR_FMT(why)),
	    STR("use lower-case letters, digits and '-', for example train-{short}"));
}

/* True for a block scalar that holds the text already, but with a line end behind it. */
static bool
changes_nothing(const struct edit *edit, struct str source)
{
	return str_eq(str_head(str_tail(source, edit->at.offset), edit->at.len), edit->text);
}

/* Sets the value that the path leads to. */
static enum assign_result
try_value(struct assigned *out, struct arena *a, struct str source, const struct assign *one,
    const struct dotted_end *end)
{
	const struct node *n = end->node;
	enum assign_result is;

	if (n->kind != NODE_NULL && str_eq(n->text, one->value))
		return ASSIGN_SAME;
	if (end->alias.line > 0) {
		out->at = end->alias;
		return fault(out,
		    arena_fmt(a, "'%.*s' is an alias; its value is written elsewhere",
		        STR_FMT(one->path.text)),
		    STR("write the value itself in the place of the alias, or set it where its "
		        "anchor is"));
	}
	is = set_value(out, a, source, one, n);
	return is == ASSIGN_CHANGES && changes_nothing(&out->edit, source) ? ASSIGN_SAME : is;
}

/* The map or the list that holds the value. */
static const struct node *
parent_of(const struct assign *one, const struct node *document)
{
	struct dotted path = one->path;

	path.count--;
	return dotted_follow(&path, document).node;
}

static bool
is_branch(const struct node *n)
{
	return n->kind == NODE_ARRAY || n->kind == NODE_OBJECT;
}

/* Whether the value that is there may be changed. */
static enum assign_result
judge_value(struct assigned *out, struct arena *a, const struct assign *one,
    const struct node *document, const struct dotted_end *end)
{
	const struct node *n = end->node;

	if (end->is_twice)
		return fault(out,
		    arena_fmt(a, "a key of '%.*s' is there twice", STR_FMT(one->path.text)),
		    STR("keep one of them"));
	if (one->removes) {
		if (is_branch(n))
			out->old = n->kind == NODE_ARRAY ? STR("[...]") : STR("{...}");
		return ASSIGN_CHANGES;
	}
	if (is_branch(n))
		return fault(out,
		    arena_fmt(a, "'%.*s' is a %s, not a single value", STR_FMT(one->path.text),
		        n->kind == NODE_ARRAY ? "list" : "map"),
		    first_key(a, one, n));
	if (assign_names(one) && node_text(node_get(document, "kind")).len > 0)
		return check_name(out, a, one, document);
	return ASSIGN_CHANGES;
}

/* Finds the value and checks that it may be changed; *out gets its place and its old text. */
static enum assign_result
find_value(struct assigned *out, struct arena *a, const struct assign *one,
    const struct node *document, struct dotted_end *end)
{
	const struct node *n;

	*out = (struct assigned){ .new = one->value };
	if (!is_selected(one, document))
		return ASSIGN_OTHER;
	*end = dotted_follow(&one->path, document);
	n = end->node;
	out->at = n->at;
	out->steps = end->steps;
	if (one->removes && end->steps + 1 == one->path.count && n->kind == NODE_OBJECT)
		return ASSIGN_SAME; /* it is gone already */
	if (end->steps < one->path.count) {
		out->fault = dotted_stop(a, &one->path, end);
		out->hint = dotted_advice(a, &one->path, end);
		return ASSIGN_MISSES;
	}
	out->old = n->kind == NODE_NULL && n->text.len == 0 ? STR("null") : n->text;
	return judge_value(out, a, one, document, end);
}

/* Removes the value; not where an alias is on the way to it, as that would remove it in other places, too. */
static enum assign_result
try_removal(struct assigned *out, struct arena *a, struct str source, const struct assign *one,
    const struct node *document)
{
	struct dotted_end end = dotted_follow(&one->path, document);
	const struct node *parent = parent_of(one, document);

	if (end.node->alias.line > 0)
		out->at = end.node->alias;
	if (end.alias.line > 0 && end.alias.offset != end.node->alias.offset)
		return fault(out,
		    arena_fmt(a, "'%.*s' is behind an alias; it is written elsewhere",
		        STR_FMT(one->path.text)),
		    STR("remove it where its anchor is"));
	return member_remove(source, parent, end.node, &out->edit)
	           ? ASSIGN_CHANGES
	           : fault(out,
	               arena_fmt(a, "'%.*s' cannot be removed safely in this form",
	                   STR_FMT(one->path.text)),
	               STR("write it on lines of its own"));
}

enum assign_result
assign_to(struct assigned *out, struct arena *a, struct str source, const struct assign *one,
    const struct node *document)
{
	struct dotted_end end;
	enum assign_result is = find_value(out, a, one, document, &end);

	if (is != ASSIGN_CHANGES)
		return is;
	return one->removes ? try_removal(out, a, source, one, document)
	                    : try_value(out, a, source, one, &end);
}

enum assign_result
assign_in_tree(
    struct assigned *out, struct arena *a, const struct assign *one, struct node *document)
{
	struct dotted_end end;
	enum assign_result is = find_value(out, a, one, document, &end);
	struct node *n;

	if (is != ASSIGN_CHANGES)
		return is;
	n = (struct node *)(uintptr_t)end.node; /* the document's own, which may change */
	if (one->removes) {
		node_drop((struct node *)(uintptr_t)parent_of(one, document), n);
		return ASSIGN_CHANGES;
	}
	if (n->kind != NODE_NULL && str_eq(n->text, one->value))
		return ASSIGN_SAME;
	if ((n->kind == NODE_NUMBER || n->kind == NODE_BOOL) && !is_of_kind(a, one->value, n->kind))
		return wrong_kind(out, a, one, n);
	if (n->kind == NODE_NULL)
		n->kind = NODE_STRING;
	n->text = one->value;
	return ASSIGN_CHANGES;
}
