/* graph.h: drawings of who reads what, for people and for other programs. */
#ifndef PIPELINE_GRAPH_H
#define PIPELINE_GRAPH_H

#include "base/base.h"
#include "pipeline/dag.h"
#include "pipeline/spec.h"

struct arena;
struct buf;

/* Something that is read and that no pipeline of the set makes. */
struct graph_source {
	enum spec_source source;
	struct str project, name; /* the repo's; a cron's schedule, a git input's URL: no project */
};

struct graph {
	struct arena *arena;
	const struct specs *specs;
	const size_t *order; /* of the specs, producers first */
	struct dag_reads reads;
	struct graph_source *sources; /* by kind, project and name; each once */
	size_t source_count;
};

/* Of specs that dag_order() has put into `order`; borrows both. In `a`. */
struct graph graph_make(struct arena *a, const struct specs *specs, const size_t *order);

/* The number of the source that the input reads, from 0; only where no pipeline of the set makes it. */
size_t graph_source_of(const struct graph *g, const struct spec_input *input);

/* The pipelines in layers, one line each with what it reads: a layer reads from the layers above it and from
 * outside. */
void graph_text(struct buf *out, const struct graph *g);
/* A flowchart as Mermaid and GitHub's Markdown draw it. */
void graph_mermaid(struct buf *out, const struct graph *g);
/* A digraph for Graphviz. */
void graph_dot(struct buf *out, const struct graph *g);
/* Compact: {"pipelines": [{project, name, file, line, reads: [{kind, project, name, branch, pipeline}]}],
 * "sources": [{kind, project, name}]}, the pipelines in order. */
void graph_json(struct buf *out, const struct graph *g);

#endif
