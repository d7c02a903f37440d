/* CI systems that read no commands but for folds: one table of their variables. */
#include "ci/systems/other.h"

#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "ci/ci.h"
#include "ci/event.h"

static int other_event(struct ci *ci, struct arena *a, struct event *out, struct err *err);

static const struct ci_variables gitlab = {
	.detect = "GITLAB_CI",
	.sha = { "CI_COMMIT_SHA" },
	.head = "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA",
	.branch = { "CI_COMMIT_BRANCH" },
	.source = { "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME" },
	.tag = { "CI_COMMIT_TAG" },
	.pull_request = { "CI_MERGE_REQUEST_IID" },
	.before = { "CI_MERGE_REQUEST_DIFF_BASE_SHA", "CI_COMMIT_BEFORE_SHA" },
	.default_branch = "CI_DEFAULT_BRANCH",
	.repository = "CI_PROJECT_PATH",
	.run_url = "CI_JOB_URL",
	.same = { "CI_MERGE_REQUEST_SOURCE_PROJECT_ID", "CI_MERGE_REQUEST_PROJECT_ID" },
}, jenkins = {
	.detect = "JENKINS_URL",
	.sha = { "GIT_COMMIT", "ghprbActualCommit" },
	.branch = { "BRANCH_NAME", "GIT_LOCAL_BRANCH", "GIT_BRANCH" },
	.source = { "CHANGE_BRANCH" },
	.tag = { "TAG_NAME" },
	.pull_request = { "CHANGE_ID" },
	.before = { "GIT_PREVIOUS_SUCCESSFUL_COMMIT", "GIT_PREVIOUS_COMMIT" },
	.repository = "GIT_URL",
	.run_url = "BUILD_URL",
	.is_fork = "CHANGE_FORK",
}, circleci = {
	.detect = "CIRCLECI",
	.sha = { "CIRCLE_SHA1" },
	.branch = { "CIRCLE_BRANCH" },
	.source = { "CIRCLE_BRANCH" },
	.tag = { "CIRCLE_TAG" },
	.pull_request = { "CIRCLE_PULL_REQUEST", "CIRCLE_PR_NUMBER" },
	.repository = "CIRCLE_PROJECT_REPONAME",
	.run_url = "CIRCLE_BUILD_URL",
	.is_fork = "CIRCLE_PR_NUMBER",
}, buildkite = {
	.detect = "BUILDKITE",
	.sha = { "BUILDKITE_COMMIT" },
	.branch = { "BUILDKITE_BRANCH" },
	.source = { "BUILDKITE_BRANCH" },
	.tag = { "BUILDKITE_TAG" },
	.pull_request = { "BUILDKITE_PULL_REQUEST" },
	.default_branch = "BUILDKITE_PIPELINE_DEFAULT_BRANCH",
	.repository = "BUILDKITE_REPO",
	.run_url = "BUILDKITE_BUILD_URL",
	.same = { "BUILDKITE_PULL_REQUEST_REPO", "BUILDKITE_REPO" },
}, bitbucket = {
	.detect = "BITBUCKET_BUILD_NUMBER",
	.sha = { "BITBUCKET_COMMIT" },
	.branch = { "BITBUCKET_BRANCH" },
	.source = { "BITBUCKET_BRANCH" },
	.tag = { "BITBUCKET_TAG" },
	.pull_request = { "BITBUCKET_PR_ID" },
	.before = { "BITBUCKET_PR_DESTINATION_COMMIT" },
	.repository = "BITBUCKET_REPO_FULL_NAME",
	.has_own_only = true,
}, drone = {
	.detect = "DRONE",
	.sha = { "DRONE_COMMIT_SHA", "DRONE_COMMIT" },
	.branch = { "DRONE_BRANCH" },
	.source = { "DRONE_SOURCE_BRANCH" },
	.tag = { "DRONE_TAG" },
	.pull_request = { "DRONE_PULL_REQUEST" },
	.before = { "DRONE_COMMIT_BEFORE" },
	.default_branch = "DRONE_REPO_BRANCH",
	.repository = "DRONE_REPO",
	.run_url = "DRONE_BUILD_LINK",
}, woodpecker = {
	.detect = "CI", .value = "woodpecker",
	.sha = { "CI_COMMIT_SHA" },
	.branch = { "CI_COMMIT_BRANCH" },
	.source = { "CI_COMMIT_SOURCE_BRANCH" },
	.tag = { "CI_COMMIT_TAG" },
	.pull_request = { "CI_COMMIT_PULL_REQUEST" },
	.before = { "CI_PREV_COMMIT_SHA" },
	.default_branch = "CI_REPO_DEFAULT_BRANCH",
	.repository = "CI_REPO",
	.run_url = "CI_PIPELINE_URL",
}, teamcity = {
	.detect = "TEAMCITY_VERSION",
	.sha = { "BUILD_VCS_NUMBER" },
	.run_url = "BUILD_URL",
}, travis = {
	.detect = "TRAVIS",
	.sha = { "TRAVIS_COMMIT" },
	.head = "TRAVIS_PULL_REQUEST_SHA",
	.branch = { "TRAVIS_BRANCH" },
	.source = { "TRAVIS_PULL_REQUEST_BRANCH" },
	.tag = { "TRAVIS_TAG" },
	.pull_request = { "TRAVIS_PULL_REQUEST" },
	.repository = "TRAVIS_REPO_SLUG",
	.run_url = "TRAVIS_BUILD_WEB_URL",
	.same = { "TRAVIS_PULL_REQUEST_SLUG", "TRAVIS_REPO_SLUG" },
}, tekton = {
	.detect = TEKTON_RESULTS, /* it has parameters and results, and sets no variable */
};

