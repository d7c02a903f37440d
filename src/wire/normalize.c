#include "wire/normalize.h"

#include "wire/release.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"

/* The defaults are those of pachd's setPipelineDefaults and setInputDefaults. */

static const char *const groups[] = { "cross", "join", "group", "union" };

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
set_string(struct arena *a, ProtobufCMessage *m, const char *name, struct str value)
{
	char *text = arena_cstr(a, value);

	message_set(m, field_named(m, name), &text);
}

static void
default_string(struct arena *a, ProtobufCMessage *m, const char *name, struct str value)
{
	const ProtobufCFieldDescriptor *field = m ? field_named(m, name) : NULL;

	if (field && !message_has(m, field))
		set_string(a, m, name, value);
}

static void
default_int(ProtobufCMessage *m, const char *name, int64_t value)
{
	if (field_named(m, name) && !has(m, name))
		message_set_int(m, name, value);
}

static void
normalize_project(struct arena *a, ProtobufCMessage *m)
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

void
normalize_request(struct arena *a, ProtobufCMessage *m)
{
	static const char *const commands[] = { "update", "reprocess", "dry_run", "spec_commit",
		"details_json" };

	for (size_t i = 0; i < COUNT_OF(commands); i++)
		clear(m, commands[i]);
	normalize_project(a, m);
}

static void
default_empty(struct arena *a, ProtobufCMessage *m, const ProtobufCFieldDescriptor *field)
{
	char *text;

	if (message_has(m, field))
		return;
	text = arena_cstr(a, STR(""));
	message_set(m, field, &text);
}

/* Sorts the entries of a map, and sets empty texts, which writers may leave out. */
static void
normalize_map(struct arena *a, ProtobufCMessage **entries, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const ProtobufCFieldDescriptor *fields = entries[i]->descriptor->fields;

		if (fields[1].type != PROTOBUF_C_TYPE_STRING)
			return;
		default_empty(a, entries[i], &fields[0]);
		default_empty(a, entries[i], &fields[1]);
	}
	entries_sort(entries, count);
}

/* Recursion is limited: in specs by MAX_SPEC_DEPTH, in answers by message_read(). */
static void
normalize_maps(struct arena *a, ProtobufCMessage *m)
{
	for (unsigned i = 0; i < m->descriptor->n_fields; i++) {
		const ProtobufCFieldDescriptor *field = &m->descriptor->fields[i];
		ProtobufCMessage **list;
		size_t count;

		if (field->type != PROTOBUF_C_TYPE_MESSAGE || !message_has(m, field))
			continue;
		if (field->label != PROTOBUF_C_LABEL_REPEATED) {
			normalize_maps(a, message_child(m, field));
			continue;
		}
		list = message_children(m, field, &count);
		if (field_is_map(field))
			normalize_map(a, list, count);
		else
			for (size_t j = 0; j < count; j++)
				normalize_maps(a, list[j]);
	}
}

struct normalizing {
	struct arena *arena;
	uint32_t release;
	struct str pipeline, project;
	bool keep_start; /* our cron inputs have a start; else it is the server's */
};

/* pachd 2.3 and later store a glob as an absolute, clean path. */
static void
clean_glob(const struct normalizing *s, ProtobufCMessage *pfs)
{
	struct str rest = message_string(pfs, "glob"), part;
	struct buf made = BUF_INIT(MAX_SPEC_BYTES);

	if (s->release < RELEASE(2, 3, 0) || rest.len == 0)
		return;
	while (str_split(&rest, '/', &part))
		if (part.len > 0 && !str_is(part, "."))
			buf_fmt(&made, "/%.*s", STR_FMT(part));
	if (made.len == 0)
		buf_add_char(&made, '/');
	set_string(s->arena, pfs, "glob", buf_str(&made));
	buf_free(&made);
}

