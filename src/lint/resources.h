/* resources.h: checks of what they ask for: memory, processors, labels. */
#ifndef LINT_RESOURCES_H
#define LINT_RESOURCES_H

struct lint;

/* Adds the mistakes to l->diags. */
void lint_resources(const struct lint *l);

#endif
