/* page.h: the files of inputs `svg` and `html`. */
#ifndef DEPLOY_REPORT_PAGE_H
#define DEPLOY_REPORT_PAGE_H

#include <stdbool.h>

#include "base/base.h"
#include "base/err.h"
#include "drawing/drawing.h"

struct pachd_facts;
struct run;

/* Whether a file is asked for. */
bool page_is_wanted(const struct run *run);

/* The address of the cluster as pages show it; empty where a password may be in it. */
struct str page_cluster(const struct run *run);

/* Adds commit, branch or tag, cluster and pachd's release, and the page of the run; `facts` NULL: no cluster was asked. */
void page_add_facts(
    struct run *run, struct drawing *d, struct str sha, const struct pachd_facts *facts);

/* Lays the drawing out and writes it to the files that were asked for, each whole or not at all. -1: ERR_SYSTEM it cannot be
 * written, or is larger than 64 MiB. */
int page_write(struct run *run, struct drawing *d, struct err *err) NODISCARD;

#endif
