#include "retag/retag.h"

#include <string.h>

#include "base/arena.h"
#include "pipeline/image.h"
#include "pipeline/spec.h"
#include "retag/embed.h"
#include "retag/member.h"
#include "retag/template.h"
#include "retag/values.h"

static const struct rule *
match(struct rules *rules, const struct image_place *place, const struct node *image)
{
	struct spec spec = { .project = place->project, .name = place->name, .image = image };

	return rules_match(rules, &spec);
}

bool
retag_fail(struct retag *out, const char *fault, const char *hint)
{
	out->fault = fault;
	out->hint = hint;
	return true;
}

static const char block_fault[] = "it cannot be edited safely in this form";
static const char block_hint[] = "put it on one line, without '|', '>' or an alias";

static bool
add_scalar(
    struct retag *out, struct arena *a, struct str source, const struct node *n, struct str text)
{
	return splice_scalar(a, source, n, text, &out->edits[out->edit_count])
	       && ++out->edit_count > 0;
}

/* A kustomization's entry: its parts are scalars of their own
 * (kubectl.docs.kubernetes.io, "images"). */
struct entry {
	struct str source;
	const struct node *map, *name, *new_name, *new_tag, *digest;
	struct image now, then; /* what it says, and what it is to say */
	struct edit more;       /* members to write into it, behind its name */
	struct edit less;       /* the member that goes */
};

/* Text, or what YAML takes for a number. */
static const struct node *
scalar_of(const struct node *map, const char *key)
{
	const struct node *n = node_get(map, key);

	return n && n->style != STYLE_OTHER ? n : NULL;
}

/* Makes a member another one: its key and its value. */
static bool
rename_member(struct retag *out, struct arena *a, const struct entry *e, const struct node *member,
    const char *key, struct str value)
{
	struct node as_key = { .style = member->style, .at = member->key_at };

	if (e->source.ptr[member->key_at.offset] != '"'
	    && e->source.ptr[member->key_at.offset] != '\'')
		as_key.style = STYLE_PLAIN;
	return add_scalar(out, a, e->source, &as_key, str_of(key))
	       && add_scalar(out, a, e->source, member, value);
}

/* Puts `value` under `key`: into `own`, the member of that key, or in the place of `other`, which must not stay. */
static bool
set_part(struct retag *out, struct arena *a, struct entry *e, const char *key, struct str value,
    const struct node *own, const struct node *other)
{
	if (own && str_eq(own->text, value))
		return true;
	if (own)
		return add_scalar(out, a, e->source, own, value);
	if (other)
		return rename_member(out, a, e, other, key, value);
	return member_add(a, e->source, e->map, e->name, key, value, &e->more);
}

static bool
set_parts(struct retag *out, struct arena *a, struct entry *e)
{
	bool tag = e->then.tag.ptr != NULL, digest = e->then.digest.ptr != NULL;

	if (!str_eq(e->then.repo, e->now.repo)
	    && !set_part(out, a, e, "newName", e->then.repo, e->new_name, NULL))
		return false;
	if (tag
	    && !set_part(out, a, e, "newTag", e->then.tag, e->new_tag, digest ? NULL : e->digest))
		return false;
	return !digest
	       || set_part(out, a, e, "digest", e->then.digest, e->digest, tag ? NULL : e->new_tag);
}

/* An image line that gives only one of tag and digest removes the other, as "kustomize edit set image" does. */
static bool
drop_other(struct entry *e)
{
	const struct node *other = e->then.tag.ptr ? e->digest : e->new_tag;

	if (!e->new_tag || !e->digest || (e->then.tag.ptr && e->then.digest.ptr))
		return true;
	return member_remove(e->source, e->map, other, &e->less);
}

static bool
edit_entry(struct retag *out, struct arena *a, struct entry *e)
{
	if (!set_parts(out, a, e) || !drop_other(e))
		return false;
	if (e->more.text.len > 0 && e->less.at.len > 0 && e->more.at.offset == e->less.at.offset) {
		e->less.text = e->more.text;
		e->more.text.len = 0;
	}
	if (e->more.text.len > 0)
		out->edits[out->edit_count++] = e->more;
	if (e->less.at.len > 0)
		out->edits[out->edit_count++] = e->less;
	return true;
}

