#include "wire/effective.h"

#include <string.h>

#include "base/arena.h"
#include "wire/field_name.h"
#include "wire/message.h"
#include "wire/scalar.h"

/* "datum_tries" → "datumTries" */
static const char *
camel_case(struct arena *a, const char *name)
{
	char *out = arena_alloc(a, strlen(name) + 1);
	size_t len = 0;

	for (size_t i = 0; name[i]; i++) {
		bool lifts = name[i] == '_' && name[i + 1] >= 'a' && name[i + 1] <= 'z';

		out[len++] = (char)(lifts ? name[++i] - 'a' + 'A' : name[i]);
	}
	out[len] = 0;
	return out;
}

/* Copies the value of `from`, but not its key. */
static void
take_value(struct node *to, const struct node *from)
{
	struct str key = to->key;
	struct span key_at = to->key_at;
	struct node *next = to->next;

	*to = *from;
	to->key = key;
	to->key_at = key_at;
	to->next = next;
}

static bool
is_well_known(const ProtobufCMessageDescriptor *type)
{
	return strncmp(type->name, "google.protobuf.", 16) == 0;
}

/* The message type of the field's values; NULL: they are copied as they are. */
static const ProtobufCMessageDescriptor *
inner_message(const ProtobufCFieldDescriptor *field)
{
	if (field->type != PROTOBUF_C_TYPE_MESSAGE || field_is_map(field)
	    || is_well_known(field->descriptor))
		return NULL;
	return field->descriptor;
}

static struct node *
new_object(struct arena *a, const struct node *like)
{
	struct node *n = ARENA_NEW(a, struct node);

	*n = *like;
	n->first = n->next = NULL;
	n->count = 0;
	return n;
}

/* A list replaces the list, with the keys of its messages in lowerCamelCase. */
static void
replace_list(struct arena *a, const ProtobufCMessageDescriptor *inner, struct node *to,
    const struct node *user)
{
	struct node *copy = node_copy(a, user);

	take_value(to, copy);
	for (struct node *n = copy->first; n && inner; n = n->next) {
		struct node *one;

		if (n->kind != NODE_OBJECT)
			continue;
		one = new_object(a, n);
		effective_merge(a, inner, one, n);
		take_value(n, one);
	}
}

/* The server writes an enum's number as its name. */
static void
name_enum(const ProtobufCFieldDescriptor *field, struct node *n)
{
	const ProtobufCEnumValue *value;
	int64_t number;

	if (field->type != PROTOBUF_C_TYPE_ENUM || n->kind != NODE_NUMBER
	    || !value_int(n->text, INT32_MIN, INT32_MAX, &number))
		return;
	value = protobuf_c_enum_descriptor_get_value(field->descriptor, (int)number);
	if (!value)
		return;
	n->kind = NODE_STRING;
	n->text = str_of(value->name);
}

/* The values of a map are merged one by one. */
static void
merge_map(struct arena *a, struct node *to, const struct node *user)
{
	for (const struct node *n = user->first; n; n = n->next) {
		const char *key = arena_cstr(a, n->key);

		if (n->kind != NODE_NULL)
			take_value(node_put(a, to, key), node_copy(a, n));
		else if (node_get(to, key))
			node_drop(to, node_get(to, key));
	}
}

static void
merge_member(struct arena *a, const ProtobufCFieldDescriptor *field, struct node *effective,
    const struct node *user)
{
	const char *key = camel_case(a, field->name);
	const ProtobufCMessageDescriptor *inner = inner_message(field);
	struct node *to = node_get(effective, key);

	if (user->kind == NODE_NULL) {
		if (to)
			node_drop(effective, to);
		return;
	}
	if (!to)
		to = node_put(a, effective, key);
	if (user->kind == NODE_OBJECT && (inner || field_is_map(field))) {
		if (to->kind != NODE_OBJECT)
			take_value(to, new_object(a, user));
		if (inner)
			effective_merge(a, inner, to, user);
		else
			merge_map(a, to, user);
	} else {
		replace_list(a, inner, to, user);
		name_enum(field, to);
	}
}

/* Recursion is limited by MAX_SPEC_DEPTH. */
void
effective_merge(struct arena *a, const ProtobufCMessageDescriptor *type, struct node *effective,
    const struct node *user)
{
	for (const struct node *n = user->first; n; n = n->next) {
		const ProtobufCFieldDescriptor *field = field_name_lookup(a, type, n->key);

		if (field)
			merge_member(a, field, effective, n);
	}
}
