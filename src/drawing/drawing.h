/* drawing.h: boxes and arrows between them: what a picture shows, and where layout_make() has put it. Pure. */
#ifndef DRAWING_DRAWING_H
#define DRAWING_DRAWING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/base.h"
#include "base/str.h"

/* How a box looks, and the word for it in a legend. */
enum drawing_look {
	LOOK_FAILED,
	LOOK_MISSING,
	LOOK_CREATE,
	LOOK_UPDATE,
	LOOK_STOP,
	LOOK_DELETE,
	LOOK_STARTING,
	LOOK_RUNNING,
	LOOK_PAUSED,
	LOOK_PLAIN, /* nothing is known but its name */
	LOOK_SAME,
	LOOK_SOURCE, /* a repo, cron or git input that no pipeline of the set makes */
	LOOK_COUNT,
};

/* "failed", "create", …: each is a class of the style sheets, too. */
extern const char *const drawing_looks[LOOK_COUNT];

/* One row of what is known of a box. */
struct drawing_fact {
	const char *name;
	struct str value;
	struct str url; /* https, where it leads somewhere; else empty */
};

enum { DRAWING_FACTS = 12 };

struct drawing_node {
	struct str title, note; /* the two lines of the box; the note may be empty */
	enum drawing_look look;
	struct drawing_fact facts[DRAWING_FACTS];
	size_t fact_count;
	struct str diff; /* lines that begin with "- " or "+ "; may be empty */
	struct str spec; /* as JSON; may be empty */
	int x, y, width; /* of the box, in pixels; layout_make() */
};

struct drawing_edge {
	size_t from, to;  /* nodes */
	struct str label; /* the branch, where it is not the usual one */
	/* layout_make(): the bends between the two boxes: the column that the arrow crosses, and at which height */
	const struct drawing_bend *bends;
	size_t bend_count;
};

struct drawing_bend {
	int left, right, y;
};

struct drawing {
	struct str title;
	struct drawing_fact facts[DRAWING_FACTS]; /* of the whole: commit, cluster */
	size_t fact_count;
	int64_t refresh_s; /* how often the file is written again; 0: never */
	struct drawing_node *nodes;
	size_t node_count;
	struct drawing_edge *edges;
	size_t edge_count;
	int width, height, box_height; /* layout_make() */
};

/* Adds a fact to the box unless its value is empty or the box is full. */
void node_add_fact(struct drawing_node *node, const char *name, struct str value);

/* The same with an address where it leads to; it may be empty. */
void node_add_link(struct drawing_node *node, const char *name, struct str value, struct str url);

/* The same for the whole drawing. */
void drawing_add_fact(struct drawing *d, const char *name, struct str value, struct str url);

#endif
