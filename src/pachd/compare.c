#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "pachd/fill.h"
#include "pachd/inside.h"

/*
 * Both sides become the same kind of message, get the same defaults where a field is unset, and are
 * then compared field by field as bytes. The defaults are those that pachd's setPipelineDefaults and
 * setInputDefaults fill in.
 */

static const ProtobufCFieldDescriptor *
field_named(const ProtobufCMessage *m, const char *name)
{
	return protobuf_c_message_descriptor_get_field_by_name(m->descriptor, name);
}

static void
clear(ProtobufCMessage *m, const char *name)
{
	const ProtobufCFieldDescriptor *field = field_named(m, name);

	if (!field)
		return;
	if (field->label == PROTOBUF_C_LABEL_REPEATED
	    || (field->label == PROTOBUF_C_LABEL_OPTIONAL && field->type != PROTOBUF_C_TYPE_STRING
	        && field->type != PROTOBUF_C_TYPE_MESSAGE))
		memset(message_at(m, field->quantifier_offset), 0,
		    field->label == PROTOBUF_C_LABEL_REPEATED ? sizeof(size_t)
		                                              : sizeof(protobuf_c_boolean));
	else
		memset(message_at(m, field->offset), 0, field_size(field));
}

static bool
has(const ProtobufCMessage *m, const char *name)
{
	const ProtobufCFieldDescriptor *field = m ? field_named(m, name) : NULL;

	return field && message_has(m, field);
}

static void
default_string(struct arena *a, ProtobufCMessage *m, const char *name, struct str value)
{
	const ProtobufCFieldDescriptor *field = m ? field_named(m, name) : NULL;
	char *text;

	if (!field || message_has(m, field))
		return;
	text = arena_cstr(a, value);
	message_set(m, field, &text);
}

static void
default_int(ProtobufCMessage *m, const char *name, int64_t value)
{
	if (field_named(m, name) && !has(m, name))
		message_set_int(m, name, value);
}

struct setting {
	struct arena *arena;
	const struct pachd *pachd;
	struct str pipeline, project;
	bool keep_start; /* our cron inputs say when they start; else the server chose */
};

/* pachd 2.3 and later store a glob as an absolute, clean path. */
static void
clean_glob(const struct setting *s, ProtobufCMessage *pfs)
{
	const ProtobufCFieldDescriptor *field = field_named(pfs, "glob");
	struct str glob = message_string(pfs, "glob"), part, rest = glob;
	struct buf made = BUF_INIT(MAX_SPEC_BYTES);
	char *text;

	if (s->pachd->facts.version < VERSION(2, 3, 0) || !field || glob.len == 0)
		return;
	while (str_split(&rest, '/', &part))
		if (part.len > 0 && !str_is(part, "."))
			buf_fmt(&made, "/%.*s", STR_FMT(part));
	if (made.len == 0)
		buf_add_char(&made, '/');
	text = arena_cstr(s->arena, buf_str(&made));
	buf_free(&made);
	message_set(pfs, field, &text);
}

static struct str
input_name(const ProtobufCMessage *input)
{
	static const char *const kinds[] = { "pfs", "atom", "cron", "git" };
	static const char *const groups[] = { "cross", "join", "group", "union" };

	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		if (has(input, kinds[i]))
			return message_string(message_message(input, kinds[i]), "name");
	for (size_t i = 0; i < COUNT_OF(groups); i++)
		if (has(input,
		        groups[i])) /* a group is called by its first member, once that is sorted */
			return input_name(message_list(input, groups[i])[0]);
	return (struct str){ "", 0 };
}

static int
by_input_name(const void *left, const void *right)
{
	return str_cmp(input_name(*(ProtobufCMessage *const *)left),
	    input_name(*(ProtobufCMessage *const *)right));
}

static void
settle_leaf(const struct setting *s, ProtobufCMessage *input)
{
	ProtobufCMessage *pfs = message_message(input, "pfs"),
	                 *cron = message_message(input, "cron");

	if (!pfs)
		pfs = message_message(input, "atom");
	if (pfs) {
		default_string(s->arena, pfs, "project", s->project);
		default_string(s->arena, pfs, "name", message_string(pfs, "repo"));
		default_string(s->arena, pfs, "branch", STR("master"));
		default_string(s->arena, pfs, "repo_type", STR("user"));
		clean_glob(s, pfs);
	}
	if (cron) {
		struct str name = message_string(cron, "name");

		default_string(s->arena, cron, "project", s->project);
		default_string(s->arena, cron, "repo",
		    arena_fmt(s->arena, "%.*s_%.*s", STR_FMT(s->pipeline), STR_FMT(name)));
		if (!s->keep_start)
			clear(cron, "start");
	}
}

