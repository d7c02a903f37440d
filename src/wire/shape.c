#include "wire/shape.h"

#include "base/arena.h"
#include "wire/field_name.h"
#include "wire/message.h"
#include "wire/methods.h"

struct shape
shape_of_spec(void)
{
	return (
	    struct shape){ SHAPE_MESSAGE, { method_of(API_2, METHOD_CREATE_PIPELINE)->request,
		                              method_of(API_1, METHOD_CREATE_PIPELINE)->request } };
}

/* The shape of a field's value; *type is its message, where it has one. */
static enum shape_kind
kind_of(const ProtobufCFieldDescriptor *field, const void **type)
{
	if (field->type == PROTOBUF_C_TYPE_MESSAGE && field_is_map(field))
		return SHAPE_MAP;
	if (field->type != PROTOBUF_C_TYPE_MESSAGE || field->label == PROTOBUF_C_LABEL_REPEATED)
		return SHAPE_WHOLE;
	*type = field->descriptor;
	return SHAPE_MESSAGE;
}

struct shape
shape_member(struct arena *a, struct shape of, struct str key)
{
	struct shape out = { SHAPE_UNKNOWN, { NULL, NULL } };

	if (of.kind == SHAPE_MAP)
		out.kind = SHAPE_WHOLE;
	if (of.kind != SHAPE_MESSAGE)
		return out;
	for (size_t i = 0; i < COUNT_OF(of.types); i++) {
		const ProtobufCFieldDescriptor *field =
		    of.types[i] ? field_name_lookup(a, of.types[i], key) : NULL;

		if (field && out.kind == SHAPE_UNKNOWN)
			out.kind = kind_of(field, &out.types[i]);
		else if (field)
			(void)kind_of(field, &out.types[i]);
	}
	return out;
}

struct str
shape_name(struct arena *a, struct shape of, struct str key)
{
	return of.kind == SHAPE_MESSAGE ? field_name_snake(a, key) : key;
}
