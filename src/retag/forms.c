/* The forms that images have in documents of any kind. */
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "pipeline/image.h"
#include "retag/rule.h"
#include "retag/walk.h"

enum { MAX_EMBEDDED = 3 };

/* The kind of key that a value is below. */
enum below {
	BELOW_OTHER,
	BELOW_IMAGE, /* image, workerImage, images: a map of parts or of references, a list of them */
	BELOW_PARAMETERS,
	BELOW_SERVICES, /* of a CI system's file */
	BELOW_METADATA,
	BELOW_NOTHING, /* labels and annotations run nothing */
};

/* Whether the text has a tag or a digest: under a key that may hold other texts, too, only such a text is an image. */
static bool
is_whole(struct str text)
{
	struct image im = image_split(text);

	return im.tag.ptr || im.digest.ptr;
}

/* Whether the key ends in the word, whatever the case: image, workerImage, WORKER_IMAGE. */
static bool
ends_in(struct str key, const char *word)
{
	size_t len = strlen(word);

	return key.len >= len && strncasecmp(key.ptr + key.len - len, word, len) == 0;
}

static enum below
below_key(const struct walk *w, struct str key, enum below around)
{
	if (around == BELOW_METADATA && w->is_object
	    && (str_is(key, "labels") || str_is(key, "annotations")
	        || str_is(key, "managedFields")))
		return BELOW_NOTHING;
	if (ends_in(key, "image") || ends_in(key, "images"))
		return BELOW_IMAGE;
	if (str_is(key, "parameters"))
		return BELOW_PARAMETERS;
	if (str_is(key, "services"))
		return BELOW_SERVICES;
	if (around == BELOW_IMAGE)
		return BELOW_IMAGE;
	return str_is(key, "metadata") ? BELOW_METADATA : BELOW_OTHER;
}

/* "docker://team/app:1" of GitHub's workflows */
static size_t
scheme_len(struct str text)
{
	static const char scheme[] = "docker://";

	return str_starts(text, scheme) ? sizeof(scheme) - 1 : 0;
}

static void
add_text(struct walk *w, const struct node *n)
{
	walk_add(w, (struct image_place){ .image = n, .skip = scheme_len(n->text) });
}

/* NAME=NEWNAME:TAG, as in the kustomize.images of an Argo CD application */
static void
add_override(struct walk *w, const struct node *n)
{
	size_t equals = str_find(n->text, '=');

	if (equals < n->text.len)
		walk_add(w, (struct image_place){ .image = n, .skip = equals + 1 });
	else if (is_whole(n->text))
		add_text(w, n);
}

static const struct node *
first_of(const struct node *map, const char *const *keys)
{
	for (; *keys; keys++) {
		const struct node *n = node_get(map, *keys);

		if (n && n->kind != NODE_OBJECT && n->kind != NODE_ARRAY)
			return n;
	}
	return NULL;
}

/* The member that holds a repository alone: its tag is in another one. */
static const struct node *
repository_of(const struct walk *w, const struct node *map, enum below below)
{
	const struct node *n = walk_string(map, "repository");

	if (!n && w->takes_texts && below == BELOW_IMAGE)
		n = walk_string(map, "name");
	if (!n && w->takes_texts && below == BELOW_IMAGE)
		n = walk_string(map, "repo");
	if (!n && w->takes_texts)
		n = walk_string(map, "image");
	return n && !is_whole(n->text) ? n : NULL;
}

/* {"repository": …, "tag": …}, with whatever is beside them. */
static bool
take_parts(struct walk *w, const struct node *map, enum below below)
{
	static const char *const tags[] = { "tag", "imageTag", "image_tag", NULL };
	static const char *const tags_below[] = { "tag", "version", NULL };
	static const char *const digests[] = { "digest", NULL };
	static const char *const registries[] = { "registry", NULL };
	struct image_place place = {
		.image = repository_of(w, map, below),
		.in_parts = true,
		.tag = first_of(map, below == BELOW_IMAGE ? tags_below : tags),
		.digest = first_of(map, digests),
		.registry = first_of(map, registries),
		.values = map,
	};

	if (!place.image && place.tag && below == BELOW_IMAGE && map->count < 4 && !w->in
	    && w->takes_texts && !w->out->lone_tag)
		w->out->lone_tag = place.tag;
	if (!place.image || (!place.tag && !place.digest))
		return false;
	walk_add(w, place);
	return true;
}

/* The member of the map whose key is PREFIX + `end`, in the case that `end` is written in. */
static const struct node *
prefixed(const struct node *map, struct str prefix, const char *end)
{
	for (const struct node *n = map->first; n; n = n->next)
		if (n->style != STYLE_OTHER && str_eq(str_head(n->key, prefix.len), prefix)
		    && str_is(str_tail(n->key, prefix.len), end))
			return n;
	return NULL;
}

