#include "format/yaml.h"

#include <string.h>
#include <yaml.h>

#include "base/arena.h"
#include "base/limits.h"
#include "format/doc.h"
#include "format/scan.h"
#include "format/yaml_anchor.h"
#include "format/yaml_place.h"
#include "format/yaml_scalar.h"

struct reader {
	yaml_parser_t parser;
	struct scan *s; /* where mistakes and texts go */
	struct yaml_places places;
	struct yaml_anchors anchors; /* of the document */
	size_t copies;               /* values that aliases stood for so far */
	bool broken;                 /* reading has ended */
};

/* Ends the reading. */
static void
syntax_error(struct reader *r)
{
	const yaml_parser_t *p = &r->parser;
	struct scan *at = yaml_place(&r->places, p->problem_mark);
	const char *what = p->problem ? p->problem : "invalid YAML";
	const char *hint =
	    scan_peek(at) == '\t'
	        ? "replace the tab by spaces"
	        : "check indentation, quotes and colons of this line and the line before";

	r->broken = true;
	scan_error(r->s, CHECK_SYNTAX, scan_span(at, 1), hint, "cannot parse the YAML: %s%s%s",
	    what, p->context ? " " : "", p->context ? p->context : "");
}

/* False at a syntax error. */
static bool
next(struct reader *r, yaml_event_t *event)
{
	if (r->broken)
		return false;
	if (yaml_parser_parse(&r->parser, event))
		return true;
	syntax_error(r);
	return false;
}

/* Counts the values that an alias repeats; false when there are too many. Those that are written out are bounded by
 * the size of the file. */
static bool
count_copies(struct reader *r, struct span at, size_t more)
{
	r->copies += more;
	if (r->copies <= MAX_ALIAS_NODES)
		return true;
	if (!r->broken)
		scan_error(r->s, CHECK_TOO_LARGE, at, "use fewer aliases, or split the file",
		    "the aliases expand to more than %d values", MAX_ALIAS_NODES);
	r->broken = true;
	return false;
}

static struct str
text_of(struct reader *r, const yaml_char_t *bytes, size_t len)
{
	return arena_str(r->s->arena, (struct str){ (const char *)bytes, len });
}

/* A copy of what the alias means. */
static struct node *
read_alias(struct reader *r, const yaml_event_t *event)
{
	struct span at = yaml_span(&r->places, event->start_mark, event->end_mark);
	struct str name = str_of((const char *)event->data.alias.anchor);
	struct node *meant = yaml_anchor_get(&r->anchors, name), *copy;

	if (meant) {
		if (!count_copies(r, at, node_weight(meant)))
			return NULL;
		copy = node_copy(r->s->arena, meant);
		copy->next = NULL;
		copy->alias = at;
		return copy;
	}
	scan_error(r->s, CHECK_YAML, at, "define the anchor with '&' first",
	    "unknown alias: no anchor before it");
	return NULL;
}

static void
keep_anchor(struct reader *r, const yaml_char_t *name, struct node *n)
{
	if (name && n)
		yaml_anchor_put(&r->anchors, r->s->arena, str_of((const char *)name), n);
}

static void
check_tag(struct reader *r, const yaml_char_t *tag, struct span at)
{
	if (tag && !r->s->is_any && !yaml_tag_is_core((const char *)tag))
		scan_error(r->s, CHECK_YAML, at, "remove it", "unsupported YAML tag");
}

