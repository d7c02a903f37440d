/* boxes.h: pipelines and what they read as boxes and arrows, for the files of inputs `svg` and `html`. */
#ifndef DEPLOY_REPORT_BOXES_H
#define DEPLOY_REPORT_BOXES_H

#include "base/base.h"
#include "drawing/drawing.h"
#include "pipeline/deployed.h"
#include "pipeline/graph.h"

struct arena;
struct node;
struct run;

/* A drawing with a box for each source and each pipeline of the graph, named, with its file at the
 * commit `sha`; in the arena of the run. The boxes of pipelines are behind those of the sources, in the order of the graph. */
struct drawing boxes_make(struct run *run, const struct graph *g, struct str sha);

/* The number of each spec's box; in the graph's arena. */
size_t *boxes_places(const struct graph *g);

/* Shows this document as the spec of the box, without what looks like a credential. */
void box_add_spec(struct arena *a, struct drawing_node *box, const struct node *spec);

/* Adds what the cluster runs under the box's name, and gives the box the look of that. */
void box_add_live(struct arena *a, struct drawing_node *box, const struct deployed *live);

#endif
