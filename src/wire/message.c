#include "wire/message.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"

static void *
arena_malloc(void *arena, size_t size)
{
	return arena_alloc(arena, size);
}

static void
arena_no_free(void *arena, void *bytes)
{
	(void)arena; /* its end frees all */
	(void)bytes;
}

ProtobufCMessage *
message_new(struct arena *a, const ProtobufCMessageDescriptor *type)
{
	ProtobufCMessage *message = arena_alloc(a, type->sizeof_message);

	protobuf_c_message_init(type, message);
	return message;
}

enum {
	/* as in Google's own readers; of pachd's messages only an Input nests deep, and MAX_SPEC_DEPTH is less */
	MAX_MESSAGE_DEPTH = 100,
	MAX_FIELD_NUMBER = (1 << 29) - 1, /* protobuf's encoding; 0 is not used */
};

static bool
take_varint(struct str *s, uint64_t *out)
{
	*out = 0;
	for (unsigned shift = 0; shift < 64 && s->len > 0; shift += 7) {
		unsigned char byte = (unsigned char)s->ptr[0];

		*out |= (uint64_t)(byte & 0x7f) << shift;
		*s = str_tail(*s, 1);
		if (byte < 0x80)
			return true;
	}
	return false;
}

/* Takes one field's value off the front; *inside gets the bytes of a length-delimited one, else it is empty. */
static bool
take_value(struct str *s, unsigned wire_type, struct str *inside)
{
	uint64_t len;

	*inside = (struct str){ "", 0 };
	switch (wire_type) {
	case PROTOBUF_C_WIRE_TYPE_VARINT:
		return take_varint(s, &len);
	case PROTOBUF_C_WIRE_TYPE_64BIT:
		len = sizeof(uint64_t);
		break;
	case PROTOBUF_C_WIRE_TYPE_32BIT:
		len = sizeof(uint32_t);
		break;
	case PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED:
		if (!take_varint(s, &len) || len > s->len)
			return false;
		*inside = str_head(*s, len);
		break;
	default: /* groups: no message of pachd's has any */
		return false;
	}
	if (len > s->len)
		return false;
	*s = str_tail(*s, len);
	return true;
}

/* Takes one field off the front: its number, and *inside as in take_value(). */
static bool
take_field(struct str *s, unsigned *number, struct str *inside)
{
	uint64_t tag;

	if (!take_varint(s, &tag) || tag >> 3 == 0 || tag >> 3 > MAX_FIELD_NUMBER)
		return false;
	*number = (unsigned)(tag >> 3);
	return take_value(s, tag & 7, inside);
}

/* A bit for a message that may come only once; no message has more than 64 fields. */
static uint64_t
single_bit(const ProtobufCMessageDescriptor *type, const ProtobufCFieldDescriptor *field)
{
	ptrdiff_t index = field - type->fields;

	return field->label == PROTOBUF_C_LABEL_REPEATED || index >= 64 ? 0 : 1ULL << index;
}

/*
 * protobuf-c parses nested messages by recursion without a limit, and merges a member that comes several times anew
 * each time. So an answer is checked first: false when it nests deeper than `depth`, has a single message twice,
 * which servers never send, is not valid, or holds more than *left messages: each takes a hundred times its two
 * bytes once it is parsed.
 */
static bool
is_bounded(const ProtobufCMessageDescriptor *type, struct str bytes, unsigned depth, size_t *left)
{
	uint64_t seen = 0;
	struct str inside;
	unsigned number;

	while (bytes.len > 0) {
		const ProtobufCFieldDescriptor *field;

		if (!take_field(&bytes, &number, &inside))
			return false;
		field = protobuf_c_message_descriptor_get_field(type, number);
		if (!field || field->type != PROTOBUF_C_TYPE_MESSAGE)
			continue;
		if ((seen & single_bit(type, field)) || depth == 0 || *left == 0)
			return false;
		--*left;
		if (!is_bounded(field->descriptor, inside, depth - 1, left))
			return false;
		seen |= single_bit(type, field);
	}
	return true;
}

