#include "wire/build.h"

#include <assert.h>

#include "base/arena.h"

static const ProtobufCFieldDescriptor *
field_of(const ProtobufCMessage *message, const char *name)
{
	const ProtobufCFieldDescriptor *field =
	    protobuf_c_message_descriptor_get_field_by_name(message->descriptor, name);

	assert(field);
	return field;
}

ProtobufCMessage *
build_message(struct arena *a, ProtobufCMessage *message, const char *name)
{
	const ProtobufCFieldDescriptor *field = field_of(message, name);
	ProtobufCMessage *child = message_message(message, name);

	if (!child) {
		child = message_new(a, field->descriptor);
		message_set(message, field, &child);
	}
	return child;
}

ProtobufCMessage *
build_element(struct arena *a, ProtobufCMessage *message, const char *name)
{
	const ProtobufCFieldDescriptor *field = field_of(message, name);
	size_t count = message_count(message, name);
	ProtobufCMessage **old = message_list(message, name);
	ProtobufCMessage **list = ARENA_ARRAY(a, count + 1, ProtobufCMessage *);

	for (size_t i = 0; i < count; i++)
		list[i] = old[i];
	list[count] = message_new(a, field->descriptor);
	message_set_list(message, field, list, count + 1);
	return list[count];
}

void
build_string(struct arena *a, ProtobufCMessage *message, const char *name, struct str value)
{
	char *copy = arena_cstr(a, value);

	message_set(message, field_of(message, name), &copy);
}

void
build_bytes(ProtobufCMessage *message, const char *name, struct str value)
{
	/* protobuf-c takes it without const and leaves it alone */
	ProtobufCBinaryData data = { value.len, (uint8_t *)(uintptr_t)value.ptr };

	message_set(message, field_of(message, name), &data);
}

void
build_flag(ProtobufCMessage *message, const char *name)
{
	protobuf_c_boolean yes = 1;

	message_set(message, field_of(message, name), &yes);
}

struct str
message_bytes(const ProtobufCMessage *message, const char *name)
{
	const ProtobufCFieldDescriptor *field =
	    message ? protobuf_c_message_descriptor_get_field_by_name(message->descriptor, name)
	            : NULL;
	const ProtobufCBinaryData *data = field ? message_at(message, field->offset) : NULL;

	if (!data || field->type != PROTOBUF_C_TYPE_BYTES
	    || field->label == PROTOBUF_C_LABEL_REPEATED || !message_has(message, field)
	    || !data->data)
		return (struct str){ "", 0 };
	return (struct str){ (const char *)data->data, data->len };
}
