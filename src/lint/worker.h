/* worker.h: checks of the transform, the workers and their secrets. */
#ifndef LINT_WORKER_H
#define LINT_WORKER_H

struct lint;

/* Adds the mistakes to l->diags. */
void lint_worker(const struct lint *l);

#endif
