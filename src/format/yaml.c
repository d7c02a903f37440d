#include "format/yaml.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/arena.h"
#include "base/limits.h"
#include "format/doc.h"
#include "format/scan.h"
#include "format/yaml_scalar.h"

enum { TEXT_UNIT = 256 }; /* of text, in bytes, that count as one value more when copied */
struct anchor {
	struct str name;
	struct node *node;
};

struct reader {
	yaml_parser_t parser;
	struct scan *s;  /* where mistakes and texts go */
	struct scan at;  /* the place of the last mark, found by walking on */
	size_t at_index; /* that place in characters, as libyaml counts */
	size_t base;     /* the bytes before what libyaml was given */
	struct anchor *anchors;
	size_t anchor_count, anchor_room;
	size_t nodes; /* made so far, aliases expanded */
	bool broken;  /* reading has ended */
};

/* Moves to a mark. libyaml counts characters, so the way there is walked; marks seldom go back. */
static struct scan *
go_to(struct reader *r, yaml_mark_t mark)
{
	size_t len = 0;

	if (mark.index < r->at_index) {
		r->at = *r->s;
		r->at_index = 0;
	}
	for (; r->at_index < mark.index && r->at.at + len < r->at.text.len; r->at_index++)
		do
			len++;
		while (r->at.at + len < r->at.text.len
		       && ((unsigned char)r->at.text.ptr[r->at.at + len] & 0xc0) == 0x80);
	scan_skip(&r->at, len);
	return &r->at;
}

static struct span
span_of(struct reader *r, yaml_mark_t start, yaml_mark_t end)
{
	struct span span = scan_span(go_to(r, start), 0);

	span.len = go_to(r, end)->at - span.offset;
	return span;
}

static void
mistake(struct reader *r, enum check check, struct span at, const char *what, const char *hint)
{
	diag_hint(
	    r->s->diags, diags_error(r->s->diags, check, r->s->file, at, "%s", what), "%s", hint);
}

