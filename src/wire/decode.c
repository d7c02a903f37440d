#include "wire/decode.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "wire/field_releases.h"
#include "wire/message.h"

struct decoder {
	struct arena *arena;
	uint32_t version; /* the release whose names are used; 0: the newest */
};

static bool
decode_text(struct node *out, enum node_kind kind, struct str text)
{
	out->kind = kind;
	out->text = text;
	return true;
}

/* ".25" for 250,000,000 nanoseconds, without zeros at the end; empty for 0. */
static struct str
fraction(struct arena *a, int64_t nanos)
{
	struct str digits = arena_fmt(a, ".%09" PRId64, nanos < 0 ? -nanos : nanos);

	if (nanos == 0)
		return (struct str){ "", 0 };
	while (digits.ptr[digits.len - 1] == '0')
		digits.len--;
	return digits;
}

static bool
decode_duration(struct arena *a, struct node *out, int64_t seconds, int64_t nanos)
{
	uint64_t whole = seconds < 0 ? 0 - (uint64_t)seconds : (uint64_t)seconds;

	return decode_text(out, NODE_STRING,
	    arena_fmt(a, "%s%" PRIu64 "%.*ss", seconds < 0 || nanos < 0 ? "-" : "", whole,
	        STR_FMT(fraction(a, nanos))));
}

static bool
decode_timestamp(struct arena *a, struct node *out, int64_t seconds, int64_t nanos)
{
	time_t when = (time_t)seconds;
	struct tm utc;

	if (!gmtime_r(&when, &utc))
		return false;
	return decode_text(out, NODE_STRING,
	    arena_fmt(a, "%04d-%02d-%02dT%02d:%02d:%02d%.*sZ", utc.tm_year + 1900, utc.tm_mon + 1,
	        utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec, STR_FMT(fraction(a, nanos))));
}

static struct node *decode_members(const struct decoder *d, const ProtobufCMessage *message);
static bool decode_value(const struct decoder *d, struct node *out,
    const ProtobufCFieldDescriptor *field, const void *place);

/* google.protobuf.Duration, Timestamp and the wrappers are written as scalars. */
static bool
decode_submessage(const struct decoder *d, struct node *out, const ProtobufCMessage *m)
{
	static const char google[] = "google.protobuf.";
	const char *name = m->descriptor->name;
	const ProtobufCFieldDescriptor *value;
	int64_t seconds, nanos;

	if (strncmp(name, google, strlen(google)) != 0) {
		struct node *tree = decode_members(d, m);

		out->kind = NODE_OBJECT;
		out->first = tree->first;
		out->count = tree->count;
		return true;
	}
	value = protobuf_c_message_descriptor_get_field_by_name(m->descriptor, "value");
	seconds = message_int(m, "seconds");
	nanos = message_int(m, "nanos");
	if (strcmp(name + strlen(google), "Duration") == 0)
		return decode_duration(d->arena, out, seconds, nanos);
	if (strcmp(name + strlen(google), "Timestamp") == 0)
		return decode_timestamp(d->arena, out, seconds, nanos);
	return value && decode_value(d, out, value, message_at(m, value->offset));
}

static bool
decode_enum(struct node *out, const ProtobufCFieldDescriptor *field, int number)
{
	const ProtobufCEnumValue *value =
	    protobuf_c_enum_descriptor_get_value(field->descriptor, number);

	return value && decode_text(out, NODE_STRING, str_of(value->name));
}

static bool
decode_integer(
    struct arena *a, struct node *out, const ProtobufCFieldDescriptor *field, const void *place)
{
	bool is_unsigned =
	    field->type == PROTOBUF_C_TYPE_UINT32 || field->type == PROTOBUF_C_TYPE_FIXED32
	    || field->type == PROTOBUF_C_TYPE_UINT64 || field->type == PROTOBUF_C_TYPE_FIXED64;
	bool is_wide = field_size(field) == sizeof(int64_t);

	if (is_unsigned)
		return decode_text(out, NODE_NUMBER,
		    arena_fmt(a, "%" PRIu64,
		        is_wide ? *(const uint64_t *)place : *(const uint32_t *)place));
	return decode_text(out, NODE_NUMBER,
	    arena_fmt(a, "%" PRId64, is_wide ? *(const int64_t *)place : *(const int32_t *)place));
}

/* NaN and the infinities become strings, as encode_message() reads them. */
static bool
decode_real(struct arena *a, struct node *out, double real, int digits)
{
	if (real != real)
		return decode_text(out, NODE_STRING, STR("NaN"));
	if (real - real != 0)
		return decode_text(out, NODE_STRING, real > 0 ? STR("Infinity") : STR("-Infinity"));
	return decode_text(out, NODE_NUMBER, arena_fmt(a, "%.*g", digits, real));
}