/* The rule for the entry's new image, else for the image that the entry replaces. */
static const struct rule *
match_entry(struct rules *rules, const struct image_place *place, const struct entry *e)
{
	const struct rule *rule = match(rules, place, e->new_name ? e->new_name : e->name);

	return rule || !e->new_name ? rule : match(rules, place, e->name);
}

static struct entry
read_entry(struct str source, const struct image_place *place)
{
	struct entry e = {
		.source = source,
		.map = place->entry,
		.name = place->image,
		.new_name = scalar_of(place->entry, "newName"),
		.new_tag = scalar_of(place->entry, "newTag"),
		.digest = scalar_of(place->entry, "digest"),
	};

	e.now.repo = e.new_name ? e.new_name->text : e.name->text;
	if (e.new_tag)
		e.now.tag = e.new_tag->text;
	if (e.digest)
		e.now.digest = e.digest->text;
	return e;
}

static bool
retag_entry(struct retag *out, struct arena *a, struct rules *rules, struct str source,
    const struct image_place *place)
{
	struct entry e = read_entry(source, place);
	const struct rule *rule = match_entry(rules, place, &e);

	if (!rule)
		return false;
	e.then = rule_result(rule, &e.now);
	out->at = (e.new_tag ? e.new_tag : e.digest ? e.digest : e.name)->at;
	out->old = image_text(a, &e.now);
	out->is_template = image_is_filled_in(&e.now);
	if (out->is_template)
		return false;
	out->new = image_text(a, &e.then);
	if (str_eq(out->old, out->new))
		return false;
	return edit_entry(out, a, &e) || retag_fail(out, block_fault, block_hint);
}

/* The text of an image, without the line end of a block scalar. */
static struct str
whole_text(const struct image_place *place)
{
	struct str text = str_tail(place->image->text, place->skip);

	return place->image->style == STYLE_BLOCK ? str_trim(text) : text;
}

/* The rule for the image, or of NAME=IMAGE for the image that it replaces. */
static const struct rule *
match_whole(struct rules *rules, const struct image_place *place, struct str text)
{
	struct node image = { .kind = NODE_STRING, .text = text };
	const struct rule *rule = match(rules, place, &image);
	struct str before = str_head(place->image->text, place->skip);

	if (rule || !str_ends(before, "="))
		return rule;
	image.text = str_head(before, before.len - 1);
	return match(rules, place, &image);
}

/* Edits of a part of the scalar's text; the rest of its bytes stays as it is. */
static bool
add_inner(struct retag *out, struct arena *a, struct str source, const struct image_place *place,
    const struct piece_edit *edits, size_t count)
{
	const struct embedded in = { .scalar = place->image };

	for (size_t i = 0; i < count; i++) {
		const struct edit one = {
			.at = { .offset = place->skip + edits[i].at, .len = edits[i].len },
			.text = edits[i].text,
		};

		if (!embed_edit(a, source, &in, &one, &out->edits[out->edit_count++]))
			return retag_fail(out, block_fault, block_hint);
	}
	return true;
}

/* "team/app:${TAG:-1}": the default changes. */
static bool
retag_template(struct retag *out, struct arena *a, struct rules *rules, struct str source,
    const struct image_place *place)
{
	struct piece_edit edits[MAX_PIECE_EDITS];
	struct template t;
	const struct rule *rule;
	struct image now, then;
	size_t count;

	if (!template_read(a, whole_text(place), NULL, &t))
		return false;
	rule = match_whole(rules, place, t.whole);
	if (!rule)
		return false;
	now = image_split(t.whole);
	then = rule_result(rule, &now);
	out->old = t.whole;
	out->new = image_text(a, &then);
	if (str_eq(out->old, out->new))
		return false;
	count = template_edits(a, &t, &then, edits);
	if (count == 0)
		return retag_fail(out, "what has to change is partly in a variable",
		    "write the image without variables, or give the line a tag only");
	return add_inner(out, a, source, place, edits, count);
}

static bool
retag_whole(struct retag *out, struct arena *a, struct rules *rules, struct str source,
    const struct image_place *place)
{
	const struct rule *rule;

	struct image now = image_split(whole_text(place));

	if (str_find(whole_text(place), '$') < whole_text(place).len)
		return retag_template(out, a, rules, source, place);
	if (image_is_filled_in(&now)) /* edit_report_left() finds it */
		return false;
	rule = match_whole(rules, place, whole_text(place));
	if (!rule)
		return false;
	out->old = whole_text(place);
	out->new = rule_result_text(a, rule, out->old);
	if (str_eq(out->new, out->old))
		return false;
	if (place->skip > 0)
		return add_inner(out, a, source, place,
		    &(struct piece_edit){ .len = out->old.len, .text = out->new }, 1);
	return add_scalar(out, a, source, place->image, out->new)
	       || retag_fail(out, block_fault, block_hint);
}