static struct node *
read_scalar(struct reader *r, const yaml_event_t *event)
{
	const char *tag = (const char *)event->data.scalar.tag;
	struct span at = yaml_span(&r->places, event->start_mark, event->end_mark);
	struct node *n = ARENA_NEW(r->s->arena, struct node);
	bool plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE
	             && !(tag && (strcmp(tag, YAML_STR_TAG) == 0 || strcmp(tag, "!") == 0));

	check_tag(r, event->data.scalar.tag, at);
	if (tag || event->data.scalar.anchor)
		at = yaml_value_span(r->s->text, at);
	*n = (struct node){
		.kind = NODE_STRING, .style = yaml_style((int)event->data.scalar.style), .at = at
	};
	n->text = text_of(r, event->data.scalar.value, event->data.scalar.length);
	if (str_find(n->text, '\0') < n->text.len)
		scan_error(r->s, CHECK_ENCODING, at, "remove it",
		    "the text contains a NUL character, which no field can contain");
	if (plain)
		yaml_plain_set(r->s, n);
	keep_anchor(r, event->data.scalar.anchor, n);
	return n;
}

static struct node *read_value(struct reader *r, yaml_event_t *event, unsigned depth);

/* Reads elements up to the list's end; `event` is its start and is used up. */
static struct node *
read_list(struct reader *r, yaml_event_t *start, unsigned depth)
{
	struct node *list = ARENA_NEW(r->s->arena, struct node), **tail = &list->first;
	struct span at = yaml_span(&r->places, start->start_mark, start->end_mark);
	yaml_event_t event;

	*list = (struct node){ .kind = NODE_ARRAY, .at = at };
	check_tag(r, start->data.sequence_start.tag, at);
	while (next(r, &event)) {
		struct node *n;

		if (event.type == YAML_SEQUENCE_END_EVENT) {
			list->at.len = yaml_place(&r->places, event.end_mark)->at - at.offset;
			yaml_event_delete(&event);
			keep_anchor(r, start->data.sequence_start.anchor, list);
			return list;
		}
		n = read_value(r, &event, depth + 1);
		if (!n)
			continue;
		*tail = n;
		tail = &n->next;
		list->count++;
	}
	return NULL;
}

/* A key; NULL when a spec cannot have it, which is reported. Uses the event up. */
static struct node *
read_key(struct reader *r, yaml_event_t *event, unsigned depth)
{
	yaml_mark_t start = event->start_mark, end = event->end_mark;
	size_t errors = r->s->diags->errors;
	bool is_alias = event->type == YAML_ALIAS_EVENT;
	struct node *n = read_value(r, event, depth);
	const char *what = NULL, *hint = "write the key in full";

	if (!n || r->s->diags->errors > errors)
		return NULL;
	if (is_alias) {
		what = "a key must not be an alias";
	} else if (n->kind != NODE_STRING && !(r->s->is_any && n->style != STYLE_OTHER)) {
		what = "a key must be text";
		hint = "put it in quotes";
	} else if (str_is(n->text, "<<") && !r->s->is_any) {
		what = "merge keys ('<<') are not supported";
		hint = "write the keys in full";
	}
	if (what)
		scan_error(r->s, CHECK_YAML, yaml_span(&r->places, start, end), hint, "%s", what);
	n->style = STYLE_OTHER; /* an alias of a key is not a value that could be edited */
	return r->s->diags->errors > errors ? NULL : n;
}

/* One key with its value; false at the end of the map or of the reading. */
static bool
read_member(struct reader *r, struct node *map, struct node ***tail, unsigned depth)
{
	yaml_event_t event;
	struct node *key, *value;

	if (!next(r, &event))
		return false;
	if (event.type == YAML_MAPPING_END_EVENT) {
		map->at.len = yaml_place(&r->places, event.end_mark)->at - map->at.offset;
		yaml_event_delete(&event);
		return false;
	}
	key = read_key(r, &event, depth + 1);
	if (!next(r, &event))
		return false;
	value = read_value(r, &event, depth + 1);
	if (!key || !value)
		return true;
	value->key = key->text;
	value->key_at = key->at;
	**tail = value;
	*tail = &value->next;
	map->count++;
	return true;
}

