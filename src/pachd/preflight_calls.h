/* preflight_calls.h: what a preflight and the creation of repos share. */
#ifndef PACHD_PREFLIGHT_CALLS_H
#define PACHD_PREFLIGHT_CALLS_H

#include "pachd/pachd_private.h"
#include "pachd/preflight.h"

/* Whether what a call has asked for is there, by its answer. */
enum pachd_presence preflight_known(const struct call *call);

/* The requests, in the words of `api`: InspectRepo, ListRepo of the projects asked for (before 2.5 of the whole cluster),
 * InspectBranch, InspectSecret, and, from 2.0 on, InspectProject and GetPermissions. */
struct str inspect_repo_request(struct arena *a, enum api api, const struct pachd_target *target);
struct str list_repos_request(struct arena *a, enum api api, const struct pachd_preflight *asked);
struct str branch_request(struct arena *a, const struct pachd_repo *repo);
struct str secret_request(struct arena *a, enum api api, struct str name);
struct str project_request(struct arena *a, struct str name);
struct str rights_request(struct arena *a, struct str project);

#endif
