/* outcome.h: what is said of a plan's steps, the same in text, JSON and summary. */
#ifndef CMD_OUTCOME_H
#define CMD_OUTCOME_H

#include "cmd/run.h"
#include "pipeline/plan.h"

/* "create", "update", "unchanged"; "push" where no cluster was asked. */
const char *step_label(const struct outcome *o, const struct step *step);

/* "PROJECT/PIPELINE", or the name alone in the project `default`. In `a`. */
struct str step_title(struct arena *a, const struct step *step);

/* "a:1 -> a:2", or "a:1" when it stays. In `a`. */
struct str step_images(struct arena *a, const struct step *step);

/* Where the spec comes from: its file, or the version that is put back. In `a`. */
const char *step_origin(struct arena *a, const struct step *step);

/* What has become of it: "planned", "unchanged", "pushed", "failed" (not done), "unknown" (sent, and not
 * known), or the last state that the wait or the rollback has seen. */
const char *step_state(const struct outcome *o, const struct step *step);

/* How many changes there are: made, or to be made. */
struct tally {
	size_t created, updated;
};

/* After a failure only what the cluster is known to have taken, and what was not put back. */
struct tally outcome_tally(const struct outcome *o);

#endif
