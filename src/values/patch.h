/*
 * patch.h: values files: how pipelines differ in one target, as JSON merge patches (RFC 7396).
 *
 *   pipelines:
 *     "*_egress": {transform: {env: {PROD: "true"}}}    # a pattern of names
 *     edges:                                            # one pipeline; PROJECT/NAME too
 *       parallelism_spec: {constant: 8}                 # objects merge, lists and texts replace, null removes
 *       inputs: {tick: {cron: {spec: "@daily"}}}        # an input by its name, else its repo
 *     old: null                                         # not in this target
 *
 * Pure: files are read elsewhere.
 */
#ifndef VALUES_PATCH_H
#define VALUES_PATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/str.h"
#include "diag/diag.h"
#include "format/doc.h"

struct arena;

/* In the order in which they apply within one file. */
enum patch_scope { PATCH_ALL, PATCH_GLOB, PATCH_NAME, PATCH_SCOPE_COUNT };

/* One member of "pipelines". */
struct patch {
	enum patch_scope scope;
	struct str pattern;      /* "*", "*_egress", "edges", "PROJECT/edges" */
	const char *file;        /* the values file; lives as long as the run */
	const struct node *node; /* its member: an object, or null */
	bool is_used;            /* a pipeline of the target has matched it */
};

struct patches {
	struct arena *arena;
	struct patch *list; /* in the order in which they apply */
	size_t count, room;
};

/*
 * Adds the patches of one values file after those of earlier files. Mistakes in the file go to `d`. The document's
 * spans get the file's name (struct span), so that what a patch puts into a spec is reported where it is written.
 * `doc` must live as long as the specs.
 */
void patches_read(struct patches *p, struct doc *doc, struct diags *d);

/* Marks the patches that match the pipeline as used, without applying them: names must match a pipeline of the
 * target, also where the run takes only some of them. `project` "": the default one. */
void patches_match(struct patches *p, struct str project, struct str name);

/*
 * The document with all matching patches applied, in order: a copy in p->arena, or `document` itself where none
 * matches; NULL where a patch says that the pipeline is not in this target. Mistakes go to `d`, each at its place
 * in the values file: an input that the spec lacks or has twice, a field in two spellings, a name that cannot be
 * changed.
 */
struct node *patches_apply(
    struct patches *p, struct node *document, struct str project, struct str name, struct diags *d);

/* An error for each patch that has matched no pipeline; the hint has the nearest of `names`. */
void patches_check_used(
    const struct patches *p, const struct str *names, size_t count, struct diags *d);

#endif
