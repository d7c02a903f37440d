/* write_back_inside.h: what the files of write-back share; inside edit/ only. */
#ifndef EDIT_WRITE_BACK_INSIDE_H
#define EDIT_WRITE_BACK_INSIDE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "edit/edit.h"
#include "forge/repository.h"

struct repo;

/* One line of the request: what became of an image or a value, and where. */
struct row {
	struct str old, new, where;
	struct str
	    compare; /* the page that compares the commits of its tags (struct event); or empty */
};

struct rows {
	struct row *list;
	size_t count, room;
	size_t lost; /* at least so many more, which did not fit a message */
};

struct verdict; /* on two tags */

/* One write-back. */
struct back {
	struct setting *all;
	struct run *run;
	struct arena *a;
	const char *repo; /* input 'repo', or the checkout's remote; NULL: the job's own */
	struct repository *host,
	    *own;          /* own: the job's, where tags are commits; NULL until it is needed */
	struct repo *git;  /* the checkout; NULL: there is none */
	struct str prefix; /* of the working directory in the repository: "" or "deploy/" */
	struct looked now;
	struct entries files; /* of the tree that is edited */
	struct blob *blobs;   /* read so far */
	struct verdict *verdicts;
	struct err *order_fault; /* the order of two tags cannot be read; NULL: it could */
	bool checking;
	bool is_push;     /* the files are those of a push: one that the base lacks is left out */
	bool is_clashing; /* the base and the branch have changed the same lines */
	bool is_done;     /* this run has written its commit, with these changes: */
	struct change *written;
	size_t written_count, written_files;
	struct str plans_of; /* the commit that `plans` is about */
	struct str plans;
};

/* write_back_check.c */

/* Checks inputs and event, and opens b->host. Asks nobody. */
int write_back_begin(struct back *b, struct err *err) NODISCARD;

/* write_back_files.c */

/* The files of b->files that the PATHs mean, into b->all->paths. -1 with ERR_SYSTEM: one means none. */
int write_back_paths(struct back *b, struct err *err) NODISCARD;

/* The text of a file of b->files: from the checkout where it has it. */
int write_back_text(
    struct back *b, const struct entry *e, struct str *text, struct err *err) NODISCARD;
const struct entry *write_back_entry(const struct back *b, struct str path);

/* The PATH as a name in the repository: "./a//b/" is "a/b". ptr NULL: it is outside of the repository. */
struct str write_back_name(struct back *b, const char *path);

/* The text that a file of b->files has with the run's edits. */
int write_back_new_text(
    struct back *b, const struct edited *t, struct str *text, struct err *err) NODISCARD;

/* write_back_plans.c */

/* What a plan of each target of input plan-for says of the files as they are with the run's edits: Markdown, a section a
 * target, empty where the input is. One that cannot be made says why, which is a warning, too. `of` names what is planned:
 * the same is planned once. -1: ERR_INTERRUPTED. */
int write_back_plans(struct back *b, struct str of, struct str *out, struct err *err) NODISCARD;

/* write_back_order.c */

/* Whether the image may be set: not where both tags are commits and the new one does not descend from the old one, nor
 * where that cannot be read, with all->ctx's order_fault. */
bool write_back_in_order(struct setting *all, const char *file, const struct retag *r);

/* Whether both tags are known to be commits of the job's repository. */
bool write_back_has_commits(const struct back *b, struct str old, struct str new);

/* 7 to 40 digits, as of a commit. */
bool tag_is_commit(struct str tag);

/* write_back_body.c */
/* What this run changes, as far as it fits a commit's message. */
void rows_add_changes(struct rows *rows, struct back *b);

void rows_add(struct rows *rows, struct arena *a, const struct rows *more);

/* What our commits say that they changed; of what was changed twice only the whole way. */
void rows_add_message(struct rows *rows, struct arena *a, struct str message);

struct str commit_headline(struct back *b, const struct rows *rows);
struct str commit_body(struct back *b, const struct rows *rows);

/* What names the content of a request, whatever commits it consists of: the first line of its body. */
struct str request_mark(struct back *b, const struct rows *rows);
struct str request_body(struct back *b, const struct rows *rows, struct str plans);
struct str request_closed_body(struct back *b, struct str body);

#endif