/* Turns edits of the document into edits of the file that holds it. */
static bool
move_out(struct retag *out, struct arena *a, struct str file, const struct image_place *place)
{
	out->at = embed_span(a, file, place->in, out->at);
	for (size_t i = 0; i < out->edit_count; i++)
		if (!embed_edit(a, file, place->in, &out->edits[i], &out->edits[i]))
			return retag_fail(out,
			    "it is in a text that cannot be edited safely in this form",
			    "write the text behind '|'");
	return true;
}

bool
retag_place(struct retag *out, struct arena *a, struct rules *rules, struct str source,
    const struct image_place *place)
{
	struct str own = embed_source(place->in, source);
	bool changes;

	*out = (struct retag){
		.at = place->image->at, .project = place->project, .name = place->name
	};
	if (place->in_parts)
		changes = retag_values(out, a, rules, own, place);
	else if (place->entry)
		changes = retag_entry(out, a, rules, own, place);
	else
		changes = retag_whole(out, a, rules, own, place);
	if (out->is_template)
		out->at = embed_span(a, source, place->in, out->at);
	return changes && (!place->in || move_out(out, a, source, place));
}

struct str
retag_text(struct arena *a, struct str source, const struct image_place *place)
{
	struct template t;
	struct entry e;

	if (place->in_parts)
		return retag_values_text(a, place);
	if (!place->entry && str_find(whole_text(place), '$') < whole_text(place).len
	    && template_read(a, whole_text(place), NULL, &t))
		return t.whole;
	if (!place->entry)
		return whole_text(place);
	e = read_entry(embed_source(place->in, source), place);
	return image_text(a, &e.now);
}

size_t
retag_parts(const struct image_place *place, const struct node *parts[MAX_RETAG_PARTS])
{
	static const char *const of_entry[] = { "newName", "newTag", "digest" };
	const struct node *of_values[] = { place->registry, place->tag, place->digest };
	size_t count = 0;

	parts[count++] = place->image;
	for (size_t i = 0; i < COUNT_OF(of_entry); i++) {
		const struct node *n = place->entry      ? scalar_of(place->entry, of_entry[i])
		                       : place->in_parts ? of_values[i]
		                                         : NULL;

		if (n && n->style != STYLE_OTHER)
			parts[count++] = n;
	}
	return count;
}

/* The bytes of a variable's value, or of the word. */
static struct span
span_of(struct str source, const struct from *from, const struct piece_edit *one)
{
	struct span at = from->at;

	if (one->from) {
		at.offset = (size_t)(one->from->value.ptr - source.ptr);
		at.line = 1;
		for (size_t i = 0; i < at.offset; i++)
			at.line += source.ptr[i] == '\n';
	}
	at.offset += one->at;
	at.len = one->len;
	return at;
}

bool
retag_from(struct retag *out, struct arena *a, struct rules *rules, struct str source,
    const struct froms *froms, const struct from *from, bool *unknown)
{
	struct node image = { .kind = NODE_STRING };
	struct piece_edit edits[MAX_PIECE_EDITS];
	struct image now, then;
	const struct rule *rule;
	struct template t;

	*unknown = !template_read(a, from->image, from->takes_arguments ? &froms->args : NULL, &t);
	if (*unknown)
		return false;
	image.text = t.whole;
	rule = match(rules, &(struct image_place){ .name = { "", 0 } }, &image);
	if (!rule)
		return false;
	now = image_split(t.whole);
	then = rule_result(rule, &now);
	*out = (struct retag){ .at = from->at, .old = t.whole, .new = image_text(a, &then) };
	if (str_eq(out->old, out->new))
		return false;
	out->edit_count = template_edits(a, &t, &then, edits);
	if (out->edit_count == 0)
		return retag_fail(out, "what has to change is partly in an argument",
		    "let one argument hold the whole tag, with a default");
	for (size_t i = 0; i < out->edit_count; i++)
		out->edits[i] = (struct edit){ span_of(source, from, &edits[i]), edits[i].text };
	return true;
}