/* Depth is bounded: a spec's by MAX_SPEC_DEPTH, a server's by protobuf-c's reader. */
static void
settle_input(const struct setting *s, ProtobufCMessage *input)
{
	static const char *const groups[] = { "cross", "join", "group", "union" };

	if (!input)
		return;
	settle_leaf(s, input);
	for (size_t i = 0; i < COUNT_OF(groups); i++) {
		size_t count = message_count(input, groups[i]);
		ProtobufCMessage **list = message_list(input, groups[i]);

		for (size_t j = 0; j < count; j++)
			settle_input(s, list[j]);
		if (count > 1) /* the server sorts them (SortInput) */
			qsort(list, count, sizeof(*list), by_input_name);
	}
}

static bool
has_cron_start(const ProtobufCMessage *input)
{
	static const char *const groups[] = { "cross", "join", "group", "union" };

	if (!input)
		return false;
	if (has(message_message(input, "cron"), "start"))
		return true;
	for (size_t i = 0; i < COUNT_OF(groups); i++)
		for (size_t j = 0; j < message_count(input, groups[i]); j++)
			if (has_cron_start(message_list(input, groups[i])[j]))
				return true;
	return false;
}

static void
drop_commands(ProtobufCMessage *m)
{
	static const char *const commands[] = { "update", "reprocess", "dry_run", "spec_commit",
		"details_json" };

	for (size_t i = 0; i < COUNT_OF(commands); i++)
		clear(m, commands[i]);
}

/* The project, which clients write or leave out as they like. */
static void
settle_project(struct arena *a, ProtobufCMessage *m)
{
	ProtobufCMessage *pipeline = message_message(m, "pipeline"), *project;
	const ProtobufCFieldDescriptor *field = pipeline ? field_named(pipeline, "project") : NULL;

	if (!field)
		return;
	project = message_message(pipeline, "project");
	if (!project) {
		project = message_new(a, field->descriptor);
		message_set(pipeline, field, &project);
	}
	default_string(a, project, "name", STR("default"));
}

/* What 1.x fills in from cache_size, and other figures of its own. */
static void
settle_line_1(ProtobufCMessage *ours, ProtobufCMessage *live)
{
	ProtobufCMessage *requests = message_message(live, "resource_requests");

	if (!has(ours, "resource_requests") && requests && !has(requests, "cpu")
	    && str_eq(message_string(requests, "memory"), message_string(live, "cache_size")))
		clear(live, "resource_requests");
	if (!has(ours, "cache_size") && str_is(message_string(live, "cache_size"), "64M"))
		clear(live, "cache_size");
	if (!has(ours, "max_queue_size") && message_int(live, "max_queue_size") == 1)
		clear(live, "max_queue_size");
}

static void
settle(const struct pachd *p, ProtobufCMessage *ours, ProtobufCMessage *live)
{
	struct arena *a = p->arena;
	ProtobufCMessage *both[] = { ours, live };
	bool keep_start = has_cron_start(message_message(ours, "input"));

	if (!has(ours, "salt"))
		clear(live, "salt");
	settle_line_1(ours, live);
	for (size_t i = 0; i < COUNT_OF(both); i++) {
		ProtobufCMessage *m = both[i], *pipeline = message_message(m, "pipeline");
		struct setting s = { a, p, message_string(pipeline, "name"), { "", 0 },
			keep_start };

		s.project = message_string(message_message(pipeline, "project"), "name");
		default_string(a, m, "output_branch", STR("master"));
		default_string(a, message_message(m, "service"), "type", STR("NodePort"));
		if (p->facts.version >= VERSION(1, 7, 5))
			default_int(m, "datum_tries", 3);
		if (p->facts.version >= (uint32_t)VERSION_2)
			default_string(a, m, "reprocess_spec", STR("until_success"));
		settle_input(&s, message_message(m, "input"));
	}
}

