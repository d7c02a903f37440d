/* yaml_scalar.h: what a YAML scalar without quotes means. Pure. */
#ifndef FORMAT_YAML_SCALAR_H
#define FORMAT_YAML_SCALAR_H

#include <stdbool.h>

#include "base/base.h"
#include "base/str.h"
#include "format/doc.h"

/* The kind of a plain scalar; text of NODE_NUMBER is a JSON number, of NODE_BOOL true or false. When
 * pachctl would refuse it, *fault says what it looks like and *hint what to write; else both are NULL. */
enum node_kind yaml_plain_kind(struct str text, const char **fault, const char **hint);

/* True for the tags of YAML's core schema, which say nothing new of a spec's value. */
bool yaml_tag_is_core(const char *tag);

/* libyaml's yaml_scalar_style_t as ours. */
enum node_style yaml_style(int style);

/* A scalar's span in `text` without the anchor and the tag before its value (YAML 1.2, 6.9), and the
 * blanks and line ends between them; of length 0 where a remark is between them. */
struct span yaml_value_span(struct str text, struct span at);

#endif
