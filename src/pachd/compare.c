#include "pachd/compare.h"

#include "base/arena.h"
#include "base/buf.h"
#include "pachd/rpc.h"
#include "pipeline/diff.h"
#include "pipeline/mark.h"
#include "pipeline/note.h"
#include "wire/decode.h"
#include "wire/message_same.h"
#include "wire/normalize.h"
#include "wire/protojson.h"

enum { MAX_NAMES_BYTES = 4 << 10 };

/* Both sides become messages of the same type, are normalized, and then compared field by field as they are on the
 * wire. */

/* The first field that differs, or NULL. */
static const ProtobufCFieldDescriptor *
first_difference(const ProtobufCMessage *x, const ProtobufCMessage *y)
{
	const ProtobufCMessageDescriptor *type = x->descriptor;

	for (unsigned i = 0; i < type->n_fields; i++)
		if (!message_same_field(x, y, &type->fields[i]))
			return &type->fields[i];
	return NULL;
}

/* The field that differs, one level deeper where that is possible: "transform.image". */
static struct str
name_difference(struct arena *a, const ProtobufCMessage *x, const ProtobufCMessage *y,
    const ProtobufCFieldDescriptor *field)
{
	ProtobufCMessage *left = message_message(x, field->name),
	                 *right = message_message(y, field->name);
	const ProtobufCFieldDescriptor *inner =
	    left && right ? first_difference(left, right) : NULL;

	if (!inner)
		return str_of(field->name);
	return arena_fmt(a, "%s.%s", field->name, inner->name);
}

static bool
same_code(const ProtobufCMessage *ours, const ProtobufCMessage *live)
{
	static const char *const code[] = { "image", "cmd", "err_cmd", "stdin", "err_stdin", "user",
		"working_dir" };
	const ProtobufCMessage *x = message_message(ours, "transform");
	const ProtobufCMessage *y = message_message(live, "transform");

	if (!x || !y)
		return !x && !y;
	for (size_t i = 0; i < COUNT_OF(code); i++) {
		const ProtobufCFieldDescriptor *field =
		    protobuf_c_message_descriptor_get_field_by_name(x->descriptor, code[i]);

		if (field && !message_same_field(x, y, field))
			return false;
	}
	return true;
}

static bool
holds_null(const struct node *n)
{
	if (n->kind == NODE_NULL)
		return true;
	for (const struct node *member = n->first; member; member = member->next)
		if ((n->kind == NODE_ARRAY || n->kind == NODE_OBJECT) && holds_null(member))
			return true;
	return false;
}

/* From 2.8: the spec as it was submitted, as a tree and as a message. NULL when that cannot be read. */
static ProtobufCMessage *
read_submitted(
    const struct pachd *p, struct arena *a, const struct deployed *live, struct node **tree)
{
	struct diags ignored = diags_in(a);
	struct doc *doc;
	ProtobufCMessage *m;

	if (!p->generation->v2 || live->user_json.len == 0)
		return NULL;
	doc = doc_parse(a, "user_spec_json", live->user_json, &ignored);
	if (ignored.errors > 0 || doc->count != 1 || doc->first->kind != NODE_OBJECT)
		return NULL;
	m = request_encode(p, a, doc->first, "user_spec_json", true, &ignored);
	*tree = doc->first;
	return ignored.errors > 0 ? NULL : m;
}

/* A copy of the spec as it is submitted, without the commands `update` and `reprocess`, the note of its commit and
 * the mark of its owner. */
static struct node *
as_submitted(const struct pachd *p, struct arena *a, const struct node *spec)
{
	static const char *const commands[] = { "update", "reprocess" };
	struct node *n = node_share(a, spec), *description = node_get(n, "description");

	protojson_convert(a, rpc_method(p, METHOD_CREATE_PIPELINE)->request, n);
	for (size_t i = 0; i < COUNT_OF(commands); i++)
		node_drop(n, node_get(n, commands[i]));
	if (description && description->kind == NODE_STRING)
		description->text = note_strip(description->text);
	if (description && description->kind == NODE_STRING && description->text.len == 0)
		node_drop(n, description);
	mark_drop(n);
	return n;
}

/* From 2.8 null removes a default of the cluster (RFC 7396), which a message cannot hold: specs with null are
 * compared as trees. */
static bool
same_nulls(
    const struct pachd *p, struct arena *a, const struct node *ours, const struct node *theirs)
{
	if (!holds_null(ours) && !holds_null(theirs))
		return true;
	return diff_is_empty(a, as_submitted(p, a, ours), as_submitted(p, a, theirs));
}

