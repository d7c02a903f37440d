#include "retag/retag.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "format/yaml_scalar.h"
#include "pipeline/image.h"
#include "pipeline/spec.h"
#include "retag/values.h"

static const struct rule *
match(struct rules *rules, const struct image_place *place, const struct node *image)
{
	struct spec spec = { .project = place->project, .name = place->name, .image = image };

	return rules_match(rules, &spec);
}

static bool
fail(struct retag *out, const char *fault, const char *hint)
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
	struct buf more;        /* members to write into it */
};

/* Text, or what YAML takes for a number. */
static const struct node *
scalar_of(const struct node *map, const char *key)
{
	const struct node *n = node_get(map, key);

	return n && n->style != STYLE_OTHER ? n : NULL;
}

static bool
is_flow(const struct entry *e)
{
	struct span at = yaml_value_span(e->source, e->map->at); /* without "&anchor" */

	return at.offset < e->source.len && e->source.ptr[at.offset] == '{';
}

/* Where a new member goes: behind the name's value, or on a line of its own behind the name's. */
static size_t
insert_at(const struct entry *e)
{
	size_t end = e->name->at.offset + e->name->at.len;

	if (is_flow(e))
		return end;
	end += str_find(str_tail(e->source, end), '\n');
	return end < e->source.len ? end + 1 : end;
}

static bool
has_crlf(struct str source)
{
	size_t end = str_find(source, '\n');

	return end > 0 && end < source.len && source.ptr[end - 1] == '\r';
}

/* False: the name's value is elsewhere (an alias), or ends no line that a member could follow. */
static bool
add_member(struct entry *e, const char *key, struct str value)
{
	const char *line_end = has_crlf(e->source) ? "\r\n" : "\n";
	size_t at = insert_at(e);

	if (e->name->alias.line > 0 || e->name->style == STYLE_BLOCK)
		return false;
	if (is_flow(e)) {
		buf_fmt(&e->more,
		    e->name->style == STYLE_JSON ? ", \"%s\": \"%.*s\"" : ", %s: \"%.*s\"", key,
		    STR_FMT(value));
		return true;
	}
	if (at == e->source.len && (at == 0 || e->source.ptr[at - 1] != '\n'))
		buf_add(&e->more, str_of(line_end));
	for (uint32_t i = 1; i < e->name->key_at.col; i++)
		buf_add_char(&e->more, ' ');
	/* in quotes: a tag may look like a number */
	buf_fmt(&e->more, "%s: \"%.*s\"", key, STR_FMT(value));
	if (at != e->source.len || (at > 0 && e->source.ptr[at - 1] == '\n'))
		buf_add(&e->more, str_of(line_end));
	return true;
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

/* Puts `value` under `key`, where `own` is what is there and `other` what must not stay. */
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
	return add_member(e, key, value);
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

static bool
edit_entry(struct retag *out, struct arena *a, struct entry *e)
{
	bool whole;

	e->more = BUF_INIT(4096);
	whole = set_parts(out, a, e) && !buf_is_full(&e->more);
	if (e->more.len > 0)
		out->edits[out->edit_count++] = (struct edit){
			.at = { .offset = insert_at(e), .line = e->name->at.line },
			.text = arena_str(a, buf_str(&e->more)),
		};
	buf_free(&e->more);
	return whole;
}

/* The rule that speaks of what the entry makes of the image, else of the image that it is for. */
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
	out->new = image_text(a, &e.then);
	if (str_eq(out->old, out->new))
		return false;
	if (e.new_tag && e.digest && !(e.then.tag.ptr && e.then.digest.ptr))
		return fail(out, "it has both newTag and digest, but the image line has only one",
		    "remove one of the two");
	return edit_entry(out, a, &e) || fail(out, block_fault, block_hint);
}

bool
retag_place(struct retag *out, struct arena *a, struct rules *rules, struct str source,
    const struct image_place *place)
{
	const struct rule *rule;

	*out = (struct retag){
		.at = place->image->at, .project = place->project, .name = place->name
	};
	if (place->values)
		return retag_values(out, a, rules, source, place);
	if (place->entry)
		return retag_entry(out, a, rules, source, place);
	rule = match(rules, place, place->image);
	if (!rule)
		return false;
	out->old = place->image->text;
	out->new = rule_result_text(a, rule, out->old);
	if (str_eq(out->new, out->old))
		return false;
	return add_scalar(out, a, source, place->image, out->new)
	       || fail(out, block_fault, block_hint);
}

struct str
retag_text(struct arena *a, struct str source, const struct image_place *place)
{
	struct entry e;

	if (place->values)
		return retag_values_text(a, place);
	if (!place->entry)
		return place->image->text;
	e = read_entry(source, place);
	return image_text(a, &e.now);
}

size_t
retag_parts(const struct image_place *place, const struct node *parts[MAX_RETAG_PARTS])
{
	static const char *const of_values[] = { "registry", "tag", "digest" };
	static const char *const of_entry[] = { "newName", "newTag", "digest" };
	const struct node *map = place->values ? place->values : place->entry;
	size_t count = 0;

	parts[count++] = place->image;
	for (size_t i = 0; map && i < COUNT_OF(of_entry); i++) {
		const struct node *n = scalar_of(map, place->values ? of_values[i] : of_entry[i]);

		if (n)
			parts[count++] = n;
	}
	return count;
}

bool
retag_from(struct retag *out, struct arena *a, struct rules *rules, const struct from *from)
{
	struct node image = { .kind = NODE_STRING, .text = from->image };
	const struct rule *rule = match(rules, &(struct image_place){ .name = { "", 0 } }, &image);
	struct str new;

	if (!rule)
		return false;
	new = rule_result_text(a, rule, from->image);
	if (str_eq(new, from->image))
		return false;
	*out = (struct retag){
		.at = from->at,
		.old = from->image,
		.new = new,
		.edits = { { from->at, new } },
		.edit_count = 1,
	};
	return true;
}
