/* worker.h: checks of what the workers run, and how. */
#ifndef LINT_WORKER_H
#define LINT_WORKER_H

struct lint;

/* Adds the mistakes to l->diags. */
void lint_worker(const struct lint *l);

#endif
