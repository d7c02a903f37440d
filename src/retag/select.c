#include "retag/select.h"

#include <string.h>

#include "base/arena.h"
#include "pipeline/spec.h"
#include "retag/named_tag.h"
#include "retag/walk.h"

void
walk_add(struct walk *w, struct image_place place)
{
	struct image_places *out = w->out;

	place.in = w->in;
	ARENA_ADD(w->arena, out, place);
}

const struct node *
walk_list(const struct node *object, const char *key)
{
	const struct node *list = node_get(object, key);

	return list && list->kind == NODE_ARRAY ? list->first : NULL;
}

const char *
walk_file_name(const char *file)
{
	const char *slash = strrchr(file, '/');

	return slash ? slash + 1 : file;
}

const struct node *
walk_string(const struct node *object, const char *key)
{
	const struct node *n = node_get(object, key);

	return n && n->kind == NODE_STRING && n->text.len > 0 ? n : NULL;
}

bool
walk_is_object(const struct node *document)
{
	return walk_string(document, "kind") && walk_string(document, "apiVersion");
}

/* An object with a member `image`: a container. */
static void
take_container(struct walk *w, const struct node *container)
{
	const struct node *image = walk_string(container, "image");

	if (image)
		walk_add(w, (struct image_place){ .image = image });
}

static void
take_containers(struct walk *w, const struct node *object, const char *key)
{
	for (const struct node *n = walk_list(object, key); n; n = n->next)
		take_container(w, n);
}

static void
take_pod_spec(struct walk *w, const struct node *spec)
{
	take_containers(w, spec, "initContainers");
	take_containers(w, spec, "containers");
	take_containers(w, spec, "ephemeralContainers");
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
take_inline(struct walk *w, const struct node *first)
{
	for (const struct node *n = first; n; n = n->next) {
		if (n->kind == NODE_ARRAY)
			take_inline(w, n->first);
		else if (node_get(n, "inline"))
			take_argo_template(w, node_get(n, "inline"));
	}
}

/* Depth is bounded by MAX_SPEC_DEPTH. */
static void
take_argo_template(struct walk *w, const struct node *template)
{
	take_containers(w, template, "initContainers");
	take_container(w, node_get(template, "container"));
	take_container(w, node_get(template, "script"));
	take_containers(w, node_get(template, "containerSet"), "containers");
	take_containers(w, template, "sidecars");
	take_inline(w, walk_list(template, "steps"));
	take_inline(w, walk_list(node_get(template, "dag"), "tasks"));
}

static void
take_workflow(struct walk *w, const struct node *spec)
{
	take_argo_template(w, node_get(spec, "templateDefaults"));
	for (const struct node *n = walk_list(spec, "templates"); n; n = n->next)
		take_argo_template(w, n);
}

static void
take_kustomization(struct walk *w, const struct node *document)
{
	for (const struct node *n = walk_list(document, "images"); n; n = n->next)
		if (walk_string(n, "name"))
			walk_add(
			    w, (struct image_place){ .image = walk_string(n, "name"), .entry = n });
}

/* A kind of manifest, and the path to the object that holds its images. */
static const struct kind {
	const char *name;
	const char *path; /* as node_at() has it */
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

static bool
take_manifest(struct walk *w, const struct node *document)
{
	const struct node *kind = walk_string(document, "kind");
	const struct node *items = node_get(document, "items");

	if (!kind || !walk_string(document, "apiVersion"))
		return false;
	if (str_ends(kind->text, "List") && items && items->kind == NODE_ARRAY) {
		for (const struct node *n = items->first; n; n = n->next)
			(void)take_manifest(w, n); /* a list may hold other objects, too */
		return true;
	}
	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		if (str_is(kind->text, kinds[i].name)) {
			kinds[i].take(w, node_at(document, kinds[i].path));
			return true;
		}
	return false;
}

static void
take_pipeline(struct walk *w, const struct node *document)
{
	const struct node *pipeline = node_field(document, "pipeline");
	const struct node *name = walk_string(pipeline, "name");
	const struct node *project = walk_string(node_get(pipeline, "project"), "name");
	const struct node *image = walk_string(node_field(document, "transform"), "image");

	if (image)
		walk_add(w, (struct image_place){
		                .image = image,
		                .project = node_text(project),
		                .name = node_text(name),
		            });
}

static bool
is_kustomization_file(const char *file)
{
	static const char *const names[] = { "kustomization.yaml", "kustomization.yml",
		"Kustomization" };
	return str_is_any(str_of(walk_file_name(file)), names, COUNT_OF(names));
}

static bool
is_kustomization_kind(const struct node *document)
{
	const struct node *kind = walk_string(document, "kind");

	return kind && (str_is(kind->text, "Kustomization") || str_is(kind->text, "Component"))
	       && walk_is_object(document);
}

/* All of a kustomization but its `images`: patches, and the values of its charts. */
static void
take_patches(struct walk *w, const struct node *document)
{
	w->takes_texts = true;
	for (const struct node *n = document->first; n; n = n->next)
		if (n->kind != NODE_STRING && !str_is(n->key, "images"))
			walk_all(w, n);
}

/* pod_patch and pod_spec of a spec hold JSON. */
static void
take_pod_texts(struct walk *w, const struct node *document)
{
	static const char *const fields[] = { "pod_patch", "pod_spec" };

	for (size_t i = 0; i < COUNT_OF(fields); i++) {
		const struct node *n = node_field(document, fields[i]);

		if (n && n->kind == NODE_STRING)
			walk_text(w, n);
	}
}

static bool
take_document(struct walk *w, const struct node *document)
{
	bool is_any = w->how->kinds == SELECT_ANY;
	bool is_kustomization =
	    is_kustomization_file(w->how->file) && document->kind == NODE_OBJECT;

	if (spec_is_one(document)) {
		take_pipeline(w, document);
		if (is_any)
			take_pod_texts(w, document);
		return true;
	}
	is_kustomization = is_kustomization || (is_any && is_kustomization_kind(document));
	if (is_any && !is_kustomization)
		return walk_any(w, document);
	if (!is_kustomization)
		return take_manifest(w, document);
	take_kustomization(w, document);
	if (is_any)
		take_patches(w, document);
	return true;
}

bool
walk_document(struct walk *w, const struct node *document)
{
	size_t first = w->out->count;
	bool is_known = take_document(w, document);

	named_tags_find(w, document, first);
	return is_known;
}

bool
select_images(struct image_places *out, struct arena *a, const struct select_how *how,
    const struct node *document)
{
	struct walk w = { .out = out, .arena = a, .how = how };

	return walk_document(&w, document);
}
