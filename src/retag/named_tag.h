/*
 * named_tag.h: finds tags that are elsewhere in the document, under a name.
 *
 * "team/app:{{workflow.parameters.tag}}" and "…{{inputs.parameters.tag}}" of Argo's workflows (argo-workflows.readthedocs.io,
 * "Variables"); "team/app:$TAG", "${TAG}" and "$(TAG)" of a CI system's file with `variables` at its top (GitLab and Azure,
 * "variables").
 */
#ifndef RETAG_NAMED_TAG_H
#define RETAG_NAMED_TAG_H

#include <stddef.h>

#include "format/doc.h"
#include "retag/walk.h"

/* Sets the tag of the walk's places from number `first` on to the scalar that holds it, where the document has only one such
 * scalar, only this image uses it, and nothing overrides it. All other places stay as they are. */
void named_tags_find(struct walk *w, const struct node *document, size_t first);

#endif
