#include "pachd/defaults.h"

#include "base/arena.h"
#include "pachd/rpc.h"
#include "pipeline/diff.h"
#include "wire/build.h"
#include "wire/decode.h"

/* The defaults of the cluster or of one project, as they are written, and as the release reads them. */
struct layer {
	struct str project; /* empty: of the cluster */
	const struct node *written, *read;
};

struct looking {
	struct pachd *p;
	struct arena *arena;  /* ends with pachd_stale_defaults() */
	struct layer *layers; /* the cluster's first */
	size_t count;
};

static const struct node *
parse_object(struct arena *a, struct str text)
{
	struct diags ignored = diags_in(a);
	const struct node *n = text.len > 0 ? doc_parse_value(a, text, &ignored) : NULL;

	return n && n->kind == NODE_OBJECT ? n : NULL;
}

/* The spec as the server reads it, with snake_case keys. */
static const struct node *
read_spec(const struct looking *l, const struct node *written)
{
	struct diags ignored = diags_in(l->arena);
	ProtobufCMessage *m;

	if (!written)
		return NULL;
	m = request_encode(l->p, l->arena, written, "defaults", true, &ignored);
	return ignored.errors > 0 ? NULL : decode_message(l->arena, m, l->p->facts.release);
}

static enum method_id
layer_method(const struct layer *layer)
{
	return layer->project.len > 0 ? METHOD_GET_PROJECT_DEFAULTS : METHOD_GET_CLUSTER_DEFAULTS;
}

static struct call
ask_layer(const struct looking *l, const struct layer *layer)
{
	enum method_id id = layer_method(layer);
	struct call call = rpc_call(l->p, id);
	ProtobufCMessage *m = rpc_request(l->p, l->arena, id);

	if (layer->project.len > 0)
		build_string(
		    l->arena, build_message(l->arena, m, "project"), "name", layer->project);
	call.request = message_pack(l->arena, m);
	return call;
}

static void
learn_layer(const struct looking *l, struct layer *layer, const struct call *call)
{
	const ProtobufCMessage *m = rpc_answer(l->p, l->arena, layer_method(layer), call);
	struct str text = message_string(
	    m, layer->project.len > 0 ? "project_defaults_json" : "cluster_defaults_json");

	layer->written = node_field(parse_object(l->arena, text), "create_pipeline_request");
	layer->read = read_spec(l, layer->written);
}

/* The layer of the project; the cluster's where there is none of it. */
static const struct layer *
layer_of(const struct looking *l, struct str project)
{
	for (size_t i = 1; i < l->count; i++)
		if (str_eq(l->layers[i].project, project))
			return &l->layers[i];
	return &l->layers[0];
}

static int
read_layers(struct looking *l, const struct pachd_stale *list, size_t count, struct err *err)
{
	struct call *calls;

	l->layers = ARENA_ARRAY(l->arena, count + 1, struct layer);
	l->layers[l->count++].project = STR("");
	for (size_t i = 0; i < count; i++)
		if (layer_of(l, list[i].target.project) == l->layers)
			l->layers[l->count++].project = list[i].target.project;
	calls = ARENA_ARRAY(l->arena, l->count, struct call);
	for (size_t i = 0; i < l->count; i++)
		calls[i] = ask_layer(l, &l->layers[i]);
	if (channel_ask(l->p->channel, calls, l->count, l->arena, err) < 0)
		return -1;
	for (size_t i = 0; i < l->count; i++)
		learn_layer(l, &l->layers[i], &calls[i]);
	return 0;
}

/* A field that is not in a message is zero. */
static bool
is_zero(const struct node *n)
{
	return n->kind == NODE_NULL || (n->kind != NODE_STRING && str_is(n->text, "0"))
	       || (n->kind == NODE_BOOL && str_is(n->text, "false"))
	       || (n->kind == NODE_STRING && n->text.len == 0)
	       || ((n->kind == NODE_ARRAY || n->kind == NODE_OBJECT) && !n->first);
}

enum { PIN_LAYERS = 2 };

/* What is compared at one path of the trees; NULL: nothing is there. */
struct compared {
	const struct node *defaults, *live;
	/* what has precedence over the defaults, null included: the spec, the project's defaults */
	const struct node *pins[PIN_LAYERS];
	struct str path;
};

static void
add_field(struct pachd *p, struct pachd_stale *one, struct str path)
{
	one->fields =
	    arena_grow(p->arena, one->fields, one->count, &one->room, sizeof(*one->fields));
	one->fields[one->count++] = arena_str(p->arena, path);
}

/* Adds the fields below `at` that differ. Recursion is as deep as the message, which is limited. */
static void
compare_fields(const struct looking *l, const struct compared *at, struct pachd_stale *one)
{
	for (const struct node *n = at->defaults ? at->defaults->first : NULL; n; n = n->next) {
		const char *key = arena_cstr(l->arena, n->key);
		struct compared inner = { .defaults = n, .live = node_get(at->live, key) };
		bool is_pinned = false;

		inner.path = at->path.len > 0
		                 ? arena_fmt(l->arena, "%.*s.%s", STR_FMT(at->path), key)
		                 : n->key;
		for (size_t i = 0; i < PIN_LAYERS; i++) {
			inner.pins[i] = node_field(at->pins[i], key);
			is_pinned =
			    is_pinned
			    || (inner.pins[i]
			        && (n->kind != NODE_OBJECT || inner.pins[i]->kind != NODE_OBJECT));
		}
		if (is_pinned)
			continue;
		if (n->kind == NODE_OBJECT)
			compare_fields(l, &inner, one);
		else if (inner.live ? !diff_is_empty(l->arena, n, inner.live) : !is_zero(n))
			add_field(l->p, one, inner.path);
	}
}

static void
compare_one(const struct looking *l, struct pachd_stale *one)
{
	const struct layer *project = layer_of(l, one->target.project);
	const struct node *user = parse_object(l->arena, one->live->user_json);
	ProtobufCMessage *m = message_read(
	    l->arena, rpc_method(l->p, METHOD_CREATE_PIPELINE)->request, one->live->spec);
	struct compared at = { .defaults = project->read, .path = STR("") };

	if (!user || !m)
		return;
	at.live = decode_message(l->arena, m, l->p->facts.release);
	at.pins[0] = user;
	compare_fields(l, &at, one);
	at.defaults = l->layers[0].read;
	at.pins[1] = project->written;
	compare_fields(l, &at, one);
}

int
pachd_stale_defaults(struct pachd *p, struct pachd_stale *list, size_t count, struct err *err)
{
	struct looking l = { .p = p };
	int rc = 0;

	for (size_t i = 0; i < count; i++) {
		list[i].fields = NULL;
		list[i].count = list[i].room = 0;
	}
	if (!p->facts.defaults || count == 0)
		return 0;
	l.arena = arena_like(p->arena);
	rc = read_layers(&l, list, count, err);
	for (size_t i = 0; i < count && rc == 0; i++)
		compare_one(&l, &list[i]);
	arena_free(l.arena);
	return rc;
}
