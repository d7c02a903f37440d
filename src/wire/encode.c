#include "wire/encode.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "wire/encode_value.h"
#include "wire/field_name.h"
#include "wire/field_releases.h"
#include "wire/message.h"
#include "wire/release.h"
#include "wire/scalar.h"

/* Fields that hold JSON as text; people write the object itself too. */
static bool
holds_json(const ProtobufCFieldDescriptor *field)
{
	static const char *const names[] = { "pod_spec", "pod_patch", "tf_job" };

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (strcmp(field->name, names[i]) == 0)
			return true;
	return false;
}

static bool
encode_json(const struct slot *s, const struct node *n, char **out)
{
	struct buf text = BUF_INIT(MAX_SPEC_BYTES);
	bool whole;

	json_write(&text, n);
	whole = !buf_is_full(&text); /* YAML's aliases make much of little */
	if (!whole)
		diag_hint(s->encode->diags,
		    diags_error(s->encode->diags, CHECK_TOO_LARGE, s->encode->file, n->at,
		        "'%.*s' is larger than %d MiB as JSON", STR_FMT(s->name),
		        MAX_SPEC_BYTES >> 20),
		    "make it smaller");
	*out = arena_cstr(s->encode->arena, buf_str(&text));
	buf_free(&text);
	return whole;
}

static bool
encode_string(const struct slot *s, const struct node *n, char **out)
{
	struct diag *one;

	if (n->kind == NODE_STRING) {
		*out = arena_cstr(s->encode->arena, n->text);
		return true;
	}
	if (holds_json(s->field) && (n->kind == NODE_OBJECT || n->kind == NODE_ARRAY))
		return encode_json(s, n, out);
	one = wrong_type(s, n, "a string");
	if (n->kind != NODE_NUMBER && n->kind != NODE_BOOL)
		return false;
	/* what a map holds, above all the environment, may be a secret */
	if (str_ends(str_of(s->message->descriptor->short_name), "Entry"))
		diag_hint(s->encode->diags, one, "put the value in double quotes");
	else
		diag_hint(s->encode->diags, one, "put it in double quotes: \"%.*s\"",
		    STR_FMT(str_head(n->text, 100)));
	return false;
}

static ProtobufCMessage *
message_of_time(const struct slot *s, const struct span_of_time *time)
{
	ProtobufCMessage *message = message_new(s->encode->arena, s->field->descriptor);

	message_set_int(message, "seconds", time->seconds);
	message_set_int(message, "nanos", time->nanos);
	return message;
}

static ProtobufCMessage *
encode_duration(const struct slot *s, const struct node *n)
{
	struct span_of_time time;

	if (n->kind != NODE_STRING)
		(void)wrong_type(s, n, "a duration such as \"90s\"");
	else if (!value_duration(n->text, &time))
		bad_value(s, n, "a duration", "use for example \"90s\" or \"1h30m\"");
	else
		return message_of_time(s, &time);
	return NULL;
}

static ProtobufCMessage *
encode_timestamp(const struct slot *s, const struct node *n)
{
	struct span_of_time time;

	if (n->kind != NODE_STRING)
		(void)wrong_type(s, n, "a time such as \"2024-01-31T12:00:00Z\"");
	else if (!value_timestamp(n->text, &time))
		bad_value(
		    s, n, "a time as RFC 3339 has it", "use for example \"2024-01-31T12:00:00Z\"");
	else
		return message_of_time(s, &time);
	return NULL;
}

/* google.protobuf's messages around one scalar, which JSON writes as that scalar (wrappers.proto). */
static bool
is_wrapper(const ProtobufCMessageDescriptor *type)
{
	static const char *const names[] = { "DoubleValue", "FloatValue", "Int64Value",
		"UInt64Value", "Int32Value", "UInt32Value", "BoolValue", "StringValue",
		"BytesValue" };

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (strcmp(type->package_name, "google.protobuf") == 0
		    && strcmp(type->short_name, names[i]) == 0)
			return true;
	return false;
}

static bool encode_scalar(const struct slot *s, const struct node *n, void *place);

static ProtobufCMessage *
encode_wrapper(const struct slot *s, const struct node *n)
{
	const ProtobufCMessageDescriptor *type = s->field->descriptor;
	struct slot inner = *s;

	inner.message = message_new(s->encode->arena, type);
	inner.field = protobuf_c_message_descriptor_get_field_by_name(type, "value");
	if (!encode_scalar(&inner, n, message_at(inner.message, inner.field->offset)))
		return NULL;
	return inner.message;
}

