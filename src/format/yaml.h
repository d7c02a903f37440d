/* yaml.h: a stream of YAML documents, with libyaml. */
#ifndef FORMAT_YAML_H
#define FORMAT_YAML_H

#include "base/base.h"

struct node;
struct scan;

/*
 * Reads the whole text of `s` from its place on: the documents in order, linked by `next`, empty ones
 * left out; a document that is a list gives its elements. NULL when there is none. Mistakes are noted;
 * after a syntax error reading ends. What is a number, a boolean, null or a string is decided as
 * pachctl 2.8 and later do: a number that they refuse (0x1f) is a mistake, "yes" is a string. A date without
 * quotes is a string that is marked, for releases differ. Anchors are expanded, to at most MAX_ALIAS_NODES values.
 */
struct node *yaml_read(struct scan *s);

#endif
