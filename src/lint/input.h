/* input.h: checks of the input tree. */
#ifndef LINT_INPUT_H
#define LINT_INPUT_H

struct lint;

/* Adds the mistakes to l->diags. */
void lint_inputs(const struct lint *l);

#endif
