/* instances.h: which Jsonnet templates are rendered, each with which arguments. */
#ifndef DEPLOY_GATHER_INSTANCES_H
#define DEPLOY_GATHER_INSTANCES_H

#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "format/jsonnet.h"

struct arena;
struct run;
struct work;

struct jsonnet_arguments {
	struct jsonnet_argument *list;
	size_t count, room;
};

struct instance {
	const char *file;
	const char *place; /* "deploy/prod.instances:3", who names it; NULL: input `jsonnet` */
	struct str text;   /* of the file */
	struct jsonnet_parameters takes;
	struct jsonnet_argument *list;
	size_t count, room;
	const char *title; /* "edges.jsonnet(tag=1.3)" */
};

struct instances {
	struct instance *list;
	size_t count, room;
	struct jsonnet_arguments common; /* of input `args` */
};

void instances_add(struct instances *all, struct arena *a, const struct instance *one);

/* Adds an argument; instance_has(): whether it has one of that name. */
void instance_give(struct instance *one, struct arena *a, const struct jsonnet_argument *argument);
bool instance_has(const struct instance *one, struct str name);

/*
 * Reads inputs `args` and `instances`: lines "FILE NAME=VALUE…", in which quotes keep blanks together, and @FILE for a file
 * of such lines, in which '#' begins a comment. Places such as {sha} in values are filled in from work->commit, which is
 * looked for where needed. -1: ERR_USAGE a line is malformed, names a parameter twice, or has an unknown place; failures
 * of commit_find() and file_read_in().
 */
int instances_read(
    struct run *run, struct work *work, struct instances *out, struct err *err) NODISCARD;

#endif
