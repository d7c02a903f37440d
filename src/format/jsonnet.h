/* jsonnet.h: what can be seen of a Jsonnet template without evaluating it. */
#ifndef FORMAT_JSONNET_H
#define FORMAT_JSONNET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/str.h"

struct arena;

/* An argument of the template's top-level function. */
struct jsonnet_parameter {
	struct str name;
	bool is_optional; /* it has a default */
};

struct jsonnet_parameters {
	struct jsonnet_parameter *list;
	size_t count, room;
};

/* True for *.jsonnet and *.libsonnet. */
bool jsonnet_is_name(struct str name);

/* The parameters of the function that the text is, in `a`; none where it is no function. */
struct jsonnet_parameters jsonnet_parameters(struct arena *a, struct str text);

/* The words for a shell that render the file and push the result, in `a`:
 * "jsonnet --tla-str tag=VALUE p.jsonnet | pachup push -". */
struct str jsonnet_command(struct arena *a, const char *file, struct str text, const char *command);

#endif
