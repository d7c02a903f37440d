/* preflight_calls.h: requests that show whether something exists. */
#ifndef PACHD_PREFLIGHT_CALLS_H
#define PACHD_PREFLIGHT_CALLS_H

#include "pachd/pachd_private.h"
#include "pachd/preflight.h"

/* Whether what a call has asked for exists, by its answer. */
enum pachd_presence preflight_known(const struct call *call);

/* From a RepoInfo of either interface: the repo exists, has these branches, which live in `a`, and, where the server
 * says, the user these rights. */
void preflight_learn_repo(struct arena *a, const ProtobufCMessage *info, struct pachd_repo *out);

/* The requests of `api`, or of 2.x: InspectRepo, ListRepo of the projects asked for (before 2.5 of the whole
 * cluster), InspectBranch, InspectSecret, InspectProject, and GetPermissions of a project. */
struct str inspect_repo_request(struct arena *a, enum api api, const struct pachd_target *target);
struct str list_repos_request(struct arena *a, enum api api, const struct pachd_preflight *asked);
struct str branch_request(struct arena *a, const struct pachd_repo *repo);
struct str secret_request(struct arena *a, enum api api, struct str name);
struct str project_request(struct arena *a, struct str name);
struct str rights_request(struct arena *a, struct str project);

#endif