static ProtobufCMessage *
encode_submessage(const struct slot *s, const struct node *n)
{
	const ProtobufCMessageDescriptor *type = s->field->descriptor;

	if (is_wrapper(type))
		return encode_wrapper(s, n);
	if (strcmp(type->name, "google.protobuf.Duration") == 0)
		return encode_duration(s, n);
	if (strcmp(type->name, "google.protobuf.Timestamp") == 0)
		return encode_timestamp(s, n);
	if (n->kind == NODE_OBJECT) {
		struct encode inner = *s->encode;

		inner.title = s->name;
		return encode_message(&inner, type, n);
	}
	(void)wrong_type(s, n, "an object");
	return NULL;
}

/* Writes one value of the field's type to `place`; false when it is wrong. */
static bool
encode_scalar(const struct slot *s, const struct node *n, void *place)
{
	int64_t number = 0;
	uint64_t size = 0;
	double real = 0;
	bool good = true;

	switch (s->field->type) {
	case PROTOBUF_C_TYPE_INT32:
	case PROTOBUF_C_TYPE_SINT32:
	case PROTOBUF_C_TYPE_SFIXED32:
		good = encode_int(s, n, false, &number);
		*(int32_t *)place = (int32_t)number;
		return good;
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED64:
		return encode_int(s, n, true, place);
	case PROTOBUF_C_TYPE_UINT32:
	case PROTOBUF_C_TYPE_FIXED32:
		good = encode_uint(s, n, false, &size);
		*(uint32_t *)place = (uint32_t)size;
		return good;
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_FIXED64:
		return encode_uint(s, n, true, place);
	case PROTOBUF_C_TYPE_FLOAT:
		good = encode_real(s, n, &real);
		*(float *)place = (float)real;
		return good;
	case PROTOBUF_C_TYPE_DOUBLE:
		return encode_real(s, n, place);
	case PROTOBUF_C_TYPE_BOOL:
		if (n->kind != NODE_BOOL)
			(void)wrong_type(s, n, "true or false");
		*(protobuf_c_boolean *)place = n->kind == NODE_BOOL && str_is(n->text, "true");
		return n->kind == NODE_BOOL;
	case PROTOBUF_C_TYPE_ENUM:
		return encode_enum(s, n, place);
	case PROTOBUF_C_TYPE_STRING:
		return encode_string(s, n, place);
	case PROTOBUF_C_TYPE_BYTES: /* no spec has any */
		(void)wrong_type(s, n, "no value that a spec can contain");
		return false;
	case PROTOBUF_C_TYPE_MESSAGE:
		*(ProtobufCMessage **)place = encode_submessage(s, n);
		return *(ProtobufCMessage **)place != NULL;
	}
	return false;
}

/* Another check has a mistake for it already. */
static bool
is_refused_date(const struct encode *f, const struct node *n)
{
	return n->is_date && f->version >= (uint32_t)RELEASE_2;
}

/* What pachctl before 2.0 makes of null in a list or a map: the type's zero. */
static bool
encode_null(const struct slot *s, const struct node *n, void *place)
{
	bool is_string = s->field->type == PROTOBUF_C_TYPE_STRING;

	diag_hint(s->encode->diags,
	    diags_warn(s->encode->diags, CHECK_WRONG_TYPE, s->encode->file, n->at,
	        "'%.*s' is null: pachctl 1.13 reads %s, pachctl 2.0 and later refuse it",
	        STR_FMT(s->name), is_string ? "an empty text" : "0"),
	    is_string ? "use \"\"" : "use 0");
	memset(place, 0, field_size(s->field));
	if (is_string)
		*(char **)place = arena_cstr(s->encode->arena, (struct str){ "", 0 });
	return true;
}

/* One value of a list or a map. */
static bool
encode_element(const struct slot *s, const struct node *n, void *place)
{
	if (n->is_faulty || is_refused_date(s->encode, n))
		return false;
	if (n->kind == NODE_NULL && s->encode->version < RELEASE_2
	    && s->field->type != PROTOBUF_C_TYPE_MESSAGE)
		return encode_null(s, n, place);
	return encode_scalar(s, n, place);
}

