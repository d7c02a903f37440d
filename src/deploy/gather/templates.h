/*
 * templates.h: specs that Jsonnet templates make: inputs `jsonnet`, `args` and `instances`.
 *
 * The cluster renders them (RenderTemplate, pachd 2.1 and later), so that nothing of the language is built in here and
 * the result is the one that pachctl gets.
 */
#ifndef DEPLOY_GATHER_TEMPLATES_H
#define DEPLOY_GATHER_TEMPLATES_H

#include <stdbool.h>

#include "base/base.h"
#include "base/err.h"

struct options;
struct run;
struct work;

/* Whether the run has templates to render. */
bool templates_are_asked(const struct options *opt);

/*
 * Reads the templates and their arguments, has the cluster render them, and appends the specs to out->specs; the
 * file of such a spec is "edges.jsonnet(tag=1.3)", whose text is what the cluster rendered. What is wrong with a template
 * or its result is in run->diags. So are templates that no cluster can render, as none is given or it is too old, each with
 * the command that renders it by hand. Makes no call where there is nothing to render. -1: ERR_USAGE an argument or an instance is malformed,
 * ERR_SYSTEM a file cannot be read, what connect_open() and pachd_probe() say.
 */
int templates_read(struct run *run, struct work *out, struct err *err) NODISCARD;

#endif
