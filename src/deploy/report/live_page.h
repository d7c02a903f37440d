/* live_page.h: what a cluster runs, as the files of inputs `svg` and `html`. */
#ifndef DEPLOY_REPORT_LIVE_PAGE_H
#define DEPLOY_REPORT_LIVE_PAGE_H

#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "pipeline/deployed.h"

struct pachd;
struct run;
struct spec;

/* One pipeline, on the cluster or only in the specs. */
struct live_row {
	struct str project, name;
	const struct spec *spec; /* NULL: no file was named */
	const struct deployed *live;
};

/* Draws the pipelines with their states; who reads what is what the cluster's own specs say, and for pipelines that it lacks
 * the files. Nothing where no file is asked for. Failures as page_write(). */
int live_page_write(struct run *run, struct pachd *cluster, const struct live_row *rows,
    size_t count, struct err *err) NODISCARD;

#endif
