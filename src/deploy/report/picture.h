/* picture.h: the pipelines of a run and who reads what, as a Mermaid flowchart that shows what changes. */
#ifndef DEPLOY_REPORT_PICTURE_H
#define DEPLOY_REPORT_PICTURE_H

#include "base/buf.h"
#include "deploy/report/outcome.h"

struct arena;

enum picture_extent {
	PICTURE_NONE, /* too large to draw, or nothing is known of who reads what: nothing was added */
	PICTURE_CHANGES, /* what changes, with what it reads and who reads it */
	PICTURE_ALL,
};

/*
 * Appends the flowchart. Within the limits of those who draw it: Mermaid shows no more than 50,000 characters and 500
 * arrows (maxTextSize, maxEdges), and people see nothing in a picture of more than 150 boxes.
 */
enum picture_extent picture_draw(struct buf *out, struct arena *a, const struct outcome *o);

#endif
