/* changes.h: what an update changes, field by field, as text and as data. */
#ifndef DEPLOY_REPORT_CHANGES_H
#define DEPLOY_REPORT_CHANGES_H

#include "ci/ci.h"
#include "format/json_builder.h"
#include "pipeline/plan.h"

/* Lines "- path: old" and "+ path: new" on stdout; long values are cut, and many fields are counted. The
 * image is left out, which the pipeline's own line shows. */
void changes_print(struct ci *ci, const struct step *step);

/* Adds a list of {"path", "old", "new"}: each value as it is in a spec, null where the field is missing. */
void changes_json(struct json *j, const char *key, const struct step *step);

/* Says on stderr what the plan does not do: a new image or new code alone makes no old data new. */
void changes_note_data(struct ci *ci, const struct plan *plan);

#endif
