/* Our .proto files and the table of releases against the interface of every release from 1.7.0 to 2.11.6,
 * whose list lies beside the project. */
#include "tap.h"

#include <string.h>

#include "base/arena.h"
#include "files/read.h"
#include "wire/field_releases.h"
#include "wire/generation.h"
#include "wire/message.h"

#define FACTS "../shared/facts/"

/* PFSInput has two more fields, one of them a message of one field: src/pps/pps.proto and src/pfs/pfs.proto of
 * v2.12.0-rc.3. */
enum { MAX_FACTS_BYTES = 1 << 20, MAX_TYPES = 400, NEW_IN_2_12 = 3 };

/* One field in one run of releases. */
struct fact {
	struct str message, field, type, label, note;
	uint32_t number, from, to;
};

struct facts {
	struct fact *list;
	size_t count, room;
};

static uint32_t
number_of(struct str text)
{
	uint32_t n = 0;

	for (size_t i = 0; i < text.len && text.ptr[i] >= '0' && text.ptr[i] <= '9'; i++)
		n = n * 10 + (uint32_t)(text.ptr[i] - '0');
	return n;
}

/* "v1.13.4" */
static uint32_t
release_of(struct str text)
{
	uint32_t part[3] = { 0 };
	struct str rest = str_tail(text, 1), one;

	for (size_t i = 0; i < 3 && str_split(&rest, '.', &one); i++)
		part[i] = number_of(one);
	return RELEASE(part[0], part[1], part[2]);
}

/* The messages were renamed, their fields were not. */
static struct str
renamed(struct str name)
{
	if (str_is(name, "pfs_v2.RepoAuthInfo"))
		return STR("pfs_v2.AuthInfo");
	return str_is(name, "pps.Secret") ? STR("pps.SecretMount") : name;
}

/* Two releases without one between them. */
static bool
are_neighbours(uint32_t last, uint32_t first)
{
	return (last == RELEASE(1, 9, 12) && first == RELEASE(1, 10, 0))
	       || (last == RELEASE(2, 5, 9) && first == RELEASE(2, 6, 0));
}

/* 1.9.12 is the last 1.9: a run that ends there and one of the same field from 1.10.0 are one. */
static bool
goes_on(struct facts *f, const struct fact *fact)
{
	for (size_t i = 0; i < f->count; i++) {
		struct fact *one = &f->list[i];

		if (are_neighbours(one->to, fact->from) && str_eq(one->message, fact->message)
		    && str_eq(one->field, fact->field) && one->number == fact->number) {
			one->to = fact->to;
			return true;
		}
	}
	return false;
}

static void
add_ranges(struct facts *f, struct arena *a, struct fact fact, struct str ranges)
{
	struct str range;

	while (str_split(&ranges, ',', &range)) {
		size_t dots = str_find(range, '.');

		while (dots < range.len && !str_starts(str_tail(range, dots), "..v"))
			dots++;
		fact.from = release_of(str_head(range, dots));
		fact.to = release_of(str_tail(range, dots + 2));
		if (goes_on(f, &fact))
			continue;
		f->list = arena_grow(a, f->list, f->count, &f->room, sizeof(*f->list));
		f->list[f->count++] = fact;
	}
}

static bool
read_facts(struct facts *f, struct arena *a, const char *path)
{
	struct str text, line;
	struct err err;

	if (file_read(a, path, MAX_FACTS_BYTES, &text, &err) < 0)
		return false;
	while (str_split(&text, '\n', &line)) {
		struct str ranges, number, json_name;
		struct fact one = { .number = 0 };

		if (!str_starts(line, "v") || !str_split(&line, '\t', &ranges)
		    || !str_split(&line, '\t', &one.message) || !str_split(&line, '\t', &one.field)
		    || !str_split(&line, '\t', &number) || !str_split(&line, '\t', &one.type)
		    || !str_split(&line, '\t', &one.label) || !str_split(&line, '\t', &json_name)
		    || str_is(one.type, "reserved") || str_is(one.label, "label"))
			continue;
		(void)str_split(&line, '\t', &one.note);
		one.number = number_of(number);
		one.message = renamed(one.message);
		add_ranges(f, a, one, ranges);
	}
	return true;
}