ProtobufCMessage *
message_read(struct arena *a, const ProtobufCMessageDescriptor *type, struct str bytes)
{
	ProtobufCAllocator allocator = { arena_malloc, arena_no_free, a };
	size_t left = MAX_REPLY_MESSAGES;

	if (!is_bounded(type, bytes, MAX_MESSAGE_DEPTH, &left)
	    || !arena_charge(a, MAX_REPLY_MESSAGES - left + 1, MAX_READ_MESSAGES))
		return NULL;
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

static const char *
entry_key(const ProtobufCMessage *entry)
{
	const char *key = *(char *const *)message_at(entry, entry->descriptor->fields[0].offset);

	return key ? key : "";
}

static int
by_key(const void *left, const void *right)
{
	return strcmp(entry_key(*(ProtobufCMessage *const *)left),
	    entry_key(*(ProtobufCMessage *const *)right));
}

void
entries_sort(ProtobufCMessage **entries, size_t count)
{
	if (count > 1)
		qsort(entries, count, sizeof(*entries), by_key);
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
	/* protobuf-c describes members by their offsets, and casts in the same way itself */
	return (char *)(uintptr_t)message + offset;
}

bool
message_has(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
	if (field->label == PROTOBUF_C_LABEL_REPEATED)
		return *(size_t *)message_at(message, field->quantifier_offset) > 0;
	if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF)
		return *(uint32_t *)message_at(message, field->quantifier_offset) == field->id;
	if (field->type == PROTOBUF_C_TYPE_STRING || field->type == PROTOBUF_C_TYPE_MESSAGE)
		return *(void **)message_at(message, field->offset) != NULL;
	if (field->label == PROTOBUF_C_LABEL_OPTIONAL)
		return *(protobuf_c_boolean *)message_at(message, field->quantifier_offset) != 0;
	return true;
}

ProtobufCMessage *
message_child(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
	return *(ProtobufCMessage **)message_at(message, field->offset);
}

ProtobufCMessage **
message_children(
    const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field, size_t *count)
{
	*count = *(size_t *)message_at(message, field->quantifier_offset);
	return *(ProtobufCMessage ***)message_at(message, field->offset);
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

ProtobufCMessage *
message_copy_flat(struct arena *a, const ProtobufCMessage *message)
{
	ProtobufCMessage *copy = arena_alloc(a, message->descriptor->sizeof_message);

	memcpy(copy, message, message->descriptor->sizeof_message);
	return copy;
}

static ProtobufCMessage **
copy_children(struct arena *a, ProtobufCMessage *const *list, size_t count)
{
	ProtobufCMessage **copies = ARENA_ARRAY(a, count, ProtobufCMessage *);

	for (size_t i = 0; i < count; i++)
		copies[i] = message_copy(a, list[i]);
	return copies;
}

ProtobufCMessage *
message_copy(struct arena *a, const ProtobufCMessage *message)
{
	ProtobufCMessage *copy = message_copy_flat(a, message);

	for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
		const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
		ProtobufCMessage **list, *child;
		size_t count;

		if (field->type != PROTOBUF_C_TYPE_MESSAGE || !message_has(message, field))
			continue;
		if (field->label == PROTOBUF_C_LABEL_REPEATED) {
			list = message_children(message, field, &count);
			message_set_list(copy, field, copy_children(a, list, count), count);
		} else {
			child = message_copy(a, message_child(message, field));
			message_set(copy, field, &child);
		}
	}
	return copy;
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

void
message_set_string(ProtobufCMessage *message, const char *name, char *value)
{
	const ProtobufCFieldDescriptor *field = field_named(message, name);

	assert(field && field->type == PROTOBUF_C_TYPE_STRING);
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
	size_t count;

	if (!field || field->label != PROTOBUF_C_LABEL_REPEATED
	    || field->type != PROTOBUF_C_TYPE_MESSAGE)
		return NULL;
	return message_children(message, field, &count);
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
	return message_child(message, field);
}
