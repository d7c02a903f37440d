/* other.h: the tables of all CI systems, and their functions that are in a file of their own; inside ci/systems/ only. */
#ifndef CI_SYSTEMS_OTHER_H
#define CI_SYSTEMS_OTHER_H

#include <stdbool.h>

#include "ci/system.h"

extern const struct ci_system ci_github, ci_azure, ci_gitlab, ci_jenkins, ci_circleci, ci_buildkite,
    ci_bitbucket, ci_drone, ci_woodpecker, ci_teamcity, ci_travis, ci_tekton, ci_terminal;

/* As event_read(), of GitHub's environment and payload. */
void github_event(struct ci *ci, struct arena *a, struct event *out);

/* Folds of GitLab, Buildkite, TeamCity and Travis. */
void gitlab_group(struct ci *ci, struct str title);
void gitlab_group_end(struct ci *ci);
void buildkite_group(struct ci *ci, struct str title);
void buildkite_heading(struct ci *ci, struct str title);
void teamcity_group(struct ci *ci, struct str title);
void teamcity_group_end(struct ci *ci);
bool teamcity_annotate(struct ci *ci, const struct remark *remark);
void travis_group(struct ci *ci, struct str title);
void travis_group_end(struct ci *ci);

/* GitLab's reports, files in the working directory: dotenv and code quality. */
int gitlab_output(struct ci *ci, const char *name, struct str value, struct err *err) NODISCARD;
int gitlab_findings(struct ci *ci, const struct diags *d, struct err *err) NODISCARD;

/* The variable that holds the paths of the results which a Tekton task wants, "$(results.sha.path)
 * $(results.changed.path)": the last part of each is the name of an output. Ours, for Tekton sets none. */
#define TEKTON_RESULTS "PACHUP_RESULTS"

/* Writes the output where a path asks for it; a warning instead where it has no room. -1 with ERR_SYSTEM. */
int tekton_output(struct ci *ci, const char *name, struct str value, struct err *err) NODISCARD;

#endif