/* Writes one value of the field's type; false when a spec cannot hold it. */
static bool
decode_value(const struct decoder *d, struct node *out, const ProtobufCFieldDescriptor *field,
    const void *place)
{
	switch (field->type) {
	case PROTOBUF_C_TYPE_INT32:
	case PROTOBUF_C_TYPE_SINT32:
	case PROTOBUF_C_TYPE_SFIXED32:
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED64:
	case PROTOBUF_C_TYPE_UINT32:
	case PROTOBUF_C_TYPE_FIXED32:
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_FIXED64:
		return decode_integer(d->arena, out, field, place);
	case PROTOBUF_C_TYPE_FLOAT: /* nine digits distinguish all floats, 17 all doubles */
		return decode_real(d->arena, out, (double)*(const float *)place, 9);
	case PROTOBUF_C_TYPE_DOUBLE:
		return decode_real(d->arena, out, *(const double *)place, 17);
	case PROTOBUF_C_TYPE_BOOL:
		return decode_text(out, NODE_BOOL,
		    *(const protobuf_c_boolean *)place ? STR("true") : STR("false"));
	case PROTOBUF_C_TYPE_ENUM:
		return decode_enum(out, field, *(const int *)place);
	case PROTOBUF_C_TYPE_STRING:
		return decode_text(
		    out, NODE_STRING, arena_str(d->arena, str_of(*(char *const *)place)));
	case PROTOBUF_C_TYPE_BYTES:
		return false;
	case PROTOBUF_C_TYPE_MESSAGE:
		return decode_submessage(d, out, *(ProtobufCMessage *const *)place);
	}
	return false;
}

/* The end of a list of members that is being written. */
struct pen {
	struct node *parent, **tail;
};

static struct pen
pen_on(struct node *parent)
{
	return (struct pen){ parent, &parent->first };
}

static void
append(struct pen *pen, struct node *child)
{
	*pen->tail = child;
	pen->tail = &child->next;
	pen->parent->count++;
}

/* A map as an object; an entry without a value has zero, which proto3 leaves out. */
static void
decode_map(
    const struct decoder *d, struct node *out, ProtobufCMessage *const *entries, size_t count)
{
	struct pen pen = pen_on(out);

	out->kind = NODE_OBJECT;
	for (size_t i = 0; i < count; i++) {
		const ProtobufCFieldDescriptor *value = &entries[i]->descriptor->fields[1];
		struct node *member = ARENA_NEW(d->arena, struct node);

		member->key = arena_str(d->arena, message_string(entries[i], "key"));
		if (!message_has(entries[i], value) && value->type == PROTOBUF_C_TYPE_STRING)
			(void)decode_text(member, NODE_STRING, STR(""));
		else if (!decode_value(d, member, value, message_at(entries[i], value->offset)))
			continue;
		append(&pen, member);
	}
}

static void
decode_list(const struct decoder *d, struct node *out, const ProtobufCFieldDescriptor *field,
    const ProtobufCMessage *message)
{
	const char *list = *(char **)message_at(message, field->offset);
	size_t count = *(size_t *)message_at(message, field->quantifier_offset);
	struct pen pen = pen_on(out);

	if (field_is_map(field)) {
		decode_map(d, out, (ProtobufCMessage **)(uintptr_t)list, count);
		return;
	}
	out->kind = NODE_ARRAY;
	for (size_t i = 0; i < count; i++) {
		struct node *member = ARENA_NEW(d->arena, struct node);

		if (decode_value(d, member, field, list + i * field_size(field)))
			append(&pen, member);
	}
}

/* Recursion is limited by message_read(). Fields that the release does not have are left out. */
static struct node *
decode_members(const struct decoder *d, const ProtobufCMessage *message)
{
	struct node *object = ARENA_NEW(d->arena, struct node);
	struct pen pen = pen_on(object);
	struct field_rows rows = field_rows_of(message->descriptor->name);

	object->kind = NODE_OBJECT;
	for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
		const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
		const char *name = NULL;
		struct node *member;

		if (message_has(message, field))
			name = field_rows_name(&rows, field->id, d->version);
		if (!name)
			continue;
		member = ARENA_NEW(d->arena, struct node);
		member->key = str_of(name);
		if (field->label == PROTOBUF_C_LABEL_REPEATED)
			decode_list(d, member, field, message);
		else if (!decode_value(d, member, field, message_at(message, field->offset)))
			continue;
		append(&pen, member);
	}
	return object;
}

struct node *
decode_message(struct arena *a, const ProtobufCMessage *message, uint32_t version)
{
	return decode_members(&(struct decoder){ a, version }, message);
}
