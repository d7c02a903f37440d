/* jsonnet.h: what can be seen of a Jsonnet template without evaluating it. */
#ifndef FORMAT_JSONNET_H
#define FORMAT_JSONNET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/base.h"
#include "base/str.h"

struct arena;

/* A parameter of the template's top-level function. */
struct jsonnet_parameter {
	struct str name;
	bool is_optional; /* it has a default */
};

struct jsonnet_parameters {
	struct jsonnet_parameter *list;
	size_t count, room;
	bool is_known; /* the text begins with the function; else it may still be one */
};

/* A text for a parameter. */
struct jsonnet_argument {
	struct str name, value;
};

/* True for *.jsonnet and *.libsonnet. */
bool jsonnet_is_name(struct str name);

/* The parameters, in their order; names borrow from `text`. */
struct jsonnet_parameters jsonnet_parameters(struct arena *a, struct str text);

/* The words for a shell that render the file and hand the result to a command, in `a`:
 * "jsonnet --tla-str tag=1.2 --tla-str src=VALUE p.jsonnet | pachup push -". Parameters without a default that get no
 * argument stand there with VALUE. */
struct str jsonnet_command(struct arena *a, const char *file, struct str text,
    const struct jsonnet_argument *arguments, size_t count, const char *command);

/* The place in the template that Jsonnet's error names, "name:3:5-10 …" or "name:(3:5)-(7:2)"; false: it names
 * none. */
bool jsonnet_place(struct str message, uint32_t *line, uint32_t *col);

#endif
