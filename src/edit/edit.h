/* edit.h: what set-image makes of one file: of its images, and of its values (--set). */
#ifndef EDIT_EDIT_H
#define EDIT_EDIT_H

#include "base/base.h"
#include "deploy/gather/gather.h"
#include "files/paths.h"
#include "retag/assign.h"
#include "retag/retag.h"
#include "retag/splice.h"
#include "session/run.h"

enum { MAX_LEFT_SHOWN = 50 }; /* notes of one run */

/* One image or value that is, or would be, another one; lives as long as the run. */
struct change {
	const char *file;
	struct span at;
	struct str project, name, old, new;
	struct str path; /* of a value; empty: it is an image */
	bool is_gone;    /* the value is removed */
};

/* A file that changes, how, and a mark of what it held when it was checked. */
struct edited {
	const struct path *path;
	uint64_t mark;
	struct edit *edits;
	size_t count;
};

struct setting {
	struct run *run;
	const char *const *patterns; /* the PATHs */
	size_t pattern_count;
	/* where the files' texts come from, in `a`; NULL: they are read here */
	int (*read)(struct setting *all, struct arena *a, const struct path *path, struct str *text,
	    struct err *err);
	/* whether an image may be set; NULL: each may */
	bool (*may_set)(struct setting *all, const char *file, const struct retag *r);
	void *ctx;        /* theirs */
	bool is_again;    /* the same files were looked at before: only mistakes are said again */
	struct work work; /* the commit, the rules and the assignments */
	bool to_stdout;
	struct path_list paths;
	struct change *changes;
	size_t change_count, change_room;
	struct edited *edited;
	size_t edited_count, edited_room;
	size_t skipped;       /* files without anything that this command knows */
	size_t left;          /* old images that stay in the files read */
	struct str lone_tag;  /* "values.yaml:2:8", a tag without its repository; empty: none */
	struct str lone_path; /* what --set calls it */
};

/* An object that an assignment gives a name. */
struct named {
	const struct assign *by;
	struct str kind, space;
};

/* One file while it is looked at. */
struct editing {
	struct setting *all;
	struct arena *arena; /* ends with the file */
	const struct path *path;
	struct str source;
	struct edit *edits;
	size_t count, room;
	uint32_t *
	    edit_at; /* for each byte of the source 1 + the index of the edit that begins there; NULL: no edit */
	struct named *named;
	size_t named_count, named_room;
	size_t twice;   /* how many keys are there twice */
	bool is_broken; /* its mistakes have been shown */
	struct span
	    *seen; /* images that an image line could speak of: nothing is left over there */
	size_t seen_count, seen_room;
};

/* Sets images and values in the files of input `in`, after all of them are read and checked. EXIT_DONE, or EXIT_CHANGES
 * with `check`; -1: ERR_SPEC mistakes in the files, which are all shown, and nothing is written; ERR_SYSTEM, ERR_USAGE. */
int set_image_run(struct run *run, struct err *err) NODISCARD;

/* Its part that looks at each file of all->paths, and shows what is wrong with them. */
int setting_check(struct setting *all, struct err *err) NODISCARD;

/* Shows what was changed, or would be, and sets the outputs. */
int setting_show(struct setting *all, bool is_done, struct err *err) NODISCARD;

/* The names that a directory is searched for. */
bool setting_takes(struct str name);

/* Reads the file of e->path and finds what changes in it: e->edits, and for the whole run the list of
 * changes and the mistakes. -1 with ERR_SYSTEM: it cannot be read. */
int edit_file(struct editing *e, struct err *err) NODISCARD;

enum edit_fate {
	EDIT_ADDED,
	EDIT_KNOWN, /* the same text at the same place: an anchor's value is seen again at each alias */
	EDIT_CLASHES /* another text */
};

/* Adds one edit to the file's. */
enum edit_fate edit_add(struct editing *e, const struct edit *one);

/* Notes a mistake of the file, which keeps it from being written. */
void edit_complain(struct editing *e, struct span at, struct str what, struct str hint);

/* The file's name for messages. */
const char *edit_name(const struct editing *e);

/* Notes where an image is that has been dealt with. */
void edit_see(struct editing *e, struct span at);

/* Reports where the file still names an image with its old tag, outside of what was changed or seen. */
void edit_report_left(struct editing *e);

/* Keeps the first tag that has no repository beside it, for the hint where no image matches. */
void edit_keep_lone_tag(struct editing *e, const struct doc *doc, const struct node *tag);

/* Reports an image whose tag somebody else fills in: "team/app:{{tag}}". */
void edit_report_template(struct editing *e, struct span at, struct str image);

/* With input `pin`: gives the image of each rule the digest of its tag. -1: ERR_REFUSED, ERR_NETWORK it has none, or
 * another one; the failures of registries_pin(). */
int edit_pin(struct run *run, struct rules *rules, struct err *err) NODISCARD;

/* Adds an image line for each repository of --latest, which `lines` has room for. -1: ERR_USAGE, and as
 * registries_newest(). */
int edit_latest(struct run *run, const char **lines, size_t *count, struct err *err) NODISCARD;

/* Notes what the assignments change in one document. False when none has a value there. */
bool edit_values(struct editing *e, const struct node *document);

#endif
