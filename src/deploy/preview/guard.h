/* guard.h: may a project be changed or deleted as a preview of ours? Pure. */
#ifndef DEPLOY_PREVIEW_GUARD_H
#define DEPLOY_PREVIEW_GUARD_H

#include <stdbool.h>

#include "base/base.h"
#include "base/str.h"
#include "deploy/preview/label.h"
#include "deploy/preview/name.h"
#include "inputs/options.h"
#include "pachd/pfs/projects.h"
#include "pipeline/mark.h"

struct arena;

/* Who asks. */
struct guard_asker {
	const struct preview_template *project; /* of the base branch's file */
	const struct items *taken;              /* projects of other targets, and "default" */
	struct str user;                        /* as the server calls the caller */
	struct str repository, target;
};

enum guard_verdict {
	GUARD_OURS,
	GUARD_NAME,      /* the name does not fit the template */
	GUARD_TAKEN,     /* it is "default", or another target's */
	GUARD_NO_LABEL,  /* nothing says that it is a preview */
	GUARD_OTHERS,    /* it is another repository's, target's or pull request's */
	GUARD_NOT_MADE,  /* somebody else made it */
	GUARD_NOT_OWNED, /* the caller does not own it */
};

/* All must agree: name, label, and what the server says of its maker and owner. A forged label is not enough, a missing one is
 * too little. *label is what the project says of itself, when it says something. */
enum guard_verdict guard_judge(struct arena *a, const struct guard_asker *asker,
    const struct pfs_project *project, struct preview_label *label);

/* Why it is not ours: "it was created by user:ann", in `a`. */
struct str guard_reason(struct arena *a, enum guard_verdict verdict,
    const struct pfs_project *project, const struct preview_label *label);

/* A pipeline or a repo in the project. */
struct guard_thing {
	bool is_pipeline;
	struct mark mark;       /* of the pipeline, or of the repo */
	struct str description; /* of the repo */
	struct str maker;       /* as the server says; empty: it does not */
};

/* Whether it is the preview's own: by its mark, or a repo without one by its description; and never where the server says that
 * somebody else than `user` made it. */
bool guard_owns(struct arena *a, const struct guard_thing *thing,
    const struct preview_label *preview, struct str user);

#endif