/* Keys of one prefix: webRepository and webTag, web_image_repository and web_image_tag, IMAGE_NAME and IMAGE_TAG. */
static void
take_prefixed_parts(struct walk *w, const struct node *map)
{
	static const struct {
		const char *repository, *tag, *digest;
	} ends[] = {
		{ "Repository", "Tag", "Digest" },
		{ "_repository", "_tag", "_digest" },
		{ "_REPOSITORY", "_TAG", "_DIGEST" },
		{ "ImageName", "ImageTag", "ImageDigest" },
		{ "imageName", "imageTag", "imageDigest" },
		{ "image_name", "image_tag", "image_digest" },
		{ "IMAGE_NAME", "IMAGE_TAG", "IMAGE_DIGEST" },
	};

	for (const struct node *n = map->first; n; n = n->next) {
		char last = n->key.len > 0 ? n->key.ptr[n->key.len - 1] : '\0';
		bool may_fit = n->kind == NODE_STRING && last && strchr("yYeE", last);

		for (size_t i = 0; may_fit && i < COUNT_OF(ends); i++) {
			struct image_place place = { .image = n, .in_parts = true };
			struct str prefix;

			if (!str_ends(n->key, ends[i].repository) || n->text.len == 0
			    || is_whole(n->text))
				continue;
			prefix = str_head(n->key, n->key.len - strlen(ends[i].repository));
			place.tag = prefixed(map, prefix, ends[i].tag);
			place.digest = prefixed(map, prefix, ends[i].digest);
			if (place.tag || place.digest)
				walk_add(w, place);
		}
	}
}

/* The value of the parameter PREFIX + `end`, in a list of {"name": …, "value": …}. */
static const struct node *
parameter(const struct node *list, struct str prefix, const char *end)
{
	for (const struct node *n = list->first; n; n = n->next) {
		const struct node *name = walk_string(n, "name"), *value = node_get(n, "value");

		if (name && value && value->style != STYLE_OTHER
		    && str_eq(str_head(name->text, prefix.len), prefix)
		    && str_is(str_tail(name->text, prefix.len), end))
			return value;
	}
	return NULL;
}

/* "web.image.tag" where no "web.image.repository" is: the chart has it. */
static void
note_lone_tag(struct walk *w, const struct node *list, struct str name, const struct node *value)
{
	struct str prefix = str_head(name, name.len - 3);

	if (!w->in && !w->out->lone_tag && !parameter(list, prefix, "repository")
	    && !parameter(list, prefix, "name"))
		w->out->lone_tag = value;
}

/* Helm's parameters of an Argo CD application: image.repository, image.tag. */
static void
take_parameter_parts(struct walk *w, const struct node *list)
{
	static const char *const ends[] = { "repository", "name" };

	for (const struct node *n = list->first; n; n = n->next) {
		const struct node *name = walk_string(n, "name"), *value = walk_string(n, "value");

		for (size_t i = 0; name && value && i < COUNT_OF(ends); i++) {
			struct image_place place = { .image = value, .in_parts = true };
			struct str prefix;

			if (str_ends(name->text, "image.tag"))
				note_lone_tag(w, list, name->text, value);
			if (!str_ends(name->text, ends[i]) || is_whole(value->text))
				continue;
			prefix = str_head(name->text, name->text.len - strlen(ends[i]));
			place.tag = parameter(list, prefix, "tag");
			place.digest = parameter(list, prefix, "digest");
			place.registry = parameter(list, prefix, "registry");
			if (place.tag || place.digest)
				walk_add(w, place);
		}
	}
}

/* {"name": …, "value": …} of a workflow or of Helm; Argo also has "default". */
static void
take_parameter(struct walk *w, const struct node *map)
{
	static const char *const keys[] = { "value", "default" };

	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		const struct node *n = walk_string(map, keys[i]);

		if (n && walk_string(map, "name") && is_whole(n->text))
			add_text(w, n);
	}
}

/* {"op": "replace", "path": "/spec/…/image", "value": …} (RFC 6902) */
static bool
is_patch(const struct node *map)
{
	return walk_string(map, "op") && walk_string(map, "path");
}

static void
take_patch(struct walk *w, const struct node *map)
{
	const struct node *value = walk_string(map, "value");

	if (value && ends_in(walk_string(map, "path")->text, "image"))
		add_text(w, value);
}

void
walk_text(struct walk *w, const struct node *n)
{
	struct select_how how = *w->how;
	struct walk inner = *w;
	struct embedded *in = ARENA_NEW(w->arena, struct embedded);
	struct diags unheard = diags_in(w->arena);
	struct doc *doc;

	if (w->depth == MAX_EMBEDDED || !rules_concern(how.rules, n->text))
		return;
	*in = (struct embedded){ n, w->in };
	how.file = arena_cstr(w->arena, n->key);
	how.is_named = false;
	doc = doc_parse_any(w->arena, how.file, n->text, &unheard);
	inner.in = in;
	inner.how = &how;
	inner.depth++;
	inner.takes_texts = str_starts(n->key, "values") || str_is(n->key, "patch")
	                    || str_is(n->key, "manifest") || ends_in(n->key, "pod_patch")
	                    || ends_in(n->key, "pod_spec") || ends_in(n->key, "podPatch")
	                    || ends_in(n->key, "podSpec") || n->key.len == 0;
	if (unheard.errors > 0)
		return;
	for (const struct node *m = doc->first; m; m = m->next)
		if (m->kind == NODE_OBJECT)
			(void)walk_document(&inner, m);
}

