/* name.h: which project is a pull request's. Pure. */
#ifndef DEPLOY_PREVIEW_NAME_H
#define DEPLOY_PREVIEW_NAME_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/str.h"

struct arena;

/* "pr-{pr}", where {pr} is the number and {repo} a short fingerprint of the repository, four hex digits. */
struct preview_template {
	struct str text, fingerprint;
};

/* The projects that a preview of one pull request may have: the template's, and a short one for long names of pipelines. */
struct preview_names {
	struct str whole, shorter;
};
struct preview_names preview_names(
    struct arena *a, const struct preview_template *t, struct str number);

/* Kubernetes allows 63 characters for PROJECT-PIPELINE-vNN (Pachyderm 2.5+): how many the project may have where the longest
 * name of a pipeline has `longest`. */
size_t preview_name_room(size_t longest);

/* Why no project can have that name; NULL: it can (Project.ValidateName in src/pfs/pfs.go of pachd 2.5.9 and 2.11.6). */
const char *preview_name_fault(struct str name);

/* Whether the project's name is one of preview_names() of some pull request; *number, in `name`, is whose. */
bool preview_name_fits(const struct preview_template *t, struct str name, struct str *number);

#endif