/* "edges-trigger-1": the server's name for the branch of an input that has a trigger and no branch. */
static bool
is_trigger_branch(struct str branch, struct str pipeline)
{
	static const char word[] = "-trigger-";
	struct str rest = str_tail(branch, pipeline.len);

	if (!str_eq(str_head(branch, pipeline.len), pipeline) || !str_starts(rest, word))
		return false;
	rest = str_tail(rest, sizeof(word) - 1);
	while (rest.len > 0 && rest.ptr[0] >= '0' && rest.ptr[0] <= '9')
		rest = str_tail(rest, 1);
	return rest.len == 0;
}

static void
normalize_pfs(const struct normalizing *s, ProtobufCMessage *pfs)
{
	ProtobufCMessage *trigger = message_message(pfs, "trigger");

	default_string(s->arena, pfs, "project", s->project);
	default_string(s->arena, pfs, "name", message_string(pfs, "repo"));
	default_string(s->arena, pfs, "repo_type", STR("user"));
	default_string(s->arena, trigger, "branch", STR("master"));
	if (!trigger)
		default_string(s->arena, pfs, "branch", STR("master"));
	else if (is_trigger_branch(message_string(pfs, "branch"), s->pipeline))
		clear(pfs, "branch");
	clean_glob(s, pfs);
}

static void
normalize_cron(const struct normalizing *s, ProtobufCMessage *cron)
{
	struct str name = message_string(cron, "name");

	default_string(s->arena, cron, "project", s->project);
	default_string(s->arena, cron, "repo",
	    arena_fmt(s->arena, "%.*s_%.*s", STR_FMT(s->pipeline), STR_FMT(name)));
	if (!s->keep_start)
		clear(cron, "start");
}

/* The name of "https://github.com/a/b.git" is b. */
static void
normalize_git(const struct normalizing *s, ProtobufCMessage *git)
{
	struct str url = message_string(git, "url");
	size_t slash = str_rfind(url, '/');
	struct str base = slash < url.len ? str_tail(url, slash + 1) : url;

	default_string(s->arena, git, "branch", STR("master"));
	default_string(s->arena, git, "name", str_head(base, str_find(base, '.')));
}

static void
normalize_leaves(const struct normalizing *s, ProtobufCMessage *input)
{
	static const struct {
		const char *name;
		void (*settle)(const struct normalizing *s, ProtobufCMessage *leaf);
	} leaves[] = {
		{ "pfs", normalize_pfs },
		{ "atom", normalize_pfs },
		{ "cron", normalize_cron },
		{ "git", normalize_git },
	};

	for (size_t i = 0; i < COUNT_OF(leaves); i++)
		if (has(input, leaves[i].name))
			leaves[i].settle(s, message_message(input, leaves[i].name));
	for (size_t i = 0; i < COUNT_OF(groups); i++)
		for (size_t j = 0; j < message_count(input, groups[i]); j++)
			normalize_leaves(s, message_list(input, groups[i])[j]);
}

static struct str
input_name(const ProtobufCMessage *input)
{
	static const char *const leaves[] = { "pfs", "atom", "cron", "git" };

	for (size_t i = 0; i < COUNT_OF(leaves); i++)
		if (has(input, leaves[i]))
			return message_string(message_message(input, leaves[i]), "name");
	for (size_t i = 0; i < COUNT_OF(groups); i++)
		if (has(input, groups[i])) /* named by its first member, which is sorted already */
			return input_name(message_list(input, groups[i])[0]);
	return (struct str){ "", 0 };
}

/* An input in its list; the place keeps those of one name in their order, as the server does. */
struct placed {
	struct str name;
	size_t place;
	ProtobufCMessage *input;
};

static int
by_name_and_place(const void *left, const void *right)
{
	const struct placed *a = left, *b = right;
	int order = str_cmp(a->name, b->name);

	return order ? order : (a->place > b->place) - (a->place < b->place);
}

/* The server's SortInput. */
static void
sort_inputs(struct arena *a, ProtobufCMessage *input)
{
	for (size_t i = 0; i < COUNT_OF(groups); i++) {
		size_t count = message_count(input, groups[i]);
		ProtobufCMessage **list = message_list(input, groups[i]);
		struct placed *placed = ARENA_ARRAY(a, count, struct placed);

		for (size_t j = 0; j < count; j++) {
			sort_inputs(a, list[j]);
			placed[j] = (struct placed){ input_name(list[j]), j, list[j] };
		}
		if (count > 1)
			qsort(placed, count, sizeof(*placed), by_name_and_place);
		for (size_t j = 0; j < count; j++)
			list[j] = placed[j].input;
	}
}

