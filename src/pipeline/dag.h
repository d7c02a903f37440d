/* dag.h: the order in which pipelines must be sent: what is read comes before who reads it. */
#ifndef PIPELINE_DAG_H
#define PIPELINE_DAG_H

#include <stdint.h>

#include "base/base.h"
#include "diag/diag.h"
#include "pipeline/spec.h"

struct arena;

/*
 * Puts the indices of specs->list into `order` (room for specs->count), producers before readers, else
 * in the order in which they were read. A pipeline's output repo has its name and project. False when
 * pipelines read from each other in a circle: each loop found is a mistake in `d` that names all of
 * it, and `order` then holds them as read. The specs must be unique. Cost: n log n.
 */
bool dag_order(const struct specs *specs, struct arena *a, size_t *order, struct diags *d);

/*
 * Numbers the connected parts of the graph: part[i] (room for specs->count) is the same for two specs
 * exactly when a chain of inputs joins them. Numbers are indices of the first spec of a part.
 */
void dag_parts(const struct specs *specs, struct arena *a, size_t *part);

#define DAG_OUTSIDE SIZE_MAX

/* Who makes what is read: of input k of spec i, producer[first[i] + k] is the index of the spec that
 * makes it, or DAG_OUTSIDE when none of the set does. */
struct dag_reads {
	size_t *first, *producer;
};

/* In `a`; the specs must be unique. */
struct dag_reads dag_reads(const struct specs *specs, struct arena *a);

#endif
