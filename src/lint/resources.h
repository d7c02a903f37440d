/* resources.h: checks of memory, processors, labels and the like. */
#ifndef LINT_RESOURCES_H
#define LINT_RESOURCES_H

struct lint;

/* Adds the mistakes to l->diags. */
void lint_resources(const struct lint *l);

#endif
