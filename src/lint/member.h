/* member.h: reads members of a spec for the checks of one release. */
#ifndef LINT_MEMBER_H
#define LINT_MEMBER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "format/doc.h"
#include "lint/lint.h"

/* The member; NULL where it is not there or null, or `n` is NULL or not an object. */
const struct node *lint_member(const struct node *n, const char *field);

/* The text of a member that is a string; else empty. */
struct str lint_text(const struct node *n, const char *field);

/* Whether a member is true; or a number other than 0. */
bool lint_is_true(const struct node *n, const char *field);

/* The whole number of a member, written as a number or as a string; 0 for any other text. */
int64_t lint_number(const struct node *n, const char *field);

/* Whether the object has a member that is not a field and may be a mistyped `field`, which is reported as such. */
bool lint_is_mistyped(const struct lint *l, const struct node *object, const char *field);

/* Whether pachd takes it as a name (its package ancestry): letters, digits, '_' and '-', the first a letter or digit. */
bool lint_is_name(struct str name);

#endif
