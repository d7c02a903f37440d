/* What the assignments of --set make of a file. */
#include <string.h>

#include "base/arena.h"
#include "edit/edit.h"
#include "pipeline/credential.h"
#include "session/run.h"

static struct str
text_of(const struct node *object, const char *key)
{
	return node_text(node_get(object, key));
}

/* Two objects of a kind in one file cannot have one name. */
static bool
is_second_of_name(struct editing *e, const struct assign *one, const struct node *document)
{
	struct named new = {
		.by = one,
		.kind = text_of(document, "kind"),
		.space = text_of(node_get(document, "metadata"), "namespace"),
	};

	if (!assign_names(one) || new.kind.len == 0)
		return false;
	for (size_t i = 0; i < e->named_count; i++) {
		const struct named *other = &e->named[i];

		if (other->by == one && str_eq(other->kind, new.kind)
		    && str_eq(other->space, new.space))
			return true;
	}
	e->named =
	    arena_grow(e->arena, e->named, e->named_count, &e->named_room, sizeof(*e->named));
	e->named[e->named_count++] = new;
	return false;
}

static void
complain_of_second(struct editing *e, const struct assign *one, const struct assigned *got,
    const struct node *document)
{
	struct arena *a = e->all->run->arena;
	struct str kind = text_of(document, "kind");

	edit_complain(e, got->at,
	    arena_fmt(a, "a second %.*s of this file gets the name '%.*s'", STR_FMT(kind),
	        STR_FMT(one->value)),
	    arena_fmt(a, "name the object: --set '%.*s/%.*s:metadata.name=%.*s'", STR_FMT(kind),
	        STR_FMT(got->old), STR_FMT(one->value)));
}

/* Whether the value is a password, a token or a key by its own name, by a name on the way to it, or, as the value
 * of a variable, by the variable's. */
static bool
is_credential(const struct assign *one, const struct node *document)
{
	struct dotted parent = one->path;
	const struct dotted_step *last = &one->path.steps[one->path.count - 1];

	for (size_t i = 0; i < one->path.count; i++)
		if (credential_is_name(one->path.steps[i].key))
			return true;
	parent.count--;
	return str_is(last->key, "value")
	       && credential_is_name(text_of(dotted_follow(&parent, document).node, "name"));
}

/* What the log shows of a text. */
static struct str
shown(struct arena *a, struct str text, bool is_hidden)
{
	return is_hidden || credential_is_text(text) ? STR("***")
	                                             : credential_hide_users(a, arena_str(a, text));
}

static void
change(struct editing *e, const struct assign *one, const struct assigned *got,
    const struct node *document)
{
	bool is_hidden = is_credential(one, document);
	enum edit_fate fate = edit_add(e, &got->edit);
	struct setting *all = e->all;
	struct arena *a = all->run->arena;

	if (fate == EDIT_CLASHES)
		edit_complain(e, got->at, STR("two inputs set this value to different texts"),
		    STR("keep one of the image line and the values of --set"));
	if (fate != EDIT_ADDED)
		return;
	all->changes = arena_grow(
	    a, all->changes, all->change_count, &all->change_room, sizeof(*all->changes));
	all->changes[all->change_count++] = (struct change){
		.file = edit_name(e),
		.at = got->at,
		.path = one->path.text,
		.old = shown(a, got->old, is_hidden),
		.new = shown(a, got->new, is_hidden),
		.is_gone = one->removes,
	};
}

bool
edit_values(struct editing *e, const struct node *document)
{
	struct setting *all = e->all;
	bool known = false;
	struct assigned got;

	for (size_t i = 0; i < all->work.assigns.count; i++) {
		struct assign *one = &all->work.assigns.list[i];
		enum assign_result is = assign_to(&got, e->arena, e->source, one, document);

		if (is == ASSIGN_OTHER)
			continue;
		if (is == ASSIGN_MISSES) {
			assign_note_miss(one, all->run->arena, edit_name(e), &got);
			continue;
		}
		known = true;
		one->used++;
		if (is == ASSIGN_FAULT)
			edit_complain(e, got.at, got.fault, got.hint);
		else if (is_second_of_name(e, one, document))
			complain_of_second(e, one, &got, document);
		else if (is == ASSIGN_CHANGES)
			change(e, one, &got, document);
	}
	return known;
}
