#include "wire/encode_value.h"

#include <assert.h>
#include <float.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/nearest.h"
#include "wire/scalar.h"

/* A name as text where an object with a name belongs, or the other way round: pipeline.project is an object, an
 * input's project is text. */
static void
hint_name(const struct slot *s, const struct node *n, struct diag *one)
{
	const struct node *name = n->kind == NODE_OBJECT ? node_get(n, "name") : NULL;

	if (s->field->type == PROTOBUF_C_TYPE_MESSAGE && n->kind == NODE_STRING
	    && protobuf_c_message_descriptor_get_field_by_name(s->field->descriptor, "name"))
		diag_hint(s->encode->diags, one, "write %.*s: {name: %.*s}", STR_FMT(s->name),
		    STR_FMT(str_head(n->text, 100)));
	else if (s->field->type == PROTOBUF_C_TYPE_STRING && n->count == 1 && name
	         && name->kind == NODE_STRING)
		diag_hint(s->encode->diags, one, "write %.*s: %.*s", STR_FMT(s->name),
		    STR_FMT(str_head(name->text, 100)));
}

struct diag *
wrong_type(const struct slot *s, const struct node *n, const char *expected)
{
	static const char *const kinds[] = { "null", "a boolean", "a number", "a string", "a list",
		"an object" };

	struct diag *one = diags_error(s->encode->diags, CHECK_WRONG_TYPE, s->encode->file, n->at,
	    "'%.*s' is %s, expected %s", STR_FMT(s->name), kinds[n->kind], expected);

	hint_name(s, n, one);
	return one;
}

void
bad_value(const struct slot *s, const struct node *n, const char *expected, const char *hint)
{
	struct diag *one = diags_error(s->encode->diags, CHECK_WRONG_TYPE, s->encode->file, n->at,
	    "'%.*s' is '%.*s', expected %s", STR_FMT(s->name), STR_FMT(str_head(n->text, 100)),
	    expected);

	diag_hint(s->encode->diags, one, "%s", hint);
}

static bool
is_scalar(const struct slot *s, const struct node *n, const char *expected)
{
	if (n->kind == NODE_NUMBER || n->kind == NODE_STRING)
		return true;
	(void)wrong_type(s, n, expected);
	return false;
}

bool
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

bool
encode_uint(const struct slot *s, const struct node *n, bool wide, uint64_t *out)
{
	if (!is_scalar(s, n, "a whole number"))
		return false;
	if (value_uint(n->text, wide ? UINT64_MAX : UINT32_MAX, out))
		return true;
	bad_value(s, n, "a whole number from 0", "use digits only");
	return false;
}

bool
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
	struct nearest near = nearest_to(n->text);
	struct arena *a = s->encode->arena;
	struct buf names = BUF_INIT(512);

	assert(type->values); /* protoc makes no enum without any */
	for (unsigned i = 0; i < type->n_values; i++) {
		nearest_offer(&near, type->values[i].name);
		buf_fmt(&names, "%s%s", i ? ", " : "", type->values[i].name);
	}
	bad_value(s, n, "one of the known names",
	    near.found ? arena_fmt(a, "did you mean '%s'?", near.found).ptr
	               : arena_fmt(a, "use one of: %.*s", STR_FMT(buf_str(&names))).ptr);
	buf_free(&names);
}

bool
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
