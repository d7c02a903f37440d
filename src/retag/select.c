#include "retag/select.h"

#include <string.h>

#include "base/arena.h"
#include "pipeline/spec.h"

/* What one walk through a document has at hand. */
struct walk {
	struct image_places *out;
	struct arena *arena;
};

static void
add(struct walk *w, struct image_place place)
{
	struct image_places *out = w->out;

	out->list = arena_grow(w->arena, out->list, out->count, &out->room, sizeof(*out->list));
	out->list[out->count++] = place;
}

static const struct node *
string_of(const struct node *object, const char *key)
{
	const struct node *n = node_get(object, key);

	return n && n->kind == NODE_STRING && n->text.len > 0 ? n : NULL;
}

/* An object with a member `image`: a container. */
static void
take_container(struct walk *w, const struct node *container)
{
	const struct node *image = string_of(container, "image");

	if (image)
		add(w, (struct image_place){ .image = image });
}

static void
take_containers(struct walk *w, const struct node *list)
{
	if (list && list->kind == NODE_ARRAY)
		for (const struct node *n = list->first; n; n = n->next)
			take_container(w, n);
}

static void
take_pod_spec(struct walk *w, const struct node *spec)
{
	take_containers(w, node_get(spec, "initContainers"));
	take_containers(w, node_get(spec, "containers"));
	take_containers(w, node_get(spec, "ephemeralContainers"));
}

/* {"Worker": {"template": {"spec": …}}, …} */
static void
take_replicas(struct walk *w, const struct node *spec)
{
	static const char end[] = "eplicaSpecs"; /* tfReplicaSpecs, replicaSpecs */

	if (!spec || spec->kind != NODE_OBJECT)
		return;
	for (const struct node *n = spec->first; n; n = n->next) {
		if (!str_ends(n->key, end) || n->kind != NODE_OBJECT)
			continue;
		for (const struct node *role = n->first; role; role = role->next)
			take_pod_spec(w, node_get(node_get(role, "template"), "spec"));
	}
}

static void take_argo_template(struct walk *w, const struct node *template);

/* Steps are lists of lists, tasks of a DAG a list; each may hold a template of its own. */
static void
take_inline(struct walk *w, const struct node *list)
{
	if (!list || list->kind != NODE_ARRAY)
		return;
	for (const struct node *n = list->first; n; n = n->next) {
		if (n->kind == NODE_ARRAY)
			take_inline(w, n);
		else if (node_get(n, "inline"))
			take_argo_template(w, node_get(n, "inline"));
	}
}

/* Depth is bounded by MAX_SPEC_DEPTH. */
static void
take_argo_template(struct walk *w, const struct node *template)
{
	take_containers(w, node_get(template, "initContainers"));
	take_container(w, node_get(template, "container"));
	take_container(w, node_get(template, "script"));
	take_containers(w, node_get(node_get(template, "containerSet"), "containers"));
	take_containers(w, node_get(template, "sidecars"));
	take_inline(w, node_get(template, "steps"));
	take_inline(w, node_get(node_get(template, "dag"), "tasks"));
}

static void
take_workflow(struct walk *w, const struct node *spec)
{
	const struct node *templates = node_get(spec, "templates");

	take_argo_template(w, node_get(spec, "templateDefaults"));
	if (templates && templates->kind == NODE_ARRAY)
		for (const struct node *n = templates->first; n; n = n->next)
			take_argo_template(w, n);
}

static void
take_kustomization(struct walk *w, const struct node *document)
{
	const struct node *images = node_get(document, "images");

	if (!images || images->kind != NODE_ARRAY)
		return;
	for (const struct node *n = images->first; n; n = n->next)
		if (string_of(n, "name"))
			add(w, (struct image_place){ .image = string_of(n, "name"), .entry = n });
}

/* A manifest's kind, and the way to what its images stand in. */
static const struct kind {
	const char *name;
	const char *path; /* from the document, joined by '.'; "" is the document itself */
	void (*take)(struct walk *w, const struct node *at);
} kinds[] = {
	{ "Pod", "spec", take_pod_spec },
	{ "PodTemplate", "template.spec", take_pod_spec },
	{ "Deployment", "spec.template.spec", take_pod_spec },
	{ "StatefulSet", "spec.template.spec", take_pod_spec },
	{ "DaemonSet", "spec.template.spec", take_pod_spec },
	{ "ReplicaSet", "spec.template.spec", take_pod_spec },
	{ "ReplicationController", "spec.template.spec", take_pod_spec },
	{ "Job", "spec.template.spec", take_pod_spec },
	{ "CronJob", "spec.jobTemplate.spec.template.spec", take_pod_spec },
	{ "TFJob", "spec", take_replicas },
	{ "PyTorchJob", "spec", take_replicas },
	{ "MPIJob", "spec", take_replicas },
	{ "MXJob", "spec", take_replicas },
	{ "XGBoostJob", "spec", take_replicas },
	{ "PaddleJob", "spec", take_replicas },
	{ "JAXJob", "spec", take_replicas },
	{ "Workflow", "spec", take_workflow },
	{ "WorkflowTemplate", "spec", take_workflow },
	{ "ClusterWorkflowTemplate", "spec", take_workflow },
	{ "CronWorkflow", "spec.workflowSpec", take_workflow },
	{ "Kustomization", "", take_kustomization },
	{ "Component", "", take_kustomization },
};

