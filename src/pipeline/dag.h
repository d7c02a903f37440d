/* dag.h: the order in which pipelines must be sent: producers before their readers. */
#ifndef PIPELINE_DAG_H
#define PIPELINE_DAG_H

#include <stdint.h>

#include "base/base.h"
#include "diag/diag.h"
#include "pipeline/spec.h"

struct arena;

/*
 * Puts the indices of specs->list into `order` (room for specs->count): producers before their readers, otherwise
 * in the order of the list. A pipeline's output repo has its name and project. False when pipelines read from each
 * other in a cycle: `d` gets an error for each cycle found, which names all of its pipelines, and `order` is that
 * of the list. The specs must be unique. Cost: n log n.
 */
bool dag_order(const struct specs *specs, struct arena *a, size_t *order, struct diags *d);

/*
 * Numbers the connected parts of the graph: part[i] (room for specs->count) is the same for two specs
 * exactly when a chain of inputs joins them. Numbers are indices of the first spec of a part.
 */
void dag_parts(const struct specs *specs, struct arena *a, size_t *part);

#define DAG_OUTSIDE SIZE_MAX

/* The producers of all inputs: producer[first[i] + k] is the index of the spec that makes what input k of spec i
 * reads, or DAG_OUTSIDE where no spec of the set does. */
struct dag_reads {
	size_t *first, *producer;
};

/* In `a`; the specs must be unique. */
struct dag_reads dag_reads(const struct specs *specs, struct arena *a);

#endif
