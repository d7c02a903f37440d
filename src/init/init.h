/* init.h: a project file, and a workflow, from what is in the tree. */
#ifndef INIT_INIT_H
#define INIT_INIT_H

#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

struct buf;
struct run;

/* What was found: pipelines, the directories that they are in, and the repositories of their images. */
struct finding_of_tree {
	size_t pipelines;
	const char **dirs; /* "pipelines/", "./" */
	size_t dir_count, dir_room;
	struct str *repos; /* of images, sorted as they were found */
	size_t repo_count, repo_room;
	const char *branch; /* the branch that is checked out; "main" where there is none */
};

/*
 * Writes pachup.yaml, and with input `workflow` a workflow, too; with `dry-run` shows them. Never overwrites a
 * file; a workflow may be added to a project file, which stays. -1: ERR_USAGE one of them exists already; ERR_SPEC no
 * pipeline spec was found; ERR_SYSTEM a file cannot be written.
 */
int init_run(struct run *run, struct err *err) NODISCARD;

/* Adds the pipelines of one file. -1 with ERR_SYSTEM: it cannot be read. */
int init_look_at(
    struct run *run, const char *path, struct finding_of_tree *tree, struct err *err) NODISCARD;

/* found.c: appends what is in the working directory and which command to run next, for `pachup` without arguments;
 * nothing where there are neither specs nor a project file. */
void init_found(struct run *run, struct buf *out);

/* The text of the project file. */
void init_config(struct buf *out, const struct finding_of_tree *tree);

/* Where the workflow of input `workflow` goes, and its text. */
const char *init_workflow_path(const struct run *run);
void init_workflow(struct buf *out, const struct run *run, const struct finding_of_tree *tree);

#endif
