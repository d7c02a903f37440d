/* jsonnet.h: what can be seen of a Jsonnet template without evaluating it. */
#ifndef FORMAT_JSONNET_H
#define FORMAT_JSONNET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/str.h"

struct arena;

/* True for *.jsonnet and *.libsonnet. */
bool jsonnet_is_name(struct str name);

/* The words for a shell that render the file and push the result, in `a`:
 * "jsonnet --tla-str tag=VALUE p.jsonnet | pachup push -". */
struct str jsonnet_command(struct arena *a, const char *file, struct str text, const char *command);

#endif
