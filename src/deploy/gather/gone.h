/* gone.h: which pipelines an earlier commit's specs had and the files no longer have. */
#ifndef DEPLOY_GATHER_GONE_H
#define DEPLOY_GATHER_GONE_H

#include "base/base.h"
#include "base/err.h"

struct changed;
struct run;
struct since;
struct work;

/* Fills in work->gone: pipelines of deleted files, of documents that left a file, and of files that left a list. An
 * earlier file without a valid spec has no pipelines. -1 with ERR_SYSTEM: the commit cannot be read. */
int gone_find(struct run *run, struct since *since, const struct changed *changed,
    struct work *work, struct err *err) NODISCARD;

#endif
