/* member.h: members put into a map of a file and taken out of it, with every other byte as it was. */
#ifndef RETAG_MEMBER_H
#define RETAG_MEMBER_H

#include <stdbool.h>

#include "base/base.h"
#include "base/str.h"
#include "format/doc.h"
#include "retag/splice.h"

struct arena;

/* The edit that puts `key: "value"` behind the member `after` of `map`. False: its value is elsewhere (an alias) or in
 * lines of its own. Two such edits have one place: the second goes to the end of out->text. */
bool member_add(struct arena *a, struct str source, const struct node *map,
    const struct node *after, const char *key, struct str value, struct edit *out);

/* The edit that takes `one`, a member of a map or an element of a list, out of `parent`. False: where it ends cannot be
 * said. Who uses it reads the file again. */
bool member_remove(
    struct str source, const struct node *parent, const struct node *one, struct edit *out);

/* The edit that gives a member without a value ("tag:") one. False: its colon is not beside it. */
bool member_fill(struct arena *a, struct str source, const struct node *member, struct str value,
    struct edit *out);

#endif
