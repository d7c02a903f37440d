#include "wire/protojson.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "wire/field_name.h"
#include "wire/message.h"
#include "wire/scalar.h"

static void
protojson_duration(struct arena *a, struct node *n)
{
	struct span_of_time time;
	const char *sign;
	int64_t nanos;

	if (n->kind != NODE_STRING || !value_duration(n->text, &time))
		return;
	sign = time.seconds < 0 || time.nanos < 0 ? "-" : "";
	nanos = time.nanos < 0 ? -(int64_t)time.nanos : time.nanos;
	if (nanos == 0)
		n->text = arena_fmt(a, "%s%llds", sign,
		    (long long)(time.seconds < 0 ? -time.seconds : time.seconds));
	else
		n->text = arena_fmt(a, "%s%lld.%09llds", sign,
		    (long long)(time.seconds < 0 ? -time.seconds : time.seconds), (long long)nanos);
}

static void
protojson_text(struct arena *a, struct node *n)
{
	struct buf text = BUF_INIT(MAX_SPEC_BYTES);

	json_write(&text, n);
	n->kind = NODE_STRING;
	n->first = NULL;
	n->count = 0;
	n->text = buf_take(&text, a);
}

/* Recursion is limited by MAX_SPEC_DEPTH. */
void
protojson_convert(struct arena *a, const ProtobufCMessageDescriptor *type, struct node *object)
{
	for (struct node *member = object->first; member; member = member->next) {
		const ProtobufCFieldDescriptor *field = field_name_lookup(a, type, member->key);
		const ProtobufCMessageDescriptor *inner;

		if (!field)
			continue;
		if (field->type == PROTOBUF_C_TYPE_STRING
		    && (member->kind == NODE_OBJECT
		        || (member->kind == NODE_ARRAY
		            && field->label != PROTOBUF_C_LABEL_REPEATED)))
			protojson_text(a, member);
		if (field->type != PROTOBUF_C_TYPE_MESSAGE || field_is_map(field))
			continue;
		inner = field->descriptor;
		if (str_is(str_of(inner->name), "google.protobuf.Duration"))
			protojson_duration(a, member);
		else if (member->kind == NODE_OBJECT)
			protojson_convert(a, inner, member);
		else if (member->kind == NODE_ARRAY)
			for (struct node *n = member->first; n; n = n->next)
				if (n->kind == NODE_OBJECT)
					protojson_convert(a, inner, n);
	}
}