/* The bytes of one field alone. */
static struct str
field_bytes(struct arena *a, const ProtobufCMessage *m, const ProtobufCFieldDescriptor *field)
{
	ProtobufCMessage *one = message_new(a, m->descriptor);

	if (!message_has(m, field))
		return (struct str){ "", 0 };
	if (field->label == PROTOBUF_C_LABEL_REPEATED)
		message_set_list(one, field, *(void **)message_at(m, field->offset),
		    *(size_t *)message_at(m, field->quantifier_offset));
	else
		message_set(one, field, message_at(m, field->offset));
	return message_pack(a, one);
}

/* The first field that differs, or NULL. */
static const ProtobufCFieldDescriptor *
first_difference(struct arena *a, const ProtobufCMessage *x, const ProtobufCMessage *y)
{
	const ProtobufCMessageDescriptor *type = x->descriptor;

	for (unsigned i = 0; i < type->n_fields; i++)
		if (!str_eq(
		        field_bytes(a, x, &type->fields[i]), field_bytes(a, y, &type->fields[i])))
			return &type->fields[i];
	return NULL;
}

/* The field that differs, one level deeper where that is possible: "transform.image". */
static struct str
name_difference(struct arena *a, const ProtobufCMessage *x, const ProtobufCMessage *y,
    const ProtobufCFieldDescriptor *field)
{
	ProtobufCMessage *left = message_message(x, field->name),
	                 *right = message_message(y, field->name);
	const ProtobufCFieldDescriptor *inner =
	    left && right ? first_difference(a, left, right) : NULL;

	if (!inner)
		return str_of(field->name);
	return arena_fmt(a, "%s.%s", field->name, inner->name);
}

static bool
same_code(struct arena *a, const ProtobufCMessage *ours, const ProtobufCMessage *live)
{
	static const char *const code[] = { "image", "cmd", "err_cmd", "stdin", "err_stdin", "user",
		"working_dir" };
	const ProtobufCMessage *x = message_message(ours, "transform");
	const ProtobufCMessage *y = message_message(live, "transform");

	if (!x || !y)
		return !x && !y;
	for (size_t i = 0; i < COUNT_OF(code); i++) {
		const ProtobufCFieldDescriptor *field = field_named(x, code[i]);

		if (field && !str_eq(field_bytes(a, x, field), field_bytes(a, y, field)))
			return false;
	}
	return true;
}

static bool
holds_null(const struct node *n)
{
	if (n->kind == NODE_NULL)
		return true;
	for (const struct node *member = n->first; member; member = member->next)
		if ((n->kind == NODE_ARRAY || n->kind == NODE_OBJECT) && holds_null(member))
			return true;
	return false;
}

/* From 2.8: against the spec as it was submitted. NULL when that cannot be read. */
static ProtobufCMessage *
submitted(const struct pachd *p, const struct live *live)
{
	struct diags unheard = diags_in(p->arena);
	struct doc *doc;
	ProtobufCMessage *m;

	if (!p->generation->v2 || live->user_json.len == 0)
		return NULL;
	doc = doc_parse(p->arena, "user_spec_json", live->user_json, &unheard);
	if (unheard.errors > 0 || doc->count != 1 || doc->first->kind != NODE_OBJECT
	    || holds_null(doc->first))
		return NULL;
	m = request_fill(p, doc->first, "user_spec_json", true, &unheard);
	return unheard.errors > 0 ? NULL : m;
}

struct likeness
pachd_compare(
    const struct pachd *p, const struct node *tree, const char *file, const struct live *live)
{
	struct diags unheard = diags_in(p->arena);
	ProtobufCMessage *stored = submitted(p, live), *ours;
	const ProtobufCFieldDescriptor *field;
	struct likeness out = { .why = { "", 0 } };
	bool exact = stored != NULL;

	if (!stored)
		stored = message_read(p->arena, p->generation->line->create_request, live->spec);
	if (!stored || (p->generation->v2 && !exact)) {
		out.why = STR("the cluster does not keep the spec as it was submitted");
		return out;
	}
	if (holds_null(tree) && exact) {
		out.why = STR("the spec holds null, which cannot be compared");
		return out;
	}
	ours = request_fill(p, tree, file, exact, &unheard);
	drop_commands(ours);
	drop_commands(stored);
	settle_project(p->arena, ours);
	settle_project(p->arena, stored);
	if (!exact)
		settle(p, ours, stored);
	field = first_difference(p->arena, ours, stored);
	out.same = field == NULL;
	out.same_code = same_code(p->arena, ours, stored);
	if (field)
		out.why = name_difference(p->arena, ours, stored, field);
	return out;
}