static const struct fact *
fact_at(const struct facts *f, struct str message, struct str field, uint32_t version)
{
	for (size_t i = 0; i < f->count; i++)
		if (str_eq(f->list[i].message, message) && str_eq(f->list[i].field, field)
		    && version >= f->list[i].from && version <= f->list[i].to)
			return &f->list[i];
	return NULL;
}

static bool
is_last_of_line(uint32_t version)
{
	return version == RELEASE(1, 13, 4) || version == RELEASE(2, 11, 6);
}

/* The four releases around a run; those outside the line are left out as 0. */
static void
around(uint32_t from, uint32_t to, uint32_t out[4])
{
	bool first = from == RELEASE(1, 7, 0) || from == RELEASE_2;

	out[0] = first ? 0 : from - 1; /* 2.4.1023 for 2.5.0: above every 2.4 */
	out[1] = from;
	out[2] = to;
	out[3] = is_last_of_line(to) ? 0 : to + 1;
}

/* Whether our table says of the name, in that release, what the facts say. */
static bool
agrees(
    const struct facts *f, struct arena *a, struct str message, struct str field, uint32_t version)
{
	const struct fact *fact = fact_at(f, message, field, version);
	const struct field_releases *row;
	struct field_rows rows = field_rows_of(arena_cstr(a, message));
	enum field_status verdict = field_rows_lookup(&rows, field, version, &row);

	return fact ? verdict == FIELD_KNOWN && row->number == fact->number
	            : verdict != FIELD_KNOWN;
}

static bool
agrees_around(const struct facts *f, struct arena *a, struct str message, struct str field,
    uint32_t from, uint32_t to)
{
	uint32_t at[4];
	bool good = true;

	around(from, to, at);
	for (size_t i = 0; i < COUNT_OF(at); i++) {
		if (at[i] == 0 || agrees(f, a, message, field, at[i]))
			continue;
		ok(false, "%.*s.%.*s in %s", STR_FMT(message), STR_FMT(field),
		    release_text(a, at[i]).ptr);
		good = false;
	}
	return good;
}