/* Ends the reading. */
static void
syntax_error(struct reader *r)
{
	const yaml_parser_t *p = &r->parser;
	struct scan *at = go_to(r, p->problem_mark);
	const char *what = p->problem ? p->problem : "invalid YAML";
	struct diag *one;

	r->broken = true;
	one = diags_error(r->s->diags, CHECK_SYNTAX, r->s->file, scan_span(at, 1),
	    "cannot parse the YAML: %s%s%s", what, p->context ? " " : "",
	    p->context ? p->context : "");
	if (scan_peek(at) == '\t')
		diag_hint(r->s->diags, one, "replace the tab by spaces");
	else
		diag_hint(r->s->diags, one,
		    "check indentation, quotes and colons of this line and the line before");
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

/* Counts a new node; false when there are too many. */
static bool
count_node(struct reader *r, struct span at, size_t more)
{
	r->nodes += more;
	if (r->nodes <= MAX_SPEC_NODES)
		return true;
	if (!r->broken)
		mistake(r, CHECK_TOO_LARGE, at, "the aliases expand to more than 200000 values",
		    "use fewer aliases, or split the file");
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
	struct span at = span_of(r, event->start_mark, event->end_mark);
	struct str name = str_of((const char *)event->data.alias.anchor);
	struct node *copy;

	for (size_t i = r->anchor_count; i > 0; i--) {
		const struct anchor *anchor = &r->anchors[i - 1];

		if (!str_eq(anchor->name, name))
			continue;
		if (!count_node(r, at, node_weight(anchor->node)))
			return NULL;
		copy = node_copy(r->s->arena, anchor->node);
		copy->next = NULL;
		copy->alias = at;
		return copy;
	}
	mistake(r, CHECK_YAML, at, "unknown alias: no anchor before it",
	    "define the anchor with '&' first");
	return NULL;
}

static void
keep_anchor(struct reader *r, const yaml_char_t *name, struct node *n)
{
	if (!name || !n)
		return;
	r->anchors = arena_grow(
	    r->s->arena, r->anchors, r->anchor_count, &r->anchor_room, sizeof(*r->anchors));
	r->anchors[r->anchor_count++] =
	    (struct anchor){ text_of(r, name, strlen((const char *)name)), n };
}

static void
check_tag(struct reader *r, const yaml_char_t *tag, struct span at)
{
	if (tag && !r->s->is_any && !yaml_tag_is_core((const char *)tag))
		mistake(r, CHECK_YAML, at, "unsupported YAML tag", "remove it");
}

static struct node *
read_scalar(struct reader *r, const yaml_event_t *event)
{
	const char *tag = (const char *)event->data.scalar.tag, *fault = NULL, *hint = NULL;
	struct span at = span_of(r, event->start_mark, event->end_mark);
	struct node *n = ARENA_NEW(r->s->arena, struct node);
	bool plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE
	             && !(tag && (strcmp(tag, YAML_STR_TAG) == 0 || strcmp(tag, "!") == 0));

	if (!count_node(r, at, 1))
		return NULL;
	check_tag(r, event->data.scalar.tag, at);
	if (tag || event->data.scalar.anchor)
		at = yaml_value_span(r->s->text, at);
	*n = (struct node){
		.kind = NODE_STRING, .style = yaml_style((int)event->data.scalar.style), .at = at
	};
	n->text = text_of(r, event->data.scalar.value, event->data.scalar.length);
	if (str_find(n->text, '\0') < n->text.len)
		mistake(r, CHECK_ENCODING, at,
		    "the text contains a NUL character, which no field can contain", "remove it");
	if (plain)
		n->kind = yaml_plain_kind(n->text, &fault, &hint);
	if (fault && r->s->is_any) {
		n->kind = NODE_STRING;
	} else if (fault) {
		n->kind = NODE_NULL; /* so that it is reported once */
		diag_hint(r->s->diags,
		    diags_error(r->s->diags, CHECK_YAML, r->s->file, at, "'%.*s' is %s",
		        STR_FMT(str_head(n->text, 60)), fault),
		    "%s", hint);
	}
	keep_anchor(r, event->data.scalar.anchor, n);
	return n;
}

static struct node *read_value(struct reader *r, yaml_event_t *event, unsigned depth);

/* Reads elements up to the list's end; `event` is its start and is used up. */
static struct node *
read_list(struct reader *r, yaml_event_t *start, unsigned depth)
{
	struct node *list = ARENA_NEW(r->s->arena, struct node), **tail = &list->first;
	struct span at = span_of(r, start->start_mark, start->end_mark);
	yaml_event_t event;

	*list = (struct node){ .kind = NODE_ARRAY, .at = at };
	check_tag(r, start->data.sequence_start.tag, at);
	while (count_node(r, at, 1) && next(r, &event)) {
		struct node *n;

		if (event.type == YAML_SEQUENCE_END_EVENT) {
			list->at.len = go_to(r, event.end_mark)->at - at.offset;
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

static int
by_key(const void *left, const void *right)
{
	const struct node *a = *(struct node *const *)left, *b = *(struct node *const *)right;
	int order = str_cmp(a->key, b->key);

	return order
	           ? order
	           : (a->key_at.offset > b->key_at.offset) - (a->key_at.offset < b->key_at.offset);
}

static void
check_keys(struct reader *r, struct node *map)
{
	struct node **sorted = ARENA_ARRAY(r->s->arena, map->count, struct node *);
	size_t count = 0;

	for (struct node *n = map->first; n; n = n->next)
		sorted[count++] = n;
	if (count > 1)
		qsort(sorted, count, sizeof(*sorted), by_key);
	for (size_t i = 1; i < count; i++) {
		const struct span *first = &sorted[i - 1]->key_at;

		if (!str_eq(sorted[i - 1]->key, sorted[i]->key))
			continue;
		diag_hint(r->s->diags,
		    diags_error(r->s->diags, CHECK_DUPLICATE_KEY, r->s->file, sorted[i]->key_at,
		        "duplicate key \"%.*s\", first at %u:%u",
		        STR_FMT(scan_short(r->s, sorted[i]->key)), first->line, first->col),
		    "keep one of them");
		node_drop(map, sorted[i]);
		sorted[i] = sorted[i - 1];
	}
}

/* A key; NULL when it is none that a spec can have, and then it is reported. Uses the event up. */
static struct node *
read_key(struct reader *r, yaml_event_t *event, unsigned depth)
{
	struct span at = span_of(r, event->start_mark, event->end_mark);
	size_t errors = r->s->diags->errors;
	bool is_alias = event->type == YAML_ALIAS_EVENT;
	struct node *n = read_value(r, event, depth);

	if (!n || r->s->diags->errors > errors)
		return NULL;
	if (is_alias)
		mistake(r, CHECK_YAML, at, "a key must not be an alias", "write the key in full");
	else if (n->kind != NODE_STRING && !(r->s->is_any && n->style != STYLE_OTHER))
		mistake(r, CHECK_YAML, at, "a key must be text", "put it in quotes");
	else if (str_is(n->text, "<<") && !r->s->is_any)
		mistake(r, CHECK_YAML, at, "merge keys ('<<') are not supported",
		    "write the keys in full");
	n->style = STYLE_OTHER; /* an alias of a key is no value that could be edited */
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
		map->at.len = go_to(r, event.end_mark)->at - map->at.offset;
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
	struct span at = span_of(r, start->start_mark, start->end_mark);

	*map = (struct node){ .kind = NODE_OBJECT, .at = at };
	check_tag(r, start->data.mapping_start.tag, at);
	while (count_node(r, at, 1) && read_member(r, map, &tail, depth))
		continue;
	if (r->broken)
		return NULL;
	check_keys(r, map);
	keep_anchor(r, start->data.mapping_start.anchor, map);
	return map;
}

/* The value that begins with `event`, which is used up; NULL when it cannot be used. */
static struct node *
read_value(struct reader *r, yaml_event_t *event, unsigned depth)
{
	struct node *n = NULL;

	if (depth > MAX_SPEC_DEPTH) {
		mistake(r, CHECK_TOO_LARGE, span_of(r, event->start_mark, event->end_mark),
		    "values are nested deeper than 64 levels",
		    "pipeline specs need only a few levels");
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
		mistake(r, CHECK_YAML, n->at, "a document must be a mapping or a list of mappings",
		    "use \"key: value\" lines, or remove the file from the specs");
		return tail;
	}
	for (*tail = n->kind == NODE_ARRAY ? n->first : n; *tail; tail = &(*tail)->next)
		continue;
	return tail;
}

struct node *
yaml_read(struct scan *s)
{
	struct node *first = NULL, **tail = &first;
	struct reader r = { .s = s, .at = *s };
	struct str text = scan_rest(s);
	bool ended = false;
	yaml_event_t event;

	if (!yaml_parser_initialize(&r.parser)) {
		mistake(&r, CHECK_TOO_LARGE, scan_span(s, 1), "out of memory", "read fewer files");
		return NULL;
	}
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r.parser, (const unsigned char *)text.ptr, text.len);
	while (!ended && next(&r, &event)) {
		ended = event.type == YAML_STREAM_END_EVENT;
		if (event.type == YAML_DOCUMENT_START_EVENT)
			r.anchor_count = 0;
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
