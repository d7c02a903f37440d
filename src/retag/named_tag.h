/*
 * named_tag.h: tags that stand elsewhere in the document, under a name.
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

/* Gives the walk's places from `first` on the scalar that holds their tag, where the document has it once and nothing
 * but this image uses it; what overrides it is not there either. All other places stay as they are. */
void named_tags_find(struct walk *w, const struct node *document, size_t first);

#endif