static bool
is_document(struct str text)
{
	struct str trimmed = str_trim(text);

	return str_starts(trimmed, "{") || str_starts(trimmed, "[") || str_starts(trimmed, "- ")
	       || str_find(trimmed, '\n') < trimmed.len;
}

/* The texts of a CI system's file, which was named. */
static bool
is_ci_text(const struct node *n, enum below below)
{
	if (str_is(n->key, "uses"))
		return scheme_len(n->text) > 0;
	/* below services: GitLab's list of images or of {name: …}, Azure's map of names to images */
	return is_whole(n->text) && (str_is(n->key, "container") || below == BELOW_SERVICES);
}

/* A text under a key, or in a list that is under one (then its own key is empty). */
static void
take_text(struct walk *w, const struct node *n, enum below below)
{
	bool is_element = n->key.len == 0;

	if (n->text.len == 0)
		return;
	if (is_document(n->text))
		walk_text(w, n);
	else if (!w->takes_texts)
		return;
	else if (is_element && below == BELOW_IMAGE)
		add_override(w, n);
	else if (str_is(n->key, "image") || str_is(n->key, "IMAGE"))
		add_text(w, n);
	else if (is_whole(n->text)
	         && (below == BELOW_IMAGE || ends_in(n->key, "image")
	             || str_is(n->key, "repository")))
		add_text(w, n);
	else if (w->how->is_named && is_ci_text(n, below))
		add_text(w, n);
}

/* Finds images in the map or the list as a whole. */
static void
take_self(struct walk *w, const struct node *n, enum below below)
{
	bool is_map = n->kind == NODE_OBJECT;

	if (!w->takes_texts)
		return;
	if (is_map && below == BELOW_PARAMETERS)
		take_parameter(w, n);
	if (is_map && is_patch(n))
		take_patch(w, n);
	if (is_map)
		take_prefixed_parts(w, n);
	if (!is_map && below == BELOW_PARAMETERS)
		take_parameter_parts(w, n);
}

static bool
is_part(const struct image_place *parts, const struct node *n)
{
	return n == parts->image || n == parts->tag || n == parts->digest || n == parts->registry;
}

/* All below `n`. Depth is bounded by MAX_SPEC_DEPTH. */
static void
take_all(struct walk *w, const struct node *n, enum below below)
{
	bool is_map = n->kind == NODE_OBJECT, in_parts = is_map && take_parts(w, n, below);
	size_t parts = w->out->count; /* the list may move */

	take_self(w, n, below);
	for (const struct node *m = n->first; m; m = m->next) {
		enum below deeper = is_map ? below_key(w, m->key, below) : below;

		if (deeper == BELOW_NOTHING || (in_parts && is_part(&w->out->list[parts - 1], m)))
			continue;
		if (m->kind == NODE_STRING)
			take_text(w, m, below);
		else
			take_all(w, m, deeper);
	}
}

void
walk_all(struct walk *w, const struct node *n)
{
	take_all(w, n, BELOW_OTHER);
}

/* values.yaml, values-production.yaml, … of a Helm chart */
static bool
is_values_file(const char *file)
{
	return str_starts(str_of(walk_file_name(file)), "values");
}

/* compose.yaml, docker-compose.override.yml, …: or whatever has services with images or builds */
static bool
is_compose(const char *file, const struct node *document)
{
	const struct node *services = node_get(document, "services");
	struct str name = str_of(walk_file_name(file));

	if (!services || services->kind != NODE_OBJECT)
		return false;
	if (str_starts(name, "compose.") || str_starts(name, "docker-compose"))
		return true;
	for (const struct node *n = services->first; n; n = n->next)
		if (!walk_string(n, "image") && !node_get(n, "build"))
			return false;
	return services->count > 0;
}

/* True for a file that the compiler of Kubeflow Pipelines 2 has written. */
static bool
is_compiled_pipeline(const struct node *document)
{
	return node_get(document, "deploymentSpec") && node_get(document, "pipelineInfo");
}

/* The entry of kustomize's ImageTagTransformer, which has the form of those of a kustomization. */
static void
take_tag_transformer(struct walk *w, const struct node *document)
{
	const struct node *kind = walk_string(document, "kind");
	const struct node *entry = node_get(document, "imageTag");
	const struct node *name = walk_string(entry, "name");

	if (kind && str_is(kind->text, "ImageTagTransformer") && name)
		walk_add(w, (struct image_place){ .image = name, .entry = entry });
}

bool
walk_any(struct walk *w, const struct node *document)
{
	size_t before = w->out->count;
	bool is_known;

	w->is_object = walk_is_object(document);
	is_known = w->is_object || is_values_file(w->how->file) || w->takes_texts
	           || is_compose(w->how->file, document) || is_compiled_pipeline(document)
	           || is_patch(document);
	w->takes_texts = is_known || w->how->is_named;
	take_tag_transformer(w, document);
	walk_all(w, document);
	return is_known || w->out->count > before;
}
