#include "wire/field_name.h"

#include "base/arena.h"
#include "wire/field_releases.h"
#include "wire/suggest.h"

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

/* True when the key is the name itself or its lowerCamelCase, and nothing between the two. */
static bool
is_spelling_of(struct str key, struct str name)
{
	return str_eq(key, name) || str_find(key, '_') == key.len;
}

static void
not_in_this_release(const struct encode *f, const struct node *member,
    const struct field_releases *row, enum field_status status)
{
	struct str now = release_text(f->arena, f->version);
	bool gone = status == FIELD_GONE;
	struct str other = release_text(f->arena, gone ? row->to : row->from);
	const char *instead = replacement_of(row->name, gone);
	struct diag *one = diags_error(f->diags, CHECK_OTHER_RELEASE, f->file, member->key_at,
	    "pachd %.*s does not know the field '%.*s'%s%.*s", STR_FMT(now), STR_FMT(member->key),
	    gone ? ", the last that did was " : ", the first that does is ", STR_FMT(other));

	if (instead)
		diag_hint(f->diags, one, "%s", instead);
	else
		diag_hint(f->diags, one,
		    gone ? "remove it" : "remove it, or use pachd %.*s or later, which knows it",
		    STR_FMT(other));
}

/* The message's name in the other line: "pps_v2.Input" and "pps.Input". */
static const char *
twin_of(struct arena *a, const char *message)
{
	struct str name = str_of(message);
	size_t dot = str_find(name, '.');
	struct str package = str_head(name, dot), rest = str_tail(name, dot);

	if (str_ends(package, "_v2"))
		return arena_fmt(a, "%.*s%.*s", (int)package.len - 3, package.ptr, STR_FMT(rest))
		    .ptr;
	return arena_fmt(a, "%.*s_v2%.*s", STR_FMT(package), STR_FMT(rest)).ptr;
}

/* The other line's row of the field, where this line never had it. */
static bool
only_in_twin(
    const struct encode *f, const char *message, const char *name, struct field_releases *row)
{
	bool old = str_find(str_of(message), '_') == str_of(message).len;
	const struct field_releases *twin;

	if (f->version == 0
	    || field_releases_lookup(twin_of(f->arena, message), name, 0, &twin) != FIELD_KNOWN)
		return false;
	*row = *twin;
	if (!old && row->to == FIELD_EVER)
		row->to = RELEASE(1, 13, 4);
	if (old && row->from == 0)
		row->from = RELEASE_2;
	return true;
}

static void
unknown(const struct encode *f, const ProtobufCMessageDescriptor *type, const struct node *member,
    const char *name)
{
	struct field_releases twin;
	const char *nearest;
	struct diag *one;

	if (only_in_twin(f, type->name, name, &twin)) {
		not_in_this_release(
		    f, member, &twin, twin.to < f->version ? FIELD_GONE : FIELD_NOT_YET);
		return;
	}
	one = diags_error(f->diags, CHECK_UNKNOWN_FIELD, f->file, member->key_at,
	    "there is no field '%.*s' in %s", STR_FMT(str_head(member->key, 100)),
	    type->short_name);
	nearest = suggest_field(type->name, str_of(name), f->version);
	if (nearest)
		diag_hint(f->diags, one, "write '%s', if that is what it means", nearest);
	else
		diag_hint(f->diags, one, "remove it, or look for a slip of the pen");
}

const ProtobufCFieldDescriptor *
field_name_find(
    const struct encode *f, const ProtobufCMessageDescriptor *type, const struct node *member)
{
	/* the one name that is not lower case: Egress.URL */
	struct str name =
	    str_is(member->key, "URL") ? STR("URL") : snake_case(f->arena, member->key);
	const struct field_releases *row = NULL;
	enum field_status status = field_releases_lookup(type->name, name.ptr, f->version, &row);

	if (!is_spelling_of(member->key, name)) {
		unknown(f, type, member, name.ptr);
		return NULL;
	}
	switch (status) {
	case FIELD_KNOWN:
		return protobuf_c_message_descriptor_get_field(type, row->number);
	case FIELD_NOT_YET:
	case FIELD_GONE:
		not_in_this_release(f, member, row, status);
		return NULL;
	case FIELD_NEVER:
		break;
	}
	unknown(f, type, member, name.ptr);
	return NULL;
}

const ProtobufCFieldDescriptor *
field_name_lookup(struct arena *a, const ProtobufCMessageDescriptor *type, struct str key)
{
	struct diags ignored = diags_in(a);
	struct encode f = { .arena = a, .diags = &ignored, .file = "" };
	struct node member = { .key = key };

	return field_name_find(&f, type, &member);
}
