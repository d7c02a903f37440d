/* gitlab.h: the lock of a branch on GitLab; inside forge/ only. */
#ifndef FORGE_GITLAB_H
#define FORGE_GITLAB_H

#include "forge/api.h"

#define GITLAB_BASE "CI_API_V4_URL"

/* The address of the API, as GITLAB_BASE says. */
const char *gitlab_base(const struct env *env);

/* Takes the lock of a branch among the runs of pachup, and waits for it: GitLab moves a branch whatever commit it is at,
 * so only one run at a time may look and write. The lock is a label of the project, as there can be only one of a name.
 * A run that is interrupted takes its lock away; that of a run that was killed ends after two minutes. -1: ERR_TIMEOUT,
 * ERR_INTERRUPTED, what GitLab refuses. */
struct gitlab_lock {
	const char *title;
	struct str id; /* of the label */
};
int gitlab_lock(
    struct repository *r, const char *branch, struct gitlab_lock *lock, struct err *err);

/* Failures are not reported: the lock ends by itself. */
void gitlab_unlock(struct repository *r, const struct gitlab_lock *lock);

#endif
