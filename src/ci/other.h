/* other.h: what CI systems beside GitHub and Azure call their variables; inside ci/ only. */
#ifndef CI_OTHER_H
#define CI_OTHER_H

#include <stdbool.h>

#include "ci/system.h"

enum { OTHER_NAMES = 3 };

/*
 * Names of environment variables; where a system has several, the first that is set counts. NULL: it has none. Sources:
 * each system's own list of predefined variables.
 */
struct ci_variables {
	const char *detect, *value; /* set, and to this value where one is named */
	const char *sha[OTHER_NAMES];
	const char *head; /* on a pull request: its own commit, where `sha` is a merge commit */
	const char *branch[OTHER_NAMES];
	const char *source[OTHER_NAMES]; /* a pull request's branch */
	const char *tag[OTHER_NAMES];
	const char *pull_request[OTHER_NAMES]; /* its number; empty, "false" and "0": none */
	const char *before[OTHER_NAMES]; /* the commit that was there before, or a request's base */
	const char *default_branch, *repository, *run_url;
	const char *is_fork; /* set and not empty: the pull request comes from a fork */
	const char *same[2]; /* it does so when these two differ */
	bool has_own_only;   /* there are no runs for the pull requests of forks */
};

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
