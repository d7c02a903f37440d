/* documents.h: the specs in one file. */
#ifndef DEPLOY_GATHER_DOCUMENTS_H
#define DEPLOY_GATHER_DOCUMENTS_H

#include "base/base.h"
#include "base/err.h"

struct path;
struct run;
struct work;

/* Reads the file and appends its specs to out->specs, with the values of input `set`. Mistakes are in run->diags; a file
 * that a search found and that is not a spec is counted in out->specs.skipped. -1 with ERR_SYSTEM: it cannot be read. */
int documents_read(
    struct run *run, const struct path *path, struct work *out, struct err *err) NODISCARD;

#endif
