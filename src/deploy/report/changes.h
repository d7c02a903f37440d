/* changes.h: what an update changes, field by field, as text and as data. */
#ifndef DEPLOY_REPORT_CHANGES_H
#define DEPLOY_REPORT_CHANGES_H

#include "ci/ci.h"
#include "deploy/report/shared.h"
#include "format/json_builder.h"
#include "pipeline/plan.h"

/* Lines "- path: old" and "+ path: new" on stdout, the second one with the values line that it comes from; long values are
 * cut, and many fields are counted. The image is left out, which the pipeline's own line shows, and so is what is `shared`. */
void changes_print(
    struct ci *ci, struct arena *a, const struct step *step, const struct shared *shared);

/* The shared ones, one line each, with the names of the first pipelines, or of all where a lot is said. */
void changes_print_shared(struct ci *ci, struct arena *a, const struct shared *shared);

/* Adds a list of {"path", "old", "new"}: each value as it is in a spec, null where the field is missing; and "from", the
 * values line, where there is one. */
void changes_json(struct json *j, struct arena *a, const char *key, const struct step *step);

/* Says on stderr what the plan does not do: a new image or new code alone makes no old data new. */
void changes_note_data(struct ci *ci, const struct plan *plan);

#endif
