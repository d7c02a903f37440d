/* yaml_scalar.h: what a YAML scalar without quotes means. Pure. */
#ifndef FORMAT_YAML_SCALAR_H
#define FORMAT_YAML_SCALAR_H

#include <stdbool.h>

#include "base/base.h"
#include "base/str.h"
#include "format/doc.h"

/* The kind of a plain scalar; text of NODE_NUMBER is a JSON number, of NODE_BOOL true or false. When
 * pachctl would refuse it, *fault says what it looks like and *mend what to write; else both are NULL. */
enum node_kind yaml_plain_kind(struct str text, const char **fault, const char **mend);

/* True for the tags of YAML's core schema, which say nothing new of a spec's value. */
bool yaml_tag_is_core(const char *tag);

#endif
