/* yaml_scalar.h: what a YAML scalar without quotes means. */
#ifndef FORMAT_YAML_SCALAR_H
#define FORMAT_YAML_SCALAR_H

#include <stdbool.h>

#include "base/base.h"
#include "base/str.h"
#include "format/doc.h"

struct arena;
struct scan;

struct yaml_plain {
	enum node_kind kind;
	struct str text;   /* as JSON has it: "true" for TRUE, "0.5" for .5, RFC 3339 for a date */
	bool is_date;      /* text to pachctl before 2.0, refused by later ones */
	const char *fault; /* what pachctl refuses it for; NULL: it takes it */
};

/* A scalar without quotes as pachctl reads it. Every pachctl that reads YAML takes TRUE and .5. */
struct yaml_plain yaml_plain_read(struct arena *a, struct str text);

/* Text that some reader of YAML 1.1 or 1.2 reads as a number or a boolean where it has no quotes:
 * kubectl, kustomize and Helm (go-yaml) "on" and 01234e5, PyYAML 1:30 too. */
bool yaml_is_ambiguous(struct str text);

/* Sets what the string `n`, written without quotes, means; a mistake is noted, and its value is null. With
 * scan->is_any only what JSON has, too, is not a string. */
void yaml_plain_set(struct scan *s, struct node *n);

/* True for the tags of YAML's core schema, which say nothing new of a spec's value. */
bool yaml_tag_is_core(const char *tag);

/* libyaml's yaml_scalar_style_t as ours. */
enum node_style yaml_style(int style);

/* A scalar's span in `text` without the anchor and the tag before its value (YAML 1.2, 6.9), and the
 * blanks and line ends between them; of length 0 where a remark is between them. */
struct span yaml_value_span(struct str text, struct span at);

#endif