static struct node *
read_map(struct reader *r, yaml_event_t *start, unsigned depth)
{
	struct node *map = ARENA_NEW(r->s->arena, struct node), **tail = &map->first;
	struct span at = yaml_span(&r->places, start->start_mark, start->end_mark);

	*map = (struct node){ .kind = NODE_OBJECT, .at = at };
	check_tag(r, start->data.mapping_start.tag, at);
	while (read_member(r, map, &tail, depth))
		continue;
	if (r->broken)
		return NULL;
	scan_check_keys(r->s, map, true);
	keep_anchor(r, start->data.mapping_start.anchor, map);
	return map;
}

/* The value that begins with `event`, which is used up; NULL when it cannot be used. */
static struct node *
read_value(struct reader *r, yaml_event_t *event, unsigned depth)
{
	struct node *n = NULL;

	if (depth > MAX_SPEC_DEPTH) {
		scan_error(r->s, CHECK_TOO_LARGE,
		    yaml_span(&r->places, event->start_mark, event->end_mark),
		    "pipeline specs need only a few levels",
		    "values are nested deeper than %d levels", MAX_SPEC_DEPTH);
		r->broken = true;
	} else if (event->type == YAML_ALIAS_EVENT) {
		n = read_alias(r, event);
	} else if (event->type == YAML_SCALAR_EVENT) {
		n = read_scalar(r, event);
	} else if (event->type == YAML_SEQUENCE_START_EVENT) {
		n = read_list(r, event, depth);
	} else if (event->type == YAML_MAPPING_START_EVENT) {
		n = read_map(r, event, depth);
	}
	yaml_event_delete(event);
	return n;
}

/* Appends what one document holds; returns where the next one goes. */
static struct node **
add_document(struct reader *r, struct node **tail, struct node *n)
{
	if (!n || n->kind == NODE_NULL)
		return tail;
	if (n->kind != NODE_OBJECT && n->kind != NODE_ARRAY) {
		scan_error(r->s, CHECK_YAML, n->at,
		    "use \"key: value\" lines, or remove the file from the specs",
		    "a document must be a mapping or a list of mappings");
		return tail;
	}
	for (*tail = n->kind == NODE_ARRAY ? n->first : n; *tail; tail = &(*tail)->next)
		continue;
	return tail;
}

/* libyaml compares each "%TAG" directive with all before it. */
static bool
has_too_many_directives(const struct scan *s, struct str text)
{
	size_t count = 0;

	for (struct str line; count <= MAX_YAML_DIRECTIVES && str_split(&text, '\n', &line);)
		count += str_starts(line, "%");
	if (count > MAX_YAML_DIRECTIVES)
		scan_error(s, CHECK_TOO_LARGE, scan_span(s, 1),
		    "remove the lines that start with '%'", "more than %d YAML directives",
		    MAX_YAML_DIRECTIVES);
	return count > MAX_YAML_DIRECTIVES;
}

struct node *
yaml_read(struct scan *s)
{
	struct node *first = NULL, **tail = &first;
	struct reader r = { .s = s, .places = { .at = *s } };
	struct str text = scan_rest(s);
	bool ended = false;
	yaml_event_t event;

	if (has_too_many_directives(s, text))
		return NULL;
	if (!yaml_parser_initialize(&r.parser)) {
		scan_error(
		    s, CHECK_TOO_LARGE, scan_span(s, 1), "read fewer files", "out of memory");
		return NULL;
	}
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r.parser, (const unsigned char *)text.ptr, text.len);
	while (!ended && next(&r, &event)) {
		ended = event.type == YAML_STREAM_END_EVENT;
		if (event.type == YAML_DOCUMENT_START_EVENT)
			r.anchors = (struct yaml_anchors){ .count = 0 };
		if (event.type == YAML_SCALAR_EVENT || event.type == YAML_ALIAS_EVENT
		    || event.type == YAML_SEQUENCE_START_EVENT
		    || event.type == YAML_MAPPING_START_EVENT)
			tail = add_document(&r, tail, read_value(&r, &event, 1));
		else
			yaml_event_delete(&event);
	}
	yaml_parser_delete(&r.parser);
	return first;
}
