/* overlay.h: what the values files of a target change in its specs, while they are read. */
#ifndef DEPLOY_GATHER_OVERLAY_H
#define DEPLOY_GATHER_OVERLAY_H

#include "base/base.h"
#include "base/err.h"
#include "format/doc.h"
#include "values/patch.h"

struct rules;
struct run;
struct spec;
struct specs;

/* Reads the files of input `values` into `out`, in their order. Mistakes go to run->diags. -1 with ERR_SYSTEM: one cannot be
 * read. */
int overlay_read(struct run *run, struct patches *out, struct err *err) NODISCARD;

/* The spec with the values of its pipeline, in the run's arena; NULL where it is not in this target, which is logged. */
struct node *overlay_apply(
    struct run *run, struct patches *patches, const char *file, struct node *document);

/*
 * After all specs are read: values that match no pipeline of the target are mistakes. Where the run names PATHs of its
 * own, the target's other specs are read for their names. -1 with ERR_SYSTEM, ERR_USAGE: those cannot be read.
 */
int overlay_check(
    struct run *run, struct patches *patches, const struct specs *specs, struct err *err) NODISCARD;

#endif
