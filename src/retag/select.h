/*
 * select.h: where container images stand in the files of a repository.
 *
 * Pachyderm's pipeline specs; Kubernetes' Pods and what makes them from a template (Deployment,
 * StatefulSet, DaemonSet, ReplicaSet, Job, CronJob, Kubeflow's training jobs, List); Argo's workflows
 * and their templates; kustomizations' `images`. On request every Kubernetes object, whatever its kind: each text
 * under a key `image` at any depth, and in any document the pairs `repository` and `tag` of Helm's values.
 */
#ifndef RETAG_SELECT_H
#define RETAG_SELECT_H

#include "base/base.h"
#include "base/str.h"
#include "format/doc.h"

struct arena;

/* One image of a document; all borrowed from its tree. */
struct image_place {
	const struct node
	    *image; /* the scalar that holds it; of a kustomization's entry its name */
	struct str project, name; /* the pipeline's; else empty */
	const struct node *entry; /* a kustomization's entry; NULL for all else */
	const struct node
	    *values; /* the map that holds `repository` (this is `image`) and `tag`; else NULL */
};

struct image_places {
	struct image_place *list;
	size_t count, room;
};

enum select_kinds { SELECT_KNOWN, SELECT_ANY };

/*
 * Appends the images of one document to `out`, in the order of its bytes where they stand in one list.
 * `file` is the file's name: a kustomization.yaml need not say its kind. False when the document is of
 * no kind that is wanted here. With SELECT_ANY much is found that is no image: who uses it compares the whole
 * repository.
 */
bool select_images(struct image_places *out, struct arena *a, const char *file,
    const struct node *document, enum select_kinds wanted);

#endif
