/* note.h: where a pipeline comes from, as the last line of its description. */
#ifndef PIPELINE_NOTE_H
#define PIPELINE_NOTE_H

#include "base/base.h"
#include "base/str.h"
#include "format/doc.h"

struct arena;

/* Appends the note of a git commit to the description of a rendered document, instead of an older note;
 * `repository` may be empty. A description that is not a string stays as it is. */
void note_put(struct arena *a, struct node *document, struct str repository, struct str sha);

/* The description without the note. */
struct str note_strip(struct str description);

/* The commit that the note names; empty where there is no note. */
struct str note_commit(struct str description);

#endif