/* Replaces a string that holds a JSON object or list by it. */
static void
open_text(struct arena *a, struct node *n)
{
	struct diags ignored = diags_in(a);
	bool is_list = str_starts(str_trim(n->text), "[");
	struct doc *doc;

	if (!is_list && !str_starts(str_trim(n->text), "{"))
		return;
	doc = doc_parse(a, "json", n->text, &ignored);
	if (ignored.errors > 0 || (!is_list && doc->count != 1))
		return;
	n->kind = is_list ? NODE_ARRAY : NODE_OBJECT;
	n->text = (struct str){ "", 0 };
	n->first = is_list ? doc->first : doc->first->first; /* a list is read as its elements */
	n->count = is_list ? doc->count : doc->first->count;
}

/* Fields that are JSON in a string are compared by what they say. */
static void
open_texts(struct arena *a, struct node *spec)
{
	static const char *const fields[] = { "pod_spec", "pod_patch" };

	for (size_t i = 0; i < COUNT_OF(fields); i++) {
		struct node *n = node_get(spec, fields[i]);

		if (n && n->kind == NODE_STRING)
			open_text(a, n);
	}
}

static struct differences
differences(const struct pachd *p, struct arena *a, const ProtobufCMessage *ours,
    const ProtobufCMessage *stored)
{
	struct node *now = decode_message(a, ours, p->facts.release);
	struct node *old = decode_message(a, stored, p->facts.release);
	struct differences out = { 0 };

	open_texts(a, now);
	open_texts(a, old);
	diff_trees(a, old, now, &out);
	return out;
}

/* Removes the note of the commit from the description. */
static void
drop_note(struct arena *a, ProtobufCMessage *request)
{
	const ProtobufCFieldDescriptor *field =
	    protobuf_c_message_descriptor_get_field_by_name(request->descriptor, "description");
	struct str text = message_string(request, "description"), own = note_strip(text);

	if (own.len < text.len)
		*(char **)message_at(request, field->offset) =
		    own.len > 0 ? arena_cstr(a, own) : NULL;
}

/* Removes the mark of the owner from the annotations. */
static void
drop_mark(ProtobufCMessage *request)
{
	const ProtobufCMessageDescriptor *type = request->descriptor;
	const ProtobufCFieldDescriptor *field = protobuf_c_message_descriptor_get_field_by_name(
	                                   type, "metadata"),
	                               *map;
	ProtobufCMessage *metadata = message_message(request, "metadata");
	ProtobufCMessage **list = message_list(metadata, "annotations");
	size_t count = message_count(metadata, "annotations"), kept = 0;

	for (size_t i = 0; i < count; i++)
		if (!str_is(message_string(list[i], "key"), MARK_KEY))
			list[kept++] = list[i];
	if (kept == count)
		return;
	map = protobuf_c_message_descriptor_get_field_by_name(metadata->descriptor, "annotations");
	message_set_list(metadata, map, kept > 0 ? list : NULL, kept);
	if (kept == 0 && message_count(metadata, "labels") == 0)
		*(ProtobufCMessage **)message_at(request, field->offset) = NULL;
}

/* The image that the spec would run; where neither side names one, the server's choice. */
static struct str
image_run(const ProtobufCMessage *ours, const ProtobufCMessage *stored, const struct deployed *live)
{
	struct str image = message_string(message_message(ours, "transform"), "image");
	struct str old = message_string(message_message(stored, "transform"), "image");

	return image.len == 0 && old.len == 0 ? live->image : image;
}

/* A copy of the message in which only the input may be changed. */
static ProtobufCMessage *
with_own_input(
    struct arena *a, const ProtobufCMessage *request, const ProtobufCFieldDescriptor *input)
{
	ProtobufCMessage *copy = message_copy_flat(a, request),
	                 *own = message_copy(a, message_child(request, input));

	message_set(copy, input, &own);
	return copy;
}

/* Puts our input into `stored` where both mean the same: `branch: master` may be left out. */
static void
settle_inputs(
    const struct pachd *p, struct arena *a, const ProtobufCMessage *ours, ProtobufCMessage *stored)
{
	const ProtobufCFieldDescriptor *field =
	    protobuf_c_message_descriptor_get_field_by_name(ours->descriptor, "input");
	ProtobufCMessage *x, *y;

	if (!message_has(ours, field) || !message_has(stored, field))
		return;
	x = with_own_input(a, ours, field);
	y = with_own_input(a, stored, field);
	normalize_inputs(a, p->facts.release, x);
	normalize_inputs(a, p->facts.release, y);
	if (message_same_field(x, y, field))
		message_set(stored, field, message_at(ours, field->offset));
}