static const struct node *
follow(const struct node *n, const char *path)
{
	struct str rest = str_of(path), part;

	while (n && *path && str_split(&rest, '.', &part)) {
		char key[32] = "";

		memcpy(key, part.ptr, part.len); /* the table's own, all shorter */
		n = node_get(n, key);
	}
	return n;
}

static bool
take_manifest(struct walk *w, const struct node *document)
{
	const struct node *kind = string_of(document, "kind");
	const struct node *items = node_get(document, "items");

	if (!kind || !string_of(document, "apiVersion"))
		return false;
	if (str_ends(kind->text, "List") && items && items->kind == NODE_ARRAY) {
		for (const struct node *n = items->first; n; n = n->next)
			(void)take_manifest(w, n); /* a list may hold other things too */
		return true;
	}
	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		if (str_is(kind->text, kinds[i].name)) {
			kinds[i].take(w, follow(document, kinds[i].path));
			return true;
		}
	return false;
}

static void
take_pipeline(struct walk *w, const struct node *document)
{
	const struct node *pipeline = node_field(document, "pipeline");
	const struct node *name = string_of(pipeline, "name");
	const struct node *project = string_of(node_get(pipeline, "project"), "name");
	const struct node *image = string_of(node_field(document, "transform"), "image");

	if (image)
		add(w, (struct image_place){
		           .image = image,
		           .project = project ? project->text : (struct str){ "", 0 },
		           .name = name ? name->text : (struct str){ "", 0 },
		       });
}

/* Whether it is an object of Kubernetes. */
static bool
is_object(const struct node *document)
{
	return string_of(document, "kind") && string_of(document, "apiVersion");
}

/* {"repository": …, "tag": …}, with whatever is beside them */
static void
take_values(struct walk *w, const struct node *map)
{
	const struct node *repository = string_of(map, "repository");

	if (repository && (node_get(map, "tag") || node_get(map, "digest")))
		add(w, (struct image_place){ .image = repository, .values = map });
}

/* All below `n`. Depth is bounded by MAX_SPEC_DEPTH. */
static void
take_all(struct walk *w, const struct node *n, bool takes_texts)
{
	if (n->kind == NODE_OBJECT)
		take_values(w, n);
	for (const struct node *m = n->first; m; m = m->next) {
		bool is_image = takes_texts && n->kind == NODE_OBJECT && str_is(m->key, "image");

		if (is_image && m->kind == NODE_STRING && m->text.len > 0)
			add(w, (struct image_place){ .image = m });
		else if (!str_is(m->key, "metadata")) /* labels and annotations run nothing */
			take_all(w, m, takes_texts);
	}
}

/* values.yaml, values-production.yaml, … of a Helm chart */
static bool
is_values_file(const char *file)
{
	const char *slash = strrchr(file, '/');

	return str_starts(str_of(slash ? slash + 1 : file), "values");
}

static bool
is_kustomization_file(const char *file)
{
	static const char *const names[] = { "kustomization.yaml", "kustomization.yml",
		"Kustomization" };
	const char *slash = strrchr(file, '/');

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (strcmp(slash ? slash + 1 : file, names[i]) == 0)
			return true;
	return false;
}

/* What has a form of its own for images. */
static bool
is_kustomization_kind(const struct node *document)
{
	const struct node *kind = string_of(document, "kind");

	return kind && (str_is(kind->text, "Kustomization") || str_is(kind->text, "Component"))
	       && is_object(document);
}

/* Documents of any kind. */
static bool
take_any(struct walk *w, const char *file, const struct node *document)
{
	size_t before = w->out->count;
	bool takes_texts = is_object(document) || is_values_file(file);

	take_all(w, document, takes_texts);
	return takes_texts || w->out->count > before;
}

bool
select_images(struct image_places *out, struct arena *a, const char *file,
    const struct node *document, enum select_kinds wanted)
{
	struct walk w = { out, a };
	bool is_kustomization;

	if (spec_is_one(document)) {
		take_pipeline(&w, document);
		return true;
	}
	is_kustomization = is_kustomization_file(file) && document->kind == NODE_OBJECT;
	if (wanted == SELECT_ANY && !is_kustomization && !is_kustomization_kind(document))
		return take_any(&w, file, document);
	if (take_manifest(&w, document))
		return true;
	if (is_kustomization)
		take_kustomization(&w, document);
	return is_kustomization;
}
