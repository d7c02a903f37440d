/* documents.h: the specs in one file. */
#ifndef DEPLOY_GATHER_DOCUMENTS_H
#define DEPLOY_GATHER_DOCUMENTS_H

#include <stdbool.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

struct path;
struct run;
struct work;

/* Reads the file and appends its specs to out->specs, with the values of input `set`. Mistakes are in run->diags; a file
 * that a search found and that is not a spec is counted in out->specs.skipped. -1 with ERR_SYSTEM: it cannot be read. */
int documents_read(
    struct run *run, const struct path *path, struct work *out, struct err *err) NODISCARD;

/* The same for a text that has been read, under the name of `path`. */
void documents_take(struct run *run, const struct path *path, struct str text, struct work *out);

/* A note that counts and names the Jsonnet templates that searches found. */
void documents_note_jsonnet(struct run *run, const struct work *work);

/* Takes a template out of that note: it is rendered after all. */
void documents_forget_template(struct work *work, const char *file);

/* Whether a directory search takes a file of this name: specs, and Jsonnet templates, which are only counted. */
bool documents_are_wanted(struct str name);

#endif
