/*
 * config.h: the project file, pachup.yaml: what the targets of one tree are, and what inputs mean for each.
 *
 *   images: [registry.example/edges]     # for all targets
 *   targets:
 *     dev:  {default: true, cluster: grpcs://dev.example:443, token-env: DEV_TOKEN, values: [env/dev.yaml]}
 *     prod: {cluster: grpcs://prod.example:443, branches: [main], wait: jobs}
 *     try:  {from: prod, token-env: TRY_TOKEN}
 *
 * A key is the name of an input whose row in inputs[] allows it, or one of the keys of a target: default, from,
 * token-env, branches, tags, preview and its own. Flags, inputs of a runner and variables have precedence; then come the target, the target
 * that it is `from`, and the top of the file.
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
	const char *file;       /* as messages show it */
	const char *dir;        /* where its paths begin: "" or "../.." with a slash at its end */
	const struct node *top; /* its one document */
	const struct node *targets; /* an object; NULL: there are none */
};

struct preview_keys;

/* The target of this run. */
struct target {
	const struct config *config;
	const char *name;
	const struct node *node; /* its member of `targets` */
	const struct node *from; /* the one that it is from; NULL: none */
	struct items branches, tags;
	struct items specs, lists; /* all that the target has, whatever PATHs the run names */
	bool has_templates;        /* and it has Jsonnet templates as well */
	const struct preview_keys *preview; /* NULL: it is not a preview */
};

/*
 * Finds the file (input `config`; else pachup.yaml in the working directory or the nearest one above it in the same work
 * tree), reads and checks it. NULL in *out: there is none. -1: ERR_SPEC mistakes in it, which are in run->diags;
 * ERR_USAGE input `config` or `target` names a file or a target that is not there; ERR_SYSTEM it cannot be read.
 */
int config_find(struct run *run, const struct config **out, struct err *err) NODISCARD;

/*
 * The targets that this run is for: those of input `target`; without it on a terminal the one with `default`. *count is 0
 * where there is none, and for set-image, which edits what all targets share; then the top of the file counts alone. -1 with ERR_USAGE: there is no such target; off a terminal
 * none is named, though the file has some.
 */
int config_targets(struct run *run, const struct config *config, const char ***names, size_t *count,
    struct err *err) NODISCARD;

/* ERR_USAGE for a name that is not a target's. */
int config_check_names(const struct run *run, const struct config *config,
    const struct items *names, struct err *err) NODISCARD;

/*
 * Gives the run what the target says (`name` NULL: only the top of the file) for inputs that nobody else gave, and sets
 * run->target. -1 with ERR_USAGE: a variable of the environment contradicts the target (both are named), or a value does
 * not fit.
 */
int config_apply(
    struct run *run, const struct config *config, const char *name, struct err *err) NODISCARD;

/* Whether the value of the input is the project file's: neither the run's own nor a default. */
bool config_gave(const struct run *run, enum input_id id);

/* The first input by which the run names other specs, templates or values than its target has; INPUT_COUNT: the run is for
 * the whole target. Only for runs that have a target. */
enum input_id config_find_part(const struct run *run);

/*
 * The target that a token is to be sealed for: gives the run its cluster, where nobody else gave one, and nothing else. Where
 * there is no project file the name is taken as it is, with a notice. -1: as config_find() and config_targets().
 */
int config_seal_target(struct run *run, struct err *err) NODISCARD;

/*
 * Whether a push of this commit's branch or tag may change the target: its `branches` and `tags` are globs. -1 with ERR_REFUSED, which names them.
 */
int config_check_ref(
    const struct run *run, struct str branch, struct str ref, struct err *err) NODISCARD;

#endif