static bool
has_cron_start(const ProtobufCMessage *input)
{
	if (has(message_message(input, "cron"), "start"))
		return true;
	for (size_t i = 0; i < COUNT_OF(groups); i++)
		for (size_t j = 0; j < message_count(input, groups[i]); j++)
			if (has_cron_start(message_list(input, groups[i])[j]))
				return true;
	return false;
}

/* Whether the server made the requests from cache_size alone. */
static bool
is_from_cache_size(const ProtobufCMessage *requests, struct str cache_size)
{
	return cache_size.len > 0 && str_eq(message_string(requests, "memory"), cache_size)
	       && !has(requests, "cpu") && !has(requests, "gpu") && !has(requests, "disk");
}

/* The resources that 1.x derives from cache_size, and its other defaults. */
static void
normalize_line_1(ProtobufCMessage *ours, ProtobufCMessage *live)
{
	if (!has(ours, "resource_requests")
	    && is_from_cache_size(
	        message_message(live, "resource_requests"), message_string(live, "cache_size")))
		clear(live, "resource_requests");
	if (!has(ours, "cache_size") && str_is(message_string(live, "cache_size"), "64M"))
		clear(live, "cache_size");
	if (!has(ours, "max_queue_size") && message_int(live, "max_queue_size") == 1)
		clear(live, "max_queue_size");
}

/* The image of a pipeline whose spec names none, where the defaults of the cluster (2.8+) name none either. Seen in
 * 1.8.8, 1.12.5, 1.13.4, 2.6.11 and 2.11.6. */
static struct str
stock_image(uint32_t version)
{
	return version < (uint32_t)RELEASE_2 ? STR("ubuntu:16.04") : STR("ubuntu:20.04");
}

static void
normalize_one(struct arena *a, uint32_t release, ProtobufCMessage *m, bool keep_start)
{
	ProtobufCMessage *pipeline = message_message(m, "pipeline");
	ProtobufCMessage *input = message_message(m, "input");
	struct normalizing s = { a, release, message_string(pipeline, "name"), { "", 0 },
		keep_start };

	s.project = message_string(message_message(pipeline, "project"), "name");
	default_string(a, m, "output_branch", STR("master"));
	default_string(a, message_message(m, "service"), "type", STR("NodePort"));
	default_string(
	    a, message_message(message_message(m, "spout"), "service"), "type", STR("NodePort"));
	if (release >= RELEASE(1, 7, 5))
		default_int(m, "datum_tries", 3);
	if (release >= RELEASE(1, 13, 0))
		default_string(a, m, "reprocess_spec", STR("until_success"));
	default_string(a, message_message(m, "transform"), "image", stock_image(release));
	normalize_maps(a, m);
	if (!input)
		return;
	sort_inputs(a, input); /* by the names in the spec, then by those that are set here */
	normalize_leaves(&s, input);
	sort_inputs(a, input);
}

void
normalize_stored(struct arena *a, uint32_t release, ProtobufCMessage *ours, ProtobufCMessage *live)
{
	bool keep_start = has_cron_start(message_message(ours, "input"));

	if (!has(ours, "salt"))
		clear(live, "salt");
	if (release < (uint32_t)RELEASE_2)
		normalize_line_1(ours, live);
	normalize_one(a, release, ours, keep_start);
	normalize_one(a, release, live, keep_start);
}

void
normalize_inputs(struct arena *a, uint32_t release, ProtobufCMessage *m)
{
	ProtobufCMessage *pipeline = message_message(m, "pipeline");
	ProtobufCMessage *input = message_message(m, "input");
	struct normalizing s = { a, release, message_string(pipeline, "name"),
		message_string(message_message(pipeline, "project"), "name"), true };

	if (input)
		normalize_leaves(&s, input);
}
