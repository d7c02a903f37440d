/*
 * label.h: what a preview's project, its copied repos and their commits say in their descriptions. Pure.
 *
 * A description is written together with the thing that it describes, so that there is no moment without one. Anybody may
 * write such a text: it says whom to ask, and proves nothing.
 */
#ifndef DEPLOY_PREVIEW_LABEL_H
#define DEPLOY_PREVIEW_LABEL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/base.h"
#include "base/str.h"

struct arena;

/* Whose preview it is. */
struct preview_label {
	struct str repository; /* "team/specs", or a remote's URL */
	struct str target;     /* of pachup.yaml */
	struct str number;     /* of the pull request */
	int64_t until_s;       /* when it may be removed; 0: a repo's does not say */
};

/* "pachup preview of team/specs#7 (target preview) until 2026-12-07 10:00 UTC", in `a`. */
struct str preview_label_text(struct arena *a, const struct preview_label *label);

/* Reads such a text; false where it is another one. In `text`. */
bool preview_label_read(struct str text, struct preview_label *out);

/* Whether both are of one repository, however it is named ("team/specs", "git@host:team/specs.git"), target and pull
 * request. What it needs lives in `a`. */
bool preview_label_is_same(
    struct arena *a, const struct preview_label *one, const struct preview_label *other);

/* "team/specs" of "https://host/team/specs.git" and "git@host:team/specs": small letters, in `a`. */
struct str preview_repository(struct arena *a, struct str text);

#endif
