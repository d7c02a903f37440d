/* edit.h: what set-image makes of one file. */
#ifndef CMD_EDIT_H
#define CMD_EDIT_H

#include "base/base.h"
#include "deploy/gather/gather.h"
#include "files/paths.h"
#include "format/splice.h"
#include "inputs/run.h"
#include "pipeline/retag.h"

/* One image that is, or would be, another one; lives as long as the run. */
struct change {
	const char *file;
	struct span at;
	struct str project, name, old, new;
};

/* A file that changes, how, and a mark of what it held when it was checked. */
struct target {
	const struct path *path;
	uint64_t mark;
	struct edit *edits;
	size_t count;
};

struct setting {
	struct run *run;
	struct work work; /* the commit and the rules */
	bool to_stdout;
	struct path_list paths;
	struct change *changes;
	size_t change_count, change_room;
	struct target *targets;
	size_t target_count, target_room;
	size_t skipped; /* files without anything that this command knows */
};

/* One file while it is looked at. */
struct editing {
	struct setting *all;
	struct arena *arena; /* ends with the file */
	const struct path *path;
	struct str source;
	struct edit *edits;
	size_t count, room;
};

/* Reads the file of e->path and finds what changes in it: e->edits, and for the whole run the list of
 * changes and the mistakes. -1 with ERR_SYSTEM: it cannot be read. */
int edit_file(struct editing *e, struct err *err) NODISCARD;

#endif