/* Entries are sorted, so that the same spec gives the same bytes. */
static void
encode_map(const struct slot *s, const struct node *n)
{
	const ProtobufCMessageDescriptor *type = s->field->descriptor;
	ProtobufCMessage **entries = ARENA_ARRAY(s->encode->arena, n->count, ProtobufCMessage *);
	size_t count = 0;

	for (const struct node *member = n->first; member; member = member->next) {
		struct slot value = { s->encode, &type->fields[1],
			message_new(s->encode->arena, type), str_head(member->key, 100) };
		char **key = message_at(value.message, type->fields[0].offset);

		*key = arena_cstr(s->encode->arena, member->key);
		if (!encode_element(&value, member, message_at(value.message, value.field->offset)))
			continue;
		entries[count++] = value.message;
	}
	entries_sort(entries, count);
	message_set_list(s->message, s->field, entries, count);
}

static void
encode_list(const struct slot *s, const struct node *n)
{
	size_t size = field_size(s->field), count = 0;
	char *list;

	if (field_is_map(s->field) && n->kind == NODE_OBJECT) {
		encode_map(s, n);
		return;
	}
	if (n->kind != NODE_ARRAY || field_is_map(s->field)) {
		(void)wrong_type(s, n, field_is_map(s->field) ? "an object" : "a list");
		return;
	}
	list = arena_array(s->encode->arena, n->count, size);
	for (const struct node *member = n->first; member; member = member->next)
		if (encode_element(s, member, list + count * size))
			count++;
	message_set_list(s->message, s->field, list, count);
}

static bool
is_zero(const ProtobufCFieldDescriptor *field, const void *place)
{
	static const char zero[16];

	if (field->type == PROTOBUF_C_TYPE_MESSAGE)
		return false;
	if (field->type == PROTOBUF_C_TYPE_STRING)
		return **(char *const *)place == '\0';
	return memcmp(place, zero, field_size(field)) == 0;
}

static void
another_form(const struct slot *s, const struct node *n)
{
	diag_hint(s->encode->diags,
	    diags_error(s->encode->diags, CHECK_FIELD_CLASH, s->encode->file, n->key_at,
	        "'%.*s' conflicts with another form of the same field", STR_FMT(n->key)),
	    "keep one of them");
}

static void
encode_single(const struct slot *s, const struct node *n)
{
	bool oneof = (s->field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0;
	uint64_t value[2] = { 0 };

	if (is_refused_date(s->encode, n) || !encode_scalar(s, n, value))
		return;
	if (!oneof && !s->encode->keep_zero && is_zero(s->field, value))
		return;
	/* one number says which of a oneof is set; 0: none */
	if (oneof && *(uint32_t *)message_at(s->message, s->field->quantifier_offset) != 0)
		another_form(s, n);
	else
		message_set(s->message, s->field, value);
}

/* pachd merges the spec with its defaults as JSON (RFC 7396), and then wants a list or a map. Before 2.8 null meant
 * that the field is not set. */
static void
null_list(const struct slot *s, const struct node *n)
{
	struct diags *d = s->encode->diags;

	if (s->encode->version != 0 && s->encode->version < RELEASE(2, 8, 0))
		return;
	diag_hint(d,
	    s->encode->version == 0
	        ? diags_warn(d, CHECK_WRONG_TYPE, s->encode->file, n->key_at,
	            "'%.*s' is null, which pachd 2.8 and later refuse for a list or a map",
	            STR_FMT(s->name))
	        : diags_error(d, CHECK_WRONG_TYPE, s->encode->file, n->key_at,
	            "'%.*s' is null, which pachd refuses for a list or a map", STR_FMT(s->name)),
	    "remove it, or write an empty list [] or map {}");
}

ProtobufCMessage *
encode_message(
    const struct encode *f, const ProtobufCMessageDescriptor *type, const struct node *object)
{
	ProtobufCMessage *message = message_new(f->arena, type);
	bool *seen = ARENA_ARRAY(f->arena, type->n_fields, bool);
	struct field_rows rows = field_rows_of(type->name);

	for (const struct node *member = object->first; member; member = member->next) {
		struct slot s = { f, field_name_find(f, type, &rows, member), message,
			str_head(member->key, 100) };

		if (!s.field)
			continue;
		if (seen[s.field - type->fields])
			another_form(&s, member);
		else if (s.field->label == PROTOBUF_C_LABEL_REPEATED && member->kind == NODE_NULL)
			null_list(&s, member);
		else if (s.field->label == PROTOBUF_C_LABEL_REPEATED)
			encode_list(&s, member);
		else if (member->kind != NODE_NULL)
			encode_single(&s, member);
		seen[s.field - type->fields] = true;
	}
	return message;
}
