#include "wire/encode.h"

#include <assert.h>
#include <float.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "wire/field_name.h"
#include "wire/message.h"
#include "wire/scalar.h"

/* One member being filled. */
struct slot {
	const struct encode *fill;
	const ProtobufCFieldDescriptor *field;
	ProtobufCMessage *message;
	struct str name; /* for messages: the field's name, or a map member's key */
};

static struct diag *
wrong_type(const struct slot *s, const struct node *n, const char *expected)
{
	static const char *const kinds[] = { "null", "a boolean", "a number", "a string", "a list",
		"an object" };

	return diags_error(s->fill->diags, CHECK_WRONG_TYPE, s->fill->file, n->at,
	    "'%.*s' is %s, expected %s", STR_FMT(s->name), kinds[n->kind], expected);
}

static void
bad_value(const struct slot *s, const struct node *n, const char *expected, const char *hint)
{
	struct diag *one = diags_error(s->fill->diags, CHECK_WRONG_TYPE, s->fill->file, n->at,
	    "'%.*s' is '%.*s', expected %s", STR_FMT(s->name), STR_FMT(str_head(n->text, 100)),
	    expected);

	diag_hint(s->fill->diags, one, "%s", hint);
}

static bool
is_scalar(const struct slot *s, const struct node *n, const char *expected)
{
	if (n->kind == NODE_NUMBER || n->kind == NODE_STRING)
		return true;
	(void)wrong_type(s, n, expected);
	return false;
}

static bool
encode_int(const struct slot *s, const struct node *n, bool wide, int64_t *out)
{
	int64_t low = wide ? INT64_MIN : INT32_MIN, high = wide ? INT64_MAX : INT32_MAX;

	if (!is_scalar(s, n, "a whole number"))
		return false;
	if (value_int(n->text, low, high, out))
		return true;
	bad_value(
	    s, n, wide ? "a 64-bit whole number" : "a 32-bit whole number", "use digits only");
	return false;
}

static bool
encode_uint(const struct slot *s, const struct node *n, bool wide, uint64_t *out)
{
	if (!is_scalar(s, n, "a whole number"))
		return false;
	if (value_uint(n->text, wide ? UINT64_MAX : UINT32_MAX, out))
		return true;
	bad_value(s, n, "a whole number from 0", "use digits only");
	return false;
}

static bool
encode_real(const struct slot *s, const struct node *n, double *out)
{
	if (!is_scalar(s, n, "a number"))
		return false;
	if (value_double(n->text, out)
	    && (s->field->type != PROTOBUF_C_TYPE_FLOAT || *out == 0 || *out != *out
	        || (*out <= (double)FLT_MAX && *out >= -(double)FLT_MAX) || *out > DBL_MAX
	        || *out < -DBL_MAX))
		return true;
	bad_value(s, n, "a number", "use a number such as 0.5");
	return false;
}

static void
bad_name(const struct slot *s, const struct node *n, const ProtobufCEnumDescriptor *type)
{
	struct buf names = BUF_INIT(512);

	assert(type->values); /* protoc makes no enum without any */
	for (unsigned i = 0; i < type->n_values; i++)
		buf_fmt(&names, "%s%s", i ? ", " : "", type->values[i].name);
	bad_value(s, n, "one of the known names",
	    arena_fmt(s->fill->arena, "use one of: %.*s", STR_FMT(buf_str(&names))).ptr);
	buf_free(&names);
}

static bool
encode_enum(const struct slot *s, const struct node *n, int *out)
{
	const ProtobufCEnumDescriptor *type = s->field->descriptor;
	const ProtobufCEnumValue *value = NULL;
	int64_t number;

	if (!is_scalar(s, n, "a name"))
		return false;
	for (unsigned i = 0; n->kind == NODE_STRING && i < type->n_value_names; i++)
		if (str_is(n->text, type->values_by_name[i].name))
			value = &type->values[type->values_by_name[i].index];
	if (n->kind == NODE_NUMBER && value_int(n->text, INT32_MIN, INT32_MAX, &number)) {
		*out = (int)number;
		return true;
	}
	if (!value) {
		bad_name(s, n, type);
		return false;
	}
	*out = value->value;
	return true;
}

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
		diag_hint(s->fill->diags,
		    diags_error(s->fill->diags, CHECK_TOO_LARGE, s->fill->file, n->at,
		        "'%.*s' is larger than %d MiB as JSON", STR_FMT(s->name),
		        MAX_SPEC_BYTES >> 20),
		    "make it smaller");
	*out = arena_cstr(s->fill->arena, buf_str(&text));
	buf_free(&text);
	return whole;
}

static bool
encode_string(const struct slot *s, const struct node *n, char **out)
{
	struct diag *one;

	if (n->kind == NODE_STRING) {
		*out = arena_cstr(s->fill->arena, n->text);
		return true;
	}
	if (holds_json(s->field) && (n->kind == NODE_OBJECT || n->kind == NODE_ARRAY))
		return encode_json(s, n, out);
	one = wrong_type(s, n, "a string");
	if (n->kind != NODE_NUMBER && n->kind != NODE_BOOL)
		return false;
	/* what a map holds, above all the environment, may be a secret */
	if (str_ends(str_of(s->message->descriptor->short_name), "Entry"))
		diag_hint(s->fill->diags, one, "put the value in double quotes");
	else
		diag_hint(s->fill->diags, one, "put it in double quotes: \"%.*s\"",
		    STR_FMT(str_head(n->text, 100)));
	return false;
}