/* What a system lacks is NULL. */
const struct ci_system ci_gitlab = {
.word = "gitlab",
	    .variables = &gitlab,
	    .workspace = "CI_PROJECT_DIR",
	    .debug_variable = "CI_DEBUG_TRACE",
	    .event = other_event,
	    .group = gitlab_group,
	    .group_end = gitlab_group_end,
	    .output = gitlab_output,
	    .findings = gitlab_findings,
	    .output_max = 1 << 10,
	    .is_runner = true,
}, ci_jenkins = {
.word = "jenkins",
	    .no_color = true,
	    .variables = &jenkins,
	    .workspace = "WORKSPACE",
	    .event = other_event,
	    .is_runner = true,
}, ci_circleci = {
.word = "circleci", .variables = &circleci, .event = other_event, .is_runner = true,
}, ci_buildkite = {
.word = "buildkite",
	    .variables = &buildkite,
	    .workspace = "BUILDKITE_BUILD_CHECKOUT_PATH",
	    .event = other_event,
	    .group = buildkite_group,
	    .heading = buildkite_heading,
	    .is_runner = true,
}, ci_bitbucket = {
.word = "bitbucket",
	    .variables = &bitbucket,
	    .workspace = "BITBUCKET_CLONE_DIR",
	    .event = other_event,
	    .is_runner = true,
}, ci_drone = {
.word = "drone",
	    .variables = &drone,
	    .workspace = "DRONE_WORKSPACE",
	    .event = other_event,
	    .is_runner = true,
}, ci_woodpecker = {
.word = "woodpecker",
	    .variables = &woodpecker,
	    .workspace = "CI_WORKSPACE",
	    .event = other_event,
	    .is_runner = true,
}, ci_teamcity = {
.word = "teamcity",
	    .variables = &teamcity,
	    .event = other_event,
	    .group = teamcity_group,
	    .group_end = teamcity_group_end,
	    .annotate = teamcity_annotate,
	    .is_runner = true,
}, ci_travis = {
.word = "travis",
	    .variables = &travis,
	    .workspace = "TRAVIS_BUILD_DIR",
	    .event = other_event,
	    .group = travis_group,
	    .group_end = travis_group_end,
	    .is_runner = true,
}, ci_tekton = {
.word = "tekton",
	    .no_color = true,
	    .variables = &tekton,
	    .event = other_event,
	    .output = tekton_output,
	    .output_max = MAX_OUTPUT_BYTES,
	    .is_runner = true,
};

/* The first of the variables that is set, and its name in *from where that is not NULL. */
static struct str
first_of(const struct env *env, const char *const names[VARIABLE_NAMES], const char **from)
{
	for (size_t i = 0; i < VARIABLE_NAMES && names[i]; i++) {
		const char *value = env_get(env, names[i]);

		if (value && from)
			*from = names[i];
		if (value)
			return str_of(value);
	}
	return STR("");
}

static struct str
value_of(const struct env *env, const char *name)
{
	return name ? str_of(env_get(env, name)) : STR("");
}

static const char *
doubt_about(const struct env *env, const struct ci_variables *v)
{
	struct str left = value_of(env, v->same[0]), right = value_of(env, v->same[1]);

	if (v->has_own_only)
		return NULL;
	if (value_of(env, v->is_fork).len > 0)
		return "a pull request from a fork";
	if (v->is_fork)
		return NULL;
	if (left.len == 0 || right.len == 0)
		return "a pull request of unknown origin";
	return str_eq(left, right) ? NULL : "a pull request from a fork";
}

static void
read_pull_request(struct ci *ci, struct arena *a, struct event *out)
{
	const struct ci_variables *v = ci->system->variables;

	out->is_pull_request = true;
	out->name = "pull request";
	out->branch = first_of(ci->env, v->source, NULL);
	out->untrusted = doubt_about(ci->env, v);
	out->head = event_sha(a, value_of(ci->env, v->head));
	if (out->head.len > 0)
		out->head_from = v->head;
}

/* Jenkins' GIT_BRANCH names the remote, too. */
static struct str
without_remote(struct str branch)
{
	return str_starts(branch, "origin/") ? str_tail(branch, strlen("origin/")) : branch;
}

/* The event as the variables tell it; never fails. */
static int
other_event(struct ci *ci, struct arena *a, struct event *out, struct err *err)
{
	const struct ci_variables *v = ci->system->variables;
	struct str tag = first_of(ci->env, v->tag, NULL),
	           number = first_of(ci->env, v->pull_request, NULL);

	(void)err;
	*out = (struct event){ .name = "push",
		.repository = value_of(ci->env, v->repository),
		.run_url = value_of(ci->env, v->run_url),
		.default_branch = value_of(ci->env, v->default_branch),
		.before = event_sha(a, first_of(ci->env, v->before, NULL)) };
	out->sha = event_sha(a, first_of(ci->env, v->sha, &out->sha_from));
	if (out->sha.len == 0)
		out->sha_from = NULL; /* as Buildkite's HEAD: the work tree knows */
	out->branch = without_remote(first_of(ci->env, v->branch, NULL));
	if (number.len > 0 && !str_is(number, "false") && !str_is(number, "0"))
		read_pull_request(ci, a, out);
	else if (tag.len > 0)
		out->ref = arena_fmt(a, "refs/tags/%.*s", STR_FMT(tag));
	else if (out->branch.len > 0)
		out->ref = arena_fmt(a, "refs/heads/%.*s", STR_FMT(out->branch));
	if (str_starts(out->ref, "refs/tags/"))
		out->branch = STR("");
	return 0;
}
