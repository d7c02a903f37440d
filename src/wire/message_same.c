#include "wire/message_same.h"

#include <string.h>

#include "wire/message.h"

static bool
same_bytes(const void *x, const void *y, size_t len)
{
	return len == 0 || memcmp(x, y, len) == 0;
}

static bool
same_data(const ProtobufCBinaryData *x, const ProtobufCBinaryData *y)
{
	return x->len == y->len && same_bytes(x->data, y->data, x->len);
}

static bool
same_value(const ProtobufCFieldDescriptor *field, const void *x, const void *y)
{
	if (field->type == PROTOBUF_C_TYPE_STRING)
		return strcmp(*(char *const *)x, *(char *const *)y) == 0;
	if (field->type == PROTOBUF_C_TYPE_BYTES)
		return same_data(x, y);
	if (field->type == PROTOBUF_C_TYPE_MESSAGE)
		return message_same(*(ProtobufCMessage *const *)x, *(ProtobufCMessage *const *)y);
	return same_bytes(x, y, field_size(field));
}

static bool
same_list(
    const ProtobufCMessage *x, const ProtobufCMessage *y, const ProtobufCFieldDescriptor *field)
{
	const char *left = *(char *const *)message_at(x, field->offset);
	const char *right = *(char *const *)message_at(y, field->offset);
	size_t count = *(size_t *)message_at(x, field->quantifier_offset);

	if (count != *(size_t *)message_at(y, field->quantifier_offset))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!same_value(field, left + i * field_size(field), right + i * field_size(field)))
			return false;
	return true;
}

bool
message_same_field(
    const ProtobufCMessage *x, const ProtobufCMessage *y, const ProtobufCFieldDescriptor *field)
{
	bool is_held = message_has(x, field);

	if (is_held != message_has(y, field))
		return false;
	if (!is_held)
		return true;
	if (field->label == PROTOBUF_C_LABEL_REPEATED)
		return same_list(x, y, field);
	return same_value(field, message_at(x, field->offset), message_at(y, field->offset));
}

static bool
same_unknown(const ProtobufCMessageUnknownField *x, const ProtobufCMessageUnknownField *y)
{
	return x->tag == y->tag && x->wire_type == y->wire_type && x->len == y->len
	       && same_bytes(x->data, y->data, x->len);
}

bool
message_same(const ProtobufCMessage *x, const ProtobufCMessage *y)
{
	for (unsigned i = 0; i < x->descriptor->n_fields; i++)
		if (!message_same_field(x, y, &x->descriptor->fields[i]))
			return false;
	if (x->n_unknown_fields != y->n_unknown_fields)
		return false;
	for (unsigned i = 0; i < x->n_unknown_fields; i++)
		if (!same_unknown(&x->unknown_fields[i], &y->unknown_fields[i]))
			return false;
	return true;
}
