/*
 * config.h: the project file, pachup.yaml: the targets of one tree, and the values of inputs for each.
 *
 *   images: [registry.example/edges]     # for all targets
 *   targets:
 *     dev:  {default: true, cluster: grpcs://dev.example:443, token-env: DEV_TOKEN, values: [env/dev.yaml]}
 *     prod: {cluster: grpcs://prod.example:443, branches: [main], wait: jobs}
 *     try:  {from: prod, token-env: TRY_TOKEN}
 *
 * A key is the name of an input whose row in inputs[] allows it, or one of the keys of a target: default, from,
 * token-env, branches, tags, preview and the keys of previews. Flags, inputs of a runner and variables have precedence;
 * then come the target, the target that it is `from`, and the top of the file.
 */
#ifndef SESSION_CONFIG_H
#define SESSION_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "format/doc.h"
#include "inputs/options.h"

struct run;

/* The file, read and checked. */
struct config {
	const char *file;           /* as messages show it */
	const char *dir;            /* the directory that its paths begin in: "" or "../../" */
	const struct node *top;     /* its one document */
	const struct node *targets; /* an object; NULL: there are none */
};

struct preview_keys;

/* The target of this run. */
struct target {
	const struct config *config;
	const char *name;
	const struct node *node; /* its member of `targets` */
	const struct node *from; /* the target that its key `from` names; NULL: none */
	struct items branches, tags;
	struct items specs, lists;          /* of the whole target, whatever PATHs the run names */
	bool has_templates;                 /* the target has Jsonnet templates, too */
	const struct preview_keys *preview; /* NULL: it is not a preview */
};

/*
 * Finds the file (input `config`; else pachup.yaml in the working directory or the nearest one above it in the same work
 * tree), reads and checks it. On a pull request the file of the base commit counts. *out NULL: there is none. -1: ERR_SPEC
 * the file has mistakes, which are shown; ERR_USAGE input `target` is given, and there is no file; ERR_REFUSED the base
 * commit or the file in it is missing; ERR_SYSTEM it cannot be read.
 */
int config_find(struct run *run, const struct config **out, struct err *err) NODISCARD;

/*
 * The names of the targets that this run is for, in its arena: those of input `target`; without it on a terminal the one
 * with `default`. *count is 0 where there is none, and for set-image, which edits files that all targets share; then only
 * the top of the file counts. -1 with ERR_USAGE: there is no such target, or in CI none is named though the file has some.
 */
int config_targets(struct run *run, const struct config *config, const char ***names, size_t *count,
    struct err *err) NODISCARD;

/* ERR_USAGE for a name that is not a target's. */
int config_check_names(const struct run *run, const struct config *config,
    const struct items *names, struct err *err) NODISCARD;

/*
 * Gives the run the values of the target (`name` NULL: only the top of the file) for inputs that have no other value, and
 * sets run->target. -1 with ERR_USAGE: a variable of the environment contradicts the target (the message names both), or
 * a value does not fit.
 */
int config_apply(
    struct run *run, const struct config *config, const char *name, struct err *err) NODISCARD;

/* Whether the value of the input comes from the project file. */
bool config_gave(const struct run *run, enum input_id id);

/* Puts the place in the project file before an error about files that the input names there. Always -1. */
int config_place(const struct run *run, enum input_id id, struct err *err);

/* The first input with which the run itself, not its target, names specs, templates or values; INPUT_COUNT: the run is
 * for the whole target. Only for runs that have a target. */
enum input_id config_find_part(const struct run *run);

/*
 * For the target that a token is to be sealed for: gives the run the target's cluster, where it has no other, and nothing
 * else. Without a project file the target may have any name, with a notice. -1: as config_find(), config_targets() and
 * config_apply().
 */
int config_seal_target(struct run *run, struct err *err) NODISCARD;

/*
 * Checks that a push of this branch or tag may change the target: one of its globs `branches` or `tags` must match. -1 with
 * ERR_REFUSED, which names the globs.
 */
int config_check_ref(
    const struct run *run, struct str branch, struct str ref, struct err *err) NODISCARD;

#endif
