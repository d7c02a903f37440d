/* member.h: adds members to a map of a file and removes them, with every other byte as it was. */
#ifndef RETAG_MEMBER_H
#define RETAG_MEMBER_H

#include <stdbool.h>

#include "base/base.h"
#include "base/str.h"
#include "format/doc.h"
#include "retag/splice.h"

struct arena;

/* The edit that puts `key: "value"` behind the member `after` of `map`. False: the value of `after` is elsewhere (an alias) or in
 * lines of its own. A second such edit has the same place, so it is appended to out->text. */
bool member_add(struct arena *a, struct str source, const struct node *map,
    const struct node *after, const char *key, struct str value, struct edit *out);

/* The edit that removes `one`, a member of a map or an element of a list, from `parent`. False: its end is unknown. The caller
 * has to read the edited file again, to check it. */
bool member_remove(
    struct str source, const struct node *parent, const struct node *one, struct edit *out);

/* The edit that gives a member without a value ("tag:") one. False: the colon does not follow its key. */
bool member_fill(struct arena *a, struct str source, const struct node *member, struct str value,
    struct edit *out);

#endif