/* src/metadata/metadata.proto of v2.10.0, of which the facts compare 2.11 only. */
static bool
is_of_2_10(struct str message, const struct field_releases *row)
{
	static const struct {
		const char *message, *field;
		uint32_t number;
	} rows[] = {
		{ "metadata.EditMetadataRequest", "edits", 1 },
		{ "metadata.Edit", "project", 1 },
		{ "metadata.Edit", "repo", 4 },
		{ "metadata.Edit", "edit_key", 12 },
		{ "metadata.Edit.EditKey", "key", 1 },
		{ "metadata.Edit.EditKey", "value", 2 },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (str_is(message, rows[i].message) && strcmp(row->name, rows[i].field) == 0
		    && row->number == rows[i].number)
			return row->from == RELEASE(2, 10, 0);
	return false;
}

/* The message that a row is of. */
static struct str
message_of_row(size_t row)
{
	size_t i = 0;

	while (field_rows_table[i].end <= row)
		i++;
	return str_of(field_rows_table[i].message);
}

static void
test_since_table__every_row_is_a_fact(const struct facts *f, struct arena *a)
{
	size_t good = 0, rows = 0, later = 0;

	for (size_t i = 0; i < field_releases_count; i++) {
		const struct field_releases *row = &field_releases_table[i];
		struct str message = message_of_row(i);
		bool two = str_find(message, '_') < message.len;
		uint32_t first = two ? (uint32_t)RELEASE_2 : RELEASE(1, 7, 0);
		uint32_t last = two ? RELEASE(2, 11, 6) : RELEASE(1, 13, 4);

		if (row->from > row->to)
			continue;
		if (row->from > RELEASE(2, 11, 6)) { /* later than the facts */
			ok(fact_at(f, message, str_of(row->name), last) == NULL, "%.*s.%s is new",
			    STR_FMT(message), row->name);
			later++;
			continue;
		}
		rows++;
		good += is_of_2_10(message, row)
		        || agrees_around(f, a, message, str_of(row->name),
		            row->from ? row->from : first, row->to == FIELD_EVER ? last : row->to);
	}
	ok(rows > 400 && good == rows, "%zu of %zu rows", good, rows);
	ok(later == NEW_IN_2_12, "%zu fields of 2.12", later);
}

struct types {
	const ProtobufCMessageDescriptor *list[MAX_TYPES];
	size_t count;
};

static void
reach(struct types *t, const ProtobufCMessageDescriptor *type)
{
	for (size_t i = 0; i < t->count; i++)
		if (t->list[i] == type)
			return;
	if (t->count == MAX_TYPES)
		return;
	t->list[t->count++] = type;
	for (unsigned i = 0; i < type->n_fields; i++)
		if (type->fields[i].type == PROTOBUF_C_TYPE_MESSAGE)
			reach(t, type->fields[i].descriptor);
}

static const ProtobufCMessageDescriptor *
find_type(const struct types *t, struct str name)
{
	for (size_t i = 0; i < t->count; i++)
		if (str_is(name, t->list[i]->name))
			return t->list[i];
	return NULL;
}

static bool
is_scalar_type(const ProtobufCFieldDescriptor *field, struct str type)
{
	static const struct {
		const char *name;
		ProtobufCType type;
	} rows[] = {
		{ "bool", PROTOBUF_C_TYPE_BOOL },
		{ "bytes", PROTOBUF_C_TYPE_BYTES },
		{ "double", PROTOBUF_C_TYPE_DOUBLE },
		{ "float", PROTOBUF_C_TYPE_FLOAT },
		{ "int32", PROTOBUF_C_TYPE_INT32 },
		{ "int64", PROTOBUF_C_TYPE_INT64 },
		{ "string", PROTOBUF_C_TYPE_STRING },
		{ "uint32", PROTOBUF_C_TYPE_UINT32 },
		{ "uint64", PROTOBUF_C_TYPE_UINT64 },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (str_is(type, rows[i].name))
			return field->type == rows[i].type;
	return false;
}

/* "string", "enum pps.JobState", "message pps.Input", "map<string,string>" */
static bool
is_of_type(const ProtobufCFieldDescriptor *field, struct str type)
{
	struct str kind, name = { "", 0 };
	const ProtobufCMessageDescriptor *entry = field->descriptor;

	if (str_starts(type, "map<"))
		return field_is_map(field) && str_is(type, "map<string,string>")
		       && entry->fields[0].id == 1
		       && entry->fields[0].type == PROTOBUF_C_TYPE_STRING
		       && entry->fields[1].id == 2
		       && entry->fields[1].type == PROTOBUF_C_TYPE_STRING;
	(void)str_split(&type, ' ', &kind);
	(void)str_split(&type, ' ', &name);
	if (str_is(kind, "message"))
		return field->type == PROTOBUF_C_TYPE_MESSAGE && str_is(renamed(name), entry->name);
	if (str_is(kind, "enum"))
		return field->type == PROTOBUF_C_TYPE_ENUM
		       && str_is(name, ((const ProtobufCEnumDescriptor *)field->descriptor)->name);
	return is_scalar_type(field, kind);
}

static bool
is_as_described(const ProtobufCMessageDescriptor *type, const struct fact *fact)
{
	const ProtobufCFieldDescriptor *field =
	    protobuf_c_message_descriptor_get_field(type, fact->number);
	bool many = str_is(fact->label, "repeated") || str_is(fact->label, "map");

	return field && is_of_type(field, fact->type)
	       && (field->label == PROTOBUF_C_LABEL_REPEATED) == many
	       && ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0)
	              == str_starts(fact->note, "oneof ");
}

/* All that a spec can say: nothing is missing, and all has its number and type in its releases. */
static void
test_create_request__whole_closure(const struct facts *f, struct arena *a, const char *line,
    const ProtobufCMessageDescriptor *request)
{
	struct types t = { .count = 0 };
	size_t good = 0, rows = 0;

	reach(&t, request);
	for (size_t i = 0; i < f->count; i++) {
		const struct fact *fact = &f->list[i];
		const ProtobufCMessageDescriptor *type = find_type(&t, fact->message);
		bool same;

		if (!type || str_starts(fact->message, "google."))
			continue;
		rows++;
		same = is_as_described(type, fact);
		if (!same)
			ok(false, "%.*s.%.*s is %u %.*s", STR_FMT(fact->message),
			    STR_FMT(fact->field), (unsigned)fact->number, STR_FMT(fact->type));
		good +=
		    same && agrees_around(f, a, fact->message, fact->field, fact->from, fact->to);
	}
	ok(rows > 100 && good == rows, "%s: %zu of %zu fields", line, good, rows);
}

static void
reach_line(struct types *t, enum api line)
{
	const ProtobufCMessageDescriptor *const all[] = {
		method_of(line, METHOD_GET_VERSION)->reply, method_of(line, METHOD_WHO_AM_I)->reply,
		method_of(line, METHOD_INSPECT_PIPELINE)->reply,
		method_of(line, METHOD_CREATE_PIPELINE)->request,
		method_of(line, METHOD_BATCH_TRANSACTION)->request, method_batch_element(line),
		method_of(line, METHOD_START_TRANSACTION)->reply,
		method_of(line, METHOD_BATCH_TRANSACTION)->reply,
		method_of(line, METHOD_FINISH_TRANSACTION)->request
	};

	for (size_t i = 0; i < COUNT_OF(all); i++)
		reach(t, all[i]);
}

/* What the answers hold besides: each field that we have is one of pachd's. */
static void
test_descriptors__every_field_is_a_fact(const struct facts *f)
{
	struct types t = { .count = 0 };
	size_t good = 0, fields = 0;

	reach_line(&t, API_1);
	reach_line(&t, API_2);
	for (size_t i = 0; i < f->count; i++) {
		const struct fact *fact = &f->list[i];
		const ProtobufCMessageDescriptor *type = find_type(&t, fact->message);
		const ProtobufCFieldDescriptor *field =
		    type ? protobuf_c_message_descriptor_get_field(type, fact->number) : NULL;

		if (!field || str_starts(fact->type, "map<int32"))
			continue;
		fields++;
		good += is_as_described(type, fact);
		if (!is_as_described(type, fact))
			ok(false, "%.*s.%.*s is %.*s", STR_FMT(fact->message), STR_FMT(fact->field),
			    STR_FMT(fact->type));
	}
	ok(t.count < MAX_TYPES && fields > 300 && good == fields, "%zu of %zu fields", good,
	    fields);
	for (size_t i = 0; i < t.count; i++)
		if (t.list[i]->n_fields > 64)
			ok(false, "%s has more fields than message_read() has bits",
			    t.list[i]->name);
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);
	struct facts specs = { .list = NULL }, all = { .list = NULL };

	if (read_facts(&specs, a, FACTS "pps-fields.tsv")
	    && read_facts(&all, a, FACTS "pachd-fields.tsv")
	    && read_facts(&all, a, FACTS "pps-fields.tsv")) {
		test_since_table__every_row_is_a_fact(&all, a);
		test_create_request__whole_closure(
		    &specs, a, "1.7-1.13", method_of(API_1, METHOD_CREATE_PIPELINE)->request);
		test_create_request__whole_closure(
		    &specs, a, "2.0-2.11", method_of(API_2, METHOD_CREATE_PIPELINE)->request);
		test_descriptors__every_field_is_a_fact(&all);
	} else {
		skip("../shared/facts is not here");
	}
	arena_free(a);
	return done();
}