/* Whether a difference lies at the path, in it or around it. */
static bool
has_difference(const struct differences *d, struct str path)
{
	for (size_t i = 0; i < d->count; i++) {
		struct str other = d->list[i].path;
		struct str longer = other.len > path.len ? other : path;
		size_t len = other.len < path.len ? other.len : path.len;

		if (str_eq(str_head(other, len), str_head(path, len))
		    && (longer.len == len || longer.ptr[len] == '.' || longer.ptr[len] == '['))
			return true;
	}
	return false;
}

/* "pins datum_tries against defaults; no effect now", where our spec only adds fields to the submitted one, with
 * the values that run already: from 2.8 later defaults of the cluster do not change them. Else empty. */
static struct str
find_pins(const struct pachd *p, struct arena *a, const ProtobufCMessage *ours,
    const struct deployed *live, const struct differences *diff)
{
	ProtobufCMessage *runs =
	    message_read(a, rpc_method(p, METHOD_CREATE_PIPELINE)->request, live->spec);
	ProtobufCMessage *now = message_copy(a, ours);
	struct buf names = BUF_INIT(MAX_NAMES_BYTES);
	struct differences effect;
	struct str list;

	if (!runs || diff->count == 0)
		return STR("");
	drop_mark(runs);
	drop_mark(now);
	normalize_request(a, runs);
	normalize_stored(a, p->facts.release, now, runs);
	effect = differences(p, a, now, runs);
	for (size_t i = 0; i < diff->count; i++) {
		if (diff->list[i].old_value.ptr || has_difference(&effect, diff->list[i].path)) {
			buf_free(&names);
			return STR("");
		}
		buf_fmt(&names, "%s%.*s", i ? ", " : "", STR_FMT(diff->list[i].path));
	}
	list = buf_take(&names, a);
	return arena_fmt(a, "pins %.*s against defaults; no effect now", STR_FMT(list));
}

/* The spec as a message that may be changed. lint_request() has kept the zeros where the server stores the submitted
 * spec; they are wanted only where it could be read. */
static ProtobufCMessage *
own_copy(const struct pachd *p, struct arena *a, const struct node *tree,
    const ProtobufCMessage *request, const char *file, bool zeros)
{
	struct diags ignored = diags_in(a);

	if (request && p->generation->v2 == zeros)
		return message_copy(a, request);
	return request_encode(p, a, tree, file, zeros, &ignored);
}

/* Compares with the submitted spec; where the server does not store it, with the stored request. */
static struct comparison
compare(const struct pachd *p, struct arena *a, const struct node *tree,
    const ProtobufCMessage *request, const char *file, const struct deployed *live)
{
	struct node *kept = NULL;
	ProtobufCMessage *exact = read_submitted(p, a, live, &kept), *stored = exact, *ours;
	struct comparison out = { .why = STR("the cluster does not store the submitted spec") };
	const ProtobufCFieldDescriptor *field;
	struct str pinned;

	if (!stored)
		stored =
		    message_read(a, rpc_method(p, METHOD_CREATE_PIPELINE)->request, live->spec);
	if (!stored)
		return out;
	ours = own_copy(p, a, tree, request, file, exact != NULL);
	drop_note(a, ours);
	drop_note(a, stored);
	drop_mark(ours);
	drop_mark(stored);
	normalize_request(a, ours);
	normalize_request(a, stored);
	if (exact)
		settle_inputs(p, a, ours, stored);
	else
		normalize_stored(a, p->facts.release, ours, stored);
	out.image = image_run(ours, stored, live);
	out.same_code = same_code(ours, stored);
	field = first_difference(ours, stored);
	if (field)
		out.diff = differences(p, a, ours, stored);
	if (p->generation->v2 && !exact)
		return out;
	out.same = field == NULL && (!exact || same_nulls(p, a, tree, kept));
	out.why = field      ? name_difference(a, ours, stored, field)
	          : out.same ? STR("")
	                     : STR("a field is null in only one of the two specs");
	pinned = field && exact ? find_pins(p, a, ours, live, &out.diff) : STR("");
	if (pinned.len > 0)
		out.why = pinned;
	return out;
}

struct comparison
pachd_compare(const struct pachd *p, const struct node *tree, const ProtobufCMessage *request,
    const char *file, const struct deployed *live)
{
	struct arena *scratch = arena_like(p->arena); /* a comparison packs a message many times */
	struct comparison out = compare(p, scratch, tree, request, file, live);

	out.why = arena_str(p->arena, out.why);
	out.image = arena_str(p->arena, out.image);
	out.diff = differences_copy(p->arena, &out.diff);
	arena_free(scratch);
	return out;
}