/* google.protobuf.Timestamp, Duration and the wrappers are written as scalars. */
static ProtobufCMessage *
encode_known(const struct slot *s, const struct node *n, const char *name)
{
	const ProtobufCMessageDescriptor *type = s->field->descriptor;
	ProtobufCMessage *message = message_new(s->fill->arena, type);
	bool duration = strcmp(name, "Duration") == 0;
	struct span_of_time time;

	if (duration || strcmp(name, "Timestamp") == 0) {
		if (n->kind != NODE_STRING) {
			(void)wrong_type(s, n,
			    duration ? "a duration such as \"90s\""
			             : "a time such as \"2024-01-31T12:00:00Z\"");
			return NULL;
		}
		if (!(duration ? value_duration(n->text, &time)
		               : value_timestamp(n->text, &time))) {
			bad_value(s, n, duration ? "a duration" : "a time as RFC 3339 has it",
			    duration ? "use for example \"90s\" or \"1h30m\""
			             : "use for example \"2024-01-31T12:00:00Z\"");
			return NULL;
		}
		message_set_int(message, "seconds", time.seconds);
		message_set_int(message, "nanos", time.nanos);
		return message;
	}
	return NULL;
}

static bool encode_scalar(const struct slot *s, const struct node *n, void *place);

static ProtobufCMessage *
encode_wrapper(const struct slot *s, const struct node *n)
{
	const ProtobufCMessageDescriptor *type = s->field->descriptor;
	struct slot inner = *s;

	inner.message = message_new(s->fill->arena, type);
	inner.field = protobuf_c_message_descriptor_get_field_by_name(type, "value");
	if (!inner.field
	    || !encode_scalar(&inner, n, message_at(inner.message, inner.field->offset)))
		return NULL;
	return inner.message;
}

static ProtobufCMessage *
encode_submessage(const struct slot *s, const struct node *n)
{
	const ProtobufCMessageDescriptor *type = s->field->descriptor;

	if (strncmp(type->name, "google.protobuf.", 16) == 0) {
		if (strstr(type->name, "Value"))
			return encode_wrapper(s, n);
		return encode_known(s, n, type->name + 16);
	}
	if (n->kind == NODE_OBJECT)
		return encode_message(s->fill, type, n);
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

/* Entries are sorted, so that the same spec gives the same bytes. */
static void
encode_map(const struct slot *s, const struct node *n)
{
	const ProtobufCMessageDescriptor *type = s->field->descriptor;
	ProtobufCMessage **entries = ARENA_ARRAY(s->fill->arena, n->count, ProtobufCMessage *);
	size_t count = 0;

	for (const struct node *member = n->first; member; member = member->next) {
		struct slot value = { s->fill, &type->fields[1], message_new(s->fill->arena, type),
			str_head(member->key, 100) };
		char **key = message_at(value.message, type->fields[0].offset);

		*key = arena_cstr(s->fill->arena, member->key);
		if (!encode_scalar(&value, member, message_at(value.message, value.field->offset)))
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
	list = arena_array(s->fill->arena, n->count, size);
	for (const struct node *member = n->first; member; member = member->next)
		if (encode_scalar(s, member, list + count * size))
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
	diag_hint(s->fill->diags,
	    diags_error(s->fill->diags, CHECK_FIELD_CLASH, s->fill->file, n->key_at,
	        "'%.*s' conflicts with another form of the same field", STR_FMT(n->key)),
	    "keep one of them");
}

static void
encode_single(const struct slot *s, const struct node *n)
{
	bool oneof = (s->field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0;
	uint64_t value[2] = { 0 };

	if (!encode_scalar(s, n, value))
		return;
	if (!oneof && !s->fill->keep_zero && is_zero(s->field, value))
		return;
	/* one number says which of a oneof is set; 0: none */
	if (oneof && *(uint32_t *)message_at(s->message, s->field->quantifier_offset) != 0)
		another_form(s, n);
	else
		message_set(s->message, s->field, value);
}

ProtobufCMessage *
encode_message(
    const struct encode *f, const ProtobufCMessageDescriptor *type, const struct node *object)
{
	ProtobufCMessage *message = message_new(f->arena, type);
	bool *seen = ARENA_ARRAY(f->arena, type->n_fields, bool);

	for (const struct node *member = object->first; member; member = member->next) {
		struct slot s = { f, field_name_find(f, type, member), message,
			str_head(member->key, 100) };

		if (!s.field)
			continue;
		if (seen[s.field - type->fields])
			another_form(&s, member);
		else if (member->kind != NODE_NULL && s.field->label == PROTOBUF_C_LABEL_REPEATED)
			encode_list(&s, member);
		else if (member->kind != NODE_NULL)
			encode_single(&s, member);
		seen[s.field - type->fields] = true;
	}
	return message;
}
