#include "pachd/name.h"

#include "base/arena.h"
#include "pachd/since.h"

/* "parallelismSpec" → "parallelism_spec"; text without capitals stays as it is. */
static struct str
snake_case(struct arena *a, struct str key)
{
	char *name = arena_alloc(a, key.len * 2 + 1);
	size_t len = 0;

	for (size_t i = 0; i < key.len; i++) {
		bool capital = key.ptr[i] >= 'A' && key.ptr[i] <= 'Z';

		if (capital)
			name[len++] = '_';
		name[len++] = (char)(capital ? key.ptr[i] - 'A' + 'a' : key.ptr[i]);
	}
	return (struct str){ name, len };
}

static void
not_in_this_release(const struct fill *f, const struct node *member, const struct since *row,
    enum since_verdict verdict)
{
	struct str now = version_text(f->arena, f->version);
	struct str other = version_text(f->arena, verdict == SINCE_GONE ? row->to : row->from);

	diag_mend(f->diags,
	    diags_error(f->diags, f->file, member->key_at,
	        "pachd %.*s does not know the field '%.*s'", STR_FMT(now), STR_FMT(member->key)),
	    verdict == SINCE_GONE ? "remove it: %.*s was the last release that knew it"
	                          : "remove it, or use pachd %.*s or later, which knows it",
	    STR_FMT(other));
}

const ProtobufCFieldDescriptor *
name_find(const struct fill *f, const ProtobufCMessageDescriptor *type, const struct node *member)
{
	const ProtobufCFieldDescriptor *field = NULL;
	const struct since *row = NULL;
	/* the one name that is not lower case: Egress.URL */
	struct str name =
	    str_is(member->key, "URL") ? STR("URL") : snake_case(f->arena, member->key);
	enum since_verdict verdict;

	verdict = since_look(type->name, name.ptr, f->version, &row);
	switch (verdict) {
	case SINCE_ALWAYS:
		field = protobuf_c_message_descriptor_get_field_by_name(type, name.ptr);
		break;
	case SINCE_KNOWN:
		field = protobuf_c_message_descriptor_get_field(type, row->number);
		break;
	case SINCE_NOT_YET:
	case SINCE_GONE:
		not_in_this_release(f, member, row, verdict);
		return NULL;
	case SINCE_NEVER:
		break;
	}
	if (!field)
		diag_mend(f->diags,
		    diags_error(f->diags, f->file, member->key_at, "there is no field '%.*s' in %s",
		        STR_FMT(str_head(member->key, 100)), type->short_name),
		    "remove it, or look for a slip of the pen");
	return field;
}

const ProtobufCFieldDescriptor *
name_look(struct arena *a, const ProtobufCMessageDescriptor *type, struct str key)
{
	struct diags unheard = diags_in(a);
	struct fill f = { .arena = a, .diags = &unheard, .file = "" };
	struct node member = { .key = key };

	return name_find(&f, type, &member);
}
