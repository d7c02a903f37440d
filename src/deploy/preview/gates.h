/* gates.h: conditions on results of a preview, beside what production has. */
#ifndef DEPLOY_PREVIEW_GATES_H
#define DEPLOY_PREVIEW_GATES_H

#include <stdbool.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "data/condition.h"
#include "data/place.h"

struct pachd;
struct preview;

/* One of the target's `gates`: "edges@master:/metrics.json .rmse < 60". */
struct preview_gate {
	struct str text;
	struct place place;
	struct condition condition;
	bool is_here; /* the preview has the pipeline that writes it */
	struct str base_project;
	/* gates_judge(): */
	bool is_judged, has_value, holds, has_before;
	struct str value, before; /* compact JSON, or a count: in the preview, and in production */
	struct str why;           /* there is no value: the reason */
};

/* Reads them into preview->gates. -1 with ERR_USAGE, which names the gate. */
int gates_read(struct preview *preview, struct err *err) NODISCARD;

/* Reads the values, after the jobs. A gate whose value cannot be read does not hold. */
void gates_judge(struct preview *preview, struct pachd *cluster);

/* How many gates of the preview's own pipelines do not hold. */
size_t gates_broken(const struct preview *preview);

#endif
