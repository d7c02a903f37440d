/*
 * select.h: finds container images in the files of a repository.
 *
 * Known kinds: Pachyderm's pipeline specs; Kubernetes' Pods and what makes them from a template (Deployment,
 * StatefulSet, DaemonSet, ReplicaSet, Job, CronJob, Kubeflow's training jobs, List); Argo's workflows and their
 * templates; kustomizations' `images`.
 *
 * On request all others, by the forms that images have there: a text under a key `image`; a reference with a tag under
 * a key that ends in "image", within a map or a list under `image` or `images`, as the value of a parameter, or as what
 * a JSON patch puts under such a key; a repository and its tag in keys of their own. Texts that are
 * documents themselves (a patch of a kustomization, a file of a ConfigMap, pod_patch) are read like files.
 * docs/specs-and-images.md has the table.
 */
#ifndef RETAG_SELECT_H
#define RETAG_SELECT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/str.h"
#include "format/doc.h"
#include "retag/embed.h"

struct arena;
struct rules;

/* One image of a document; everything is borrowed from its tree. */
struct image_place {
	const struct node
	    *image; /* the scalar that holds it; of an entry its name; of parts the repository */
	size_t
	    skip; /* how many bytes of the scalar's text are before the image: "docker://", "NAME=" */
	struct str project, name; /* the pipeline's; else empty */
	const struct node *entry; /* a kustomization's entry; NULL for all else */
	bool in_parts;            /* the image is a repository, and the rest is in the next four: */
	size_t
	    repo_len; /* of "team/app:{{tag}}" the length of the repository; 0: the whole text is the repository */
	const struct node *registry, *tag, *digest; /* NULL: not there; a tag may be null */
	const struct node *values; /* the map of the parts; NULL: nothing can be added to it */
	const struct embedded
	    *in; /* the text that holds the document; NULL: it is the file's own */
};

struct image_places {
	struct image_place *list;
	size_t count, room;
	const struct node *lone_tag; /* the first tag whose repository is elsewhere; NULL: none */
};

enum select_kinds { SELECT_KNOWN, SELECT_ANY };

struct select_how {
	const char *file; /* its name: a kustomization.yaml need not say its kind */
	bool is_named;    /* the user named the file: documents of any form are searched */
	enum select_kinds kinds;
	const struct rules
	    *rules; /* only texts that hold one of their images are read as documents */
};

/*
 * Appends the images of one document to `out`, those of one list in its order. False: the document is not of a kind that
 * `how` asks for. With SELECT_ANY also texts are found that are not images, so the caller compares the whole repository.
 */
bool select_images(struct image_places *out, struct arena *a, const struct select_how *how,
    const struct node *document);

#endif
