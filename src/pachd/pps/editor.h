/* editor.h: who made the live versions of pipelines, and when. */
#ifndef PACHD_PPS_EDITOR_H
#define PACHD_PPS_EDITOR_H

#include <stddef.h>
#include <stdint.h>

#include "base/base.h"
#include "base/err.h"
#include "pachd/pachd.h"
#include "pipeline/deployed.h"

struct arena;

struct pps_editor {
	struct pachd_target target;  /* by the caller */
	const struct deployed *live; /* by the caller: what runs */
	struct str by;   /* "user:jo@x.example" (2.11+ with authentication), else empty */
	int64_t since_s; /* since 1970 (2.6+), else 0 */
};

/* Asks for all of them in one flight; nothing before 2.6. What the server does not say stays empty. In `a`. -1: the
 * channel's failures. */
int pps_editors(struct pachd *p, struct arena *a, struct pps_editor *list, size_t count,
    struct err *err) NODISCARD;

#endif
