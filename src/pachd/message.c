#include "pachd/message.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"

static void *
arena_malloc(void *arena, size_t size)
{
	return arena_alloc(arena, size);
}

static void
arena_no_free(void *arena, void *bytes)
{
	(void)arena; /* all at once, when the arena ends */
	(void)bytes;
}

ProtobufCMessage *
message_new(struct arena *a, const ProtobufCMessageDescriptor *type)
{
	ProtobufCMessage *message = arena_alloc(a, type->sizeof_message);

	protobuf_c_message_init(type, message);
	return message;
}

ProtobufCMessage *
message_read(struct arena *a, const ProtobufCMessageDescriptor *type, struct str bytes)
{
	ProtobufCAllocator allocator = { arena_malloc, arena_no_free, a };

	return protobuf_c_message_unpack(type, &allocator, bytes.len, (const uint8_t *)bytes.ptr);
}

struct str
message_pack(struct arena *a, const ProtobufCMessage *message)
{
	size_t len = protobuf_c_message_get_packed_size(message);
	uint8_t *bytes = arena_alloc(a, len + 1);

	(void)protobuf_c_message_pack(message, bytes);
	return (struct str){ (const char *)bytes, len };
}

bool
field_is_map(const ProtobufCFieldDescriptor *field)
{
	const ProtobufCMessageDescriptor *type = field->descriptor;

	return field->label == PROTOBUF_C_LABEL_REPEATED && field->type == PROTOBUF_C_TYPE_MESSAGE
	       && str_ends(str_of(type->short_name), "Entry") && type->n_fields == 2
	       && strcmp(type->fields[0].name, "key") == 0;
}

const char *
entry_key(const ProtobufCMessage *entry)
{
	const char *key = *(char *const *)message_at(entry, entry->descriptor->fields[0].offset);

	return key ? key : "";
}

size_t
field_size(const ProtobufCFieldDescriptor *field)
{
	switch (field->type) {
	case PROTOBUF_C_TYPE_INT32:
	case PROTOBUF_C_TYPE_SINT32:
	case PROTOBUF_C_TYPE_SFIXED32:
	case PROTOBUF_C_TYPE_UINT32:
	case PROTOBUF_C_TYPE_FIXED32:
		return sizeof(int32_t);
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED64:
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_FIXED64:
		return sizeof(int64_t);
	case PROTOBUF_C_TYPE_FLOAT:
		return sizeof(float);
	case PROTOBUF_C_TYPE_DOUBLE:
		return sizeof(double);
	case PROTOBUF_C_TYPE_BOOL:
		return sizeof(protobuf_c_boolean);
	case PROTOBUF_C_TYPE_ENUM:
		return sizeof(int);
	case PROTOBUF_C_TYPE_BYTES:
		return sizeof(ProtobufCBinaryData);
	case PROTOBUF_C_TYPE_STRING:
	case PROTOBUF_C_TYPE_MESSAGE:
		return sizeof(void *);
	}
	return 0;
}

void *
message_at(const ProtobufCMessage *message, unsigned offset)
{
	/* protobuf-c describes members by offset only; the cast back is what its own reader does */
	return (char *)(uintptr_t)message + offset;
}

bool
message_has(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
	if (field->label == PROTOBUF_C_LABEL_REPEATED)
		return *(size_t *)message_at(message, field->quantifier_offset) > 0;
	if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF)
		return *(uint32_t *)message_at(message, field->quantifier_offset) != 0;
	if (field->type == PROTOBUF_C_TYPE_STRING || field->type == PROTOBUF_C_TYPE_MESSAGE)
		return *(void **)message_at(message, field->offset) != NULL;
	if (field->label == PROTOBUF_C_LABEL_OPTIONAL)
		return *(protobuf_c_boolean *)message_at(message, field->quantifier_offset) != 0;
	return true;
}

void
message_set(ProtobufCMessage *message, const ProtobufCFieldDescriptor *field, const void *value)
{
	memcpy(message_at(message, field->offset), value, field_size(field));
	if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF)
		*(uint32_t *)message_at(message, field->quantifier_offset) = field->id;
	else if (field->label == PROTOBUF_C_LABEL_OPTIONAL && field->type != PROTOBUF_C_TYPE_STRING
	         && field->type != PROTOBUF_C_TYPE_MESSAGE)
		*(protobuf_c_boolean *)message_at(message, field->quantifier_offset) = 1;
}

void
message_set_list(
    ProtobufCMessage *message, const ProtobufCFieldDescriptor *field, void *list, size_t count)
{
	*(void **)message_at(message, field->offset) = list;
	*(size_t *)message_at(message, field->quantifier_offset) = count;
}

static const ProtobufCFieldDescriptor *
field_named(const ProtobufCMessage *message, const char *name)
{
	return protobuf_c_message_descriptor_get_field_by_name(message->descriptor, name);
}

void
message_set_int(ProtobufCMessage *message, const char *name, int64_t value)
{
	const ProtobufCFieldDescriptor *field = field_named(message, name);
	int32_t narrow = (int32_t)value;

	assert(field);
	if (field_size(field) == sizeof(narrow))
		message_set(message, field, &narrow);
	else
		message_set(message, field, &value);
}

struct str
message_string(const ProtobufCMessage *message, const char *name)
{
	const ProtobufCFieldDescriptor *field = message ? field_named(message, name) : NULL;

	if (!field || field->type != PROTOBUF_C_TYPE_STRING
	    || field->label == PROTOBUF_C_LABEL_REPEATED || !message_has(message, field))
		return (struct str){ "", 0 };
	return str_of(*(char **)message_at(message, field->offset));
}

int64_t
message_int(const ProtobufCMessage *message, const char *name)
{
	const ProtobufCFieldDescriptor *field = message ? field_named(message, name) : NULL;
	const void *place = field ? message_at(message, field->offset) : NULL;

	if (!field || field->label == PROTOBUF_C_LABEL_REPEATED)
		return 0;
	if (field_size(field) == sizeof(int32_t))
		return *(const int32_t *)place;
	return *(const int64_t *)place;
}

size_t
message_count(const ProtobufCMessage *message, const char *name)
{
	const ProtobufCFieldDescriptor *field = message ? field_named(message, name) : NULL;

	if (!field || field->label != PROTOBUF_C_LABEL_REPEATED)
		return 0;
	return *(size_t *)message_at(message, field->quantifier_offset);
}

ProtobufCMessage **
message_list(const ProtobufCMessage *message, const char *name)
{
	const ProtobufCFieldDescriptor *field = message ? field_named(message, name) : NULL;

	if (!field || field->label != PROTOBUF_C_LABEL_REPEATED
	    || field->type != PROTOBUF_C_TYPE_MESSAGE)
		return NULL;
	return *(ProtobufCMessage ***)message_at(message, field->offset);
}

bool
message_flag(const ProtobufCMessage *message, const char *name)
{
	const ProtobufCFieldDescriptor *field = message ? field_named(message, name) : NULL;

	return field && field->type == PROTOBUF_C_TYPE_BOOL
	       && *(protobuf_c_boolean *)message_at(message, field->offset) != 0;
}

ProtobufCMessage *
message_message(const ProtobufCMessage *message, const char *name)
{
	const ProtobufCFieldDescriptor *field = message ? field_named(message, name) : NULL;

	if (!field || field->type != PROTOBUF_C_TYPE_MESSAGE
	    || field->label == PROTOBUF_C_LABEL_REPEATED || !message_has(message, field))
		return NULL;
	return *(ProtobufCMessage **)message_at(message, field->offset);
}
