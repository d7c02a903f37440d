#include "wire/field_name.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "wire/field_releases.h"
#include "wire/suggest.h"

static bool
is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

struct str
field_name_snake(struct arena *a, struct str key)
{
	size_t len = 0;
	char *name;

	while (len < key.len && !is_upper(key.ptr[len]))
		len++;
	if (len == key.len || str_is(key, "URL"))
		return key;
	name = arena_alloc(a, key.len * 2 + 1);
	len = 0;
	for (size_t i = 0; i < key.len; i++) {
		bool capital = is_upper(key.ptr[i]);

		if (capital)
			name[len++] = '_';
		name[len++] = (char)(capital ? key.ptr[i] - 'A' + 'a' : key.ptr[i]);
	}
	return (struct str){ name, len };
}

/* Whether the key is the name or its lowerCamelCase form, and not a mixture. */
static bool
is_spelling_of(struct str key, struct str name)
{
	return str_eq(key, name) || str_find(key, '_') == key.len;
}

static void
not_in_this_release(const struct encode *f, const struct node *member,
    const struct field_releases *row, enum field_status status)
{
	bool gone = status == FIELD_GONE;
	struct str other = release_text(f->arena, gone ? row->to : row->from);
	const char *instead = replacement_of(row->name, gone);
	struct diag *one = diags_error(f->diags, CHECK_OTHER_RELEASE, f->file, member->key_at,
	    gone ? "field '%.*s' was removed after pachd %.*s"
	         : "field '%.*s' needs pachd %.*s or later",
	    STR_FMT(member->key), STR_FMT(other));

	if (instead)
		diag_hint(f->diags, one, "%s", instead);
	else
		diag_hint(f->diags, one,
		    gone ? "remove the field" : "remove the field, or use pachd %.*s or later",
		    STR_FMT(other));
}

/* The message's name in the other interface: "pps_v2.Input" and "pps.Input". */
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

/* The other interface's row of the field, if this one never had it. */
static bool
only_in_twin(
    const struct encode *f, const char *message, struct str name, struct field_releases *row)
{
	bool old = str_find(str_of(message), '_') == str_of(message).len;
	struct field_rows rows = field_rows_of(twin_of(f->arena, message));
	const struct field_releases *twin;

	if (field_rows_lookup(&rows, name, 0, &twin) != FIELD_KNOWN)
		return false;
	*row = *twin;
	if (!old && row->to == FIELD_EVER)
		row->to = RELEASE(1, 13, 4);
	if (old && row->from == 0)
		row->from = RELEASE_2;
	return true;
}

/* "transform" for Transform. */
static const char *
type_name(struct arena *a, const ProtobufCMessageDescriptor *type)
{
	const char *name = type->short_name;
	struct buf title = BUF_INIT(200);
	const char *out;

	for (size_t i = 0; name[i]; i++) {
		bool starts_word =
		    is_upper(name[i]) && i > 0
		    && (!is_upper(name[i - 1]) || (name[i + 1] && !is_upper(name[i + 1])));

		if (starts_word)
			buf_add_char(&title, '_');
		buf_add_char(&title, is_upper(name[i]) ? (char)(name[i] - 'A' + 'a') : name[i]);
	}
	out = arena_cstr(a, buf_str(&title));
	buf_free(&title);
	return out;
}

/* What users call the object: "transform", "the spec", or by the key that it is under where its message has another
 * name: "\"pfs\"" for PFSInput. */
static const char *
object_title(const struct encode *f, const ProtobufCMessageDescriptor *type)
{
	const char *name = type_name(f->arena, type);

	if (strcmp(type->short_name, "CreatePipelineRequest") == 0)
		return "the spec";
	if (f->title.len == 0 || str_is(field_name_snake(f->arena, f->title), name))
		return name;
	return arena_fmt(f->arena, "\"%.*s\"", STR_FMT(f->title)).ptr;
}

static void
unknown(const struct encode *f, const ProtobufCMessageDescriptor *type, const struct node *member,
    struct str name)
{
	uint32_t asked = f->version ? f->version : (uint32_t)RELEASE_2;
	struct field_releases twin;
	const char *nearest;
	struct diag *one;

	if (only_in_twin(f, type->name, name, &twin)) {
		not_in_this_release(f, member, &twin, twin.to < asked ? FIELD_GONE : FIELD_NOT_YET);
		return;
	}
	one = diags_error(f->diags, CHECK_UNKNOWN_FIELD, f->file, member->key_at,
	    "unknown field '%.*s' in %s", STR_FMT(str_head(member->key, 100)),
	    object_title(f, type));
	nearest = suggest_field(type->name, name, f->version);
	if (successor_of(name))
		diag_hint(f->diags, one, "%s", successor_of(name));
	else if (nearest)
		diag_hint(f->diags, one, "did you mean '%s'?", nearest);
	else
		diag_hint(f->diags, one, "remove the field, or check its spelling");
}

const ProtobufCFieldDescriptor *
field_name_find(const struct encode *f, const ProtobufCMessageDescriptor *type,
    const struct field_rows *rows, const struct node *member)
{
	struct str name = field_name_snake(f->arena, member->key);
	const struct field_releases *row = NULL;
	enum field_status status = field_rows_lookup(rows, name, f->version, &row);

	if (!is_spelling_of(member->key, name)) {
		unknown(f, type, member, name);
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
	unknown(f, type, member, name);
	return NULL;
}

const ProtobufCFieldDescriptor *
field_name_lookup(struct arena *a, const ProtobufCMessageDescriptor *type, struct str key)
{
	struct diags ignored = diags_in(a);
	struct encode f = { .arena = a, .diags = &ignored, .file = "" };
	struct field_rows rows = field_rows_of(type->name);
	struct node member = { .key = key };

	return field_name_find(&f, type, &rows, &member);
}
