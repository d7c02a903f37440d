/*
 * spec.h: a pipeline spec: what it is called, what it reads, which image it runs.
 * Rules: the CreatePipelineRequest of pachd's interface, as JSON (snake_case or lowerCamelCase keys).
 */
#ifndef PIPELINE_SPEC_H
#define PIPELINE_SPEC_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/str.h"
#include "diag/diag.h"
#include "format/doc.h"

struct arena;

enum spec_source { SOURCE_REPO, SOURCE_CRON, SOURCE_GIT };

/* What a pipeline reads: a leaf of its input tree. */
struct spec_input {
	enum spec_source source;
	struct str project; /* the input's own, else the pipeline's; may be empty */
	struct str repo;    /* of cron and git inputs empty: pachd makes theirs */
	struct str branch;  /* as written; empty: master */
	bool has_trigger;   /* the server makes a branch of its own for it */
	/* cron: its schedule; git: its URL; else empty */
	struct str schedule_or_url;
	/* cron: the repo that pachd makes for its ticks, which others may read; else empty */
	struct str tick_repo;
	struct span at; /* where the repo's name, or what is said, is */
};

struct spec {
	const char *file;
	const char *template; /* the Jsonnet template that made the text of `file`; NULL: none */
	struct node *node;    /* the document, unchanged */
	struct str project;   /* pipeline.project.name, else the run's default, else empty */
	struct str name;      /* pipeline.name */
	struct str output_branch; /* "master" where the spec names none */
	struct span at;           /* where the name is */
	const struct node *image; /* transform.image, a string; NULL when there is none */
	bool reprocess;           /* the document says "reprocess": true */
	bool has_set_values;      /* inputs have changed it: it is not what its file says */
	bool has_patches;         /* and so have values files */
	struct node *plain;       /* the document without them */
	struct spec_input *inputs;
	size_t input_count, input_room;
};

struct specs {
	struct spec *list;
	size_t count, room;
	size_t skipped; /* documents and files that are not pipeline specs */
};

/* The file in the work tree that the spec is written in: its own, or the template. */
const char *spec_origin(const struct spec *spec);

/* True when the document looks like a pipeline spec: an object with `pipeline`, or with both
 * `transform` and `input`. */
bool spec_is_one(const struct node *document);

/*
 * Reads one document and appends it to `specs`. A spec that names no project gets `project`, which may be empty.
 * Mistakes go to `d`; a spec without a usable name is not appended. The spec borrows from the document's tree.
 */
void spec_read(struct specs *specs, struct arena *a, const char *file, struct node *document,
    struct str project, struct diags *d);

/* Appends the specs in a text without reporting mistakes: for earlier versions of a file. `project` as for
 * spec_read(). */
void specs_read_text(
    struct specs *specs, struct arena *a, const char *file, struct str text, struct str project);

/* The place in specs->list of the pipeline of that project and name; specs->count: it is not there. */
size_t specs_find(const struct specs *specs, struct str project, struct str name);

/* Finds the same pipeline twice in one project; each is a mistake that names both places. */
void specs_check_unique(const struct specs *specs, struct arena *a, struct diags *d);

/* Finds pipelines whose workers get the same name in Kubernetes; each is a warning that names both. */
void specs_check_names(const struct specs *specs, struct arena *a, struct diags *d);

/* "project/name", or "name" when it has no project or the default one; in `a`. */
struct str spec_title(struct arena *a, struct str project, struct str name);

/* " --project NAME" for pachctl, or "" for the default one; in `a`. */
const char *spec_project_flag(struct arena *a, struct str project);

#endif
