/* CI systems that read no commands but for folds: one table of their variables. */
#include "ci/systems/other.h"

#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "ci/ci.h"
#include "ci/event.h"

static void other_event(struct ci *ci, struct arena *a, struct event *out);

static const struct ci_variables gitlab = {
	.detect = "GITLAB_CI",
	.sha = { "CI_COMMIT_SHA" },
	.head = "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA",
	.branch = { "CI_COMMIT_BRANCH" },
	.source = { "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME" },
	.tag = { "CI_COMMIT_TAG" },
	.before = { "CI_MERGE_REQUEST_DIFF_BASE_SHA", "CI_COMMIT_BEFORE_SHA" },
	.default_branch = "CI_DEFAULT_BRANCH",
	.repository = "CI_PROJECT_PATH",
	.run_url = "CI_JOB_URL",
	.project_url = "CI_PROJECT_URL",
	.requests = { { .number = "CI_MERGE_REQUEST_IID",
	                  .same = { "CI_MERGE_REQUEST_SOURCE_PROJECT_ID",
	                      "CI_MERGE_REQUEST_PROJECT_ID" } },
	    { .number = "CI_EXTERNAL_PULL_REQUEST_IID",
	        .same = { "CI_EXTERNAL_PULL_REQUEST_SOURCE_REPOSITORY",
	            "CI_EXTERNAL_PULL_REQUEST_TARGET_REPOSITORY" } } },
	.cause = { "CI_PIPELINE_SOURCE" },
	.pushes = "push|web|webide|schedule|api|trigger|chat|pipeline|parent_pipeline",
	.unmerged = "merge_request_event|external_pull_request_event",
}, jenkins = {
	.detect = "JENKINS_URL",
	.sha = { "GIT_COMMIT", "ghprbActualCommit" },
	.branch = { "BRANCH_NAME", "GIT_LOCAL_BRANCH", "GIT_BRANCH" },
	.source = { "CHANGE_BRANCH" },
	.tag = { "TAG_NAME" },
	.before = { "GIT_PREVIOUS_SUCCESSFUL_COMMIT", "GIT_PREVIOUS_COMMIT" },
	.repository = "GIT_URL",
	.run_url = "BUILD_URL",
	/* multibranch pipelines; GitHub Pull Request Builder; the GitLab plugin; Gerrit Trigger; GitHub Integration; Bitbucket */
	.requests = { { .number = "CHANGE_ID", .fork = "CHANGE_FORK" },
	    { .number = "ghprbPullId", .same = { "ghprbAuthorRepoGitUrl", "GIT_URL" } },
	    { .number = "gitlabMergeRequestIid",
	        .same = { "gitlabSourceRepoHttpUrl", "gitlabTargetRepoHttpUrl" } },
	    { .number = "GERRIT_CHANGE_NUMBER" },
	    { .number = "GITHUB_PR_NUMBER" },
	    { .number = "bitbucketPullRequestId" } },
	.cause = { "gitlabActionType" },
	.pushes = "PUSH|TAG_PUSH",
	.unmerged = "MERGE|NOTE",
	.proof = { "BRANCH_NAME" }, /* multibranch pipelines set it, and CHANGE_ID for a request */
}, circleci = {
	.detect = "CIRCLECI",
	.sha = { "CIRCLE_SHA1" },
	.branch = { "CIRCLE_BRANCH" },
	.source = { "CIRCLE_BRANCH" },
	.tag = { "CIRCLE_TAG" },
	.repository = "CIRCLE_PROJECT_REPONAME",
	.run_url = "CIRCLE_BUILD_URL",
	.requests = { { .number = "CIRCLE_PR_NUMBER", .fork = "CIRCLE_PR_NUMBER" },
	    { .number = "CIRCLE_PR_USERNAME", .fork = "CIRCLE_PR_USERNAME" },
	    { .number = "CIRCLE_PULL_REQUEST", .is_own = true } },
	.fork_branch = "pull/",
	.proof = { "CIRCLE_BRANCH", "CIRCLE_TAG" },
}, buildkite = {
	.detect = "BUILDKITE",
	.sha = { "BUILDKITE_COMMIT" },
	.branch = { "BUILDKITE_BRANCH" },
	.source = { "BUILDKITE_BRANCH" },
	.tag = { "BUILDKITE_TAG" },
	.default_branch = "BUILDKITE_PIPELINE_DEFAULT_BRANCH",
	.repository = "BUILDKITE_REPO",
	.run_url = "BUILDKITE_BUILD_URL",
	.requests = { { .number = "BUILDKITE_PULL_REQUEST",
	.same = { "BUILDKITE_PULL_REQUEST_REPO", "BUILDKITE_REPO" } } },
	.cause = { "BUILDKITE_SOURCE" },
	.pushes = "webhook|api|ui|trigger_job|schedule",
	.must_be_false = "BUILDKITE_PULL_REQUEST",
}, bitbucket = {
	.detect = "BITBUCKET_BUILD_NUMBER",
	.sha = { "BITBUCKET_COMMIT" },
	.branch = { "BITBUCKET_BRANCH" },
	.source = { "BITBUCKET_BRANCH" },
	.tag = { "BITBUCKET_TAG" },
	.before = { "BITBUCKET_PR_DESTINATION_COMMIT" },
	.repository = "BITBUCKET_REPO_FULL_NAME",
	.requests = { { .number = "BITBUCKET_PR_ID", .is_own = true } },
	.proof = { "BITBUCKET_BRANCH", "BITBUCKET_TAG" },
}, drone = {
	.detect = "DRONE",
	.sha = { "DRONE_COMMIT_SHA", "DRONE_COMMIT" },
	.branch = { "DRONE_BRANCH" },
	.source = { "DRONE_SOURCE_BRANCH" },
	.tag = { "DRONE_TAG" },
	.before = { "DRONE_COMMIT_BEFORE" },
	.default_branch = "DRONE_REPO_BRANCH",
	.repository = "DRONE_REPO",
	.run_url = "DRONE_BUILD_LINK",
	.requests = { { .number = "DRONE_PULL_REQUEST" } },
	.cause = { "DRONE_BUILD_EVENT" },
	.pushes = "push|tag|promote|rollback|cron|custom",
	.unmerged = "pull_request",
}, woodpecker = {
	.detect = "CI", .value = "woodpecker",
	.sha = { "CI_COMMIT_SHA" },
	.branch = { "CI_COMMIT_BRANCH" },
	.source = { "CI_COMMIT_SOURCE_BRANCH" },
	.tag = { "CI_COMMIT_TAG" },
	.before = { "CI_PREV_COMMIT_SHA" },
	.default_branch = "CI_REPO_DEFAULT_BRANCH",
	.repository = "CI_REPO",
	.run_url = "CI_PIPELINE_URL",
	.requests = { { .number = "CI_COMMIT_PULL_REQUEST" } },
	.cause = { "CI_PIPELINE_EVENT", "CI_BUILD_EVENT" },
	.pushes = "push|tag|release|manual|cron|deployment",
	.unmerged = "pull_request|pull_request_closed|pull_request_metadata",
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
	.repository = "TRAVIS_REPO_SLUG",
	.run_url = "TRAVIS_BUILD_WEB_URL",
	.requests = { { .number = "TRAVIS_PULL_REQUEST",
	.same = { "TRAVIS_PULL_REQUEST_SLUG", "TRAVIS_REPO_SLUG" } } },
	.cause = { "TRAVIS_EVENT_TYPE" },
	.pushes = "push|api|cron",
	.unmerged = "pull_request",
}, tekton = {
	.detect = TEKTON_RESULTS, /* it has parameters and results, and sets no variable */
};

/* Functions and variables that a system does not have are NULL. */
const struct ci_system ci_gitlab = {
	.word = "gitlab",
	.draws_mermaid = true,
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
doubt_about(const struct env *env, const struct ci_request *request)
{
	struct str left = value_of(env, request->same[0]), right = value_of(env, request->same[1]);

	if (request->is_own)
		return NULL;
	if (request->fork)
		return value_of(env, request->fork).len > 0 ? "a pull request from a fork" : NULL;
	if (left.len == 0 || right.len == 0)
		return "a pull request of unknown origin";
	return str_eq(left, right) ? NULL : "a pull request from a fork";
}

static bool
is_number(struct str text)
{
	return text.len > 0 && !str_is(text, "false") && !str_is(text, "0");
}

/* Whether the run is about a pull request; *doubt then gets the reason not to trust it, or NULL. */
static bool
is_request(const struct env *env, const struct ci_variables *v, const char **doubt)
{
	struct str branch = first_of(env, v->branch, NULL), cause = first_of(env, v->cause, NULL);

	*doubt = NULL;
	for (size_t i = 0; i < REQUEST_KINDS && v->requests[i].number; i++)
		if (is_number(value_of(env, v->requests[i].number))) {
			*doubt = doubt_about(env, &v->requests[i]);
			return true;
		}
	if (v->fork_branch && str_starts(branch, v->fork_branch)) {
		*doubt = "a pull request from a fork";
		return true;
	}
	if (cause.len == 0 || !str_is_one_of(cause, v->unmerged))
		return false;
	*doubt = "a pull request of unknown origin";
	return true;
}

static void
read_pull_request(struct ci *ci, struct arena *a, struct event *out)
{
	const struct ci_variables *v = ci->system->variables;

	out->is_pull_request = true;
	out->name = "pull request";
	out->number = value_of(ci->env, v->requests[0].number);
	if (str_digits(out->number) != out->number.len)
		out->number = STR("");
	out->branch = first_of(ci->env, v->source, NULL);
	out->head = event_sha(a, value_of(ci->env, v->head));
	if (out->head.len > 0)
		out->head_from = v->head;
}

/* "A or B", the variables that would show that the run is a push. */
static struct str
wanted_of(struct arena *a, const struct ci_variables *v)
{
	struct str text = STR("");

	for (size_t i = 0; i < 2 * VARIABLE_NAMES; i++) {
		const char *name = (i < VARIABLE_NAMES ? v->cause : v->proof)[i % VARIABLE_NAMES];

		if (name)
			text = arena_fmt(
			    a, "%.*s%s%s", STR_FMT(text), text.len > 0 ? " or " : "", name);
	}
	return text;
}

/* Why nothing shows that the run is a push, or NULL where something does. */
static const char *
unproven(const struct ci *ci, struct arena *a, const struct ci_variables *v)
{
	const char *from = NULL;
	struct str cause = first_of(ci->env, v->cause, &from), wanted = wanted_of(a, v);

	if (v->must_be_false && !str_is(value_of(ci->env, v->must_be_false), "false"))
		return arena_fmt(a, "%s is not 'false'", v->must_be_false).ptr;
	if (cause.len > 0 && str_is_one_of(cause, v->pushes))
		return NULL;
	if (first_of(ci->env, v->proof, NULL).len > 0)
		return NULL;
	if (cause.len > 0)
		return arena_fmt(a, "%s is '%.*s'", from, STR_FMT(str_head(cause, 100))).ptr;
	if (wanted.len > 0)
		return arena_fmt(a, "%.*s is not set", STR_FMT(wanted)).ptr;
	return arena_fmt(a, "%s sets no variable that says so", ci->system->word).ptr;
}

/* Jenkins' GIT_BRANCH names the remote, too. */
static struct str
without_remote(struct str branch)
{
	return str_starts(branch, "origin/") ? str_tail(branch, strlen("origin/")) : branch;
}

/* The event that the variables describe. */
static void
other_event(struct ci *ci, struct arena *a, struct event *out)
{
	const struct ci_variables *v = ci->system->variables;
	struct str tag = first_of(ci->env, v->tag, NULL);
	const char *doubt;

	*out = (struct event){ .name = "push",
		.repository = value_of(ci->env, v->repository),
		.run_url = value_of(ci->env, v->run_url),
		.default_branch = value_of(ci->env, v->default_branch),
		.before = event_sha(a, first_of(ci->env, v->before, NULL)) };
	if (v->project_url && value_of(ci->env, v->project_url).len > 0) {
		out->web = arena_fmt(a, "%.*s/-", STR_FMT(value_of(ci->env, v->project_url)));
		out->compare = arena_fmt(a, "%.*s/compare/{old}...{new}", STR_FMT(out->web));
	}
	out->sha = event_sha(a, first_of(ci->env, v->sha, &out->sha_from));
	if (out->sha.len == 0)
		out->sha_from = NULL; /* as Buildkite's HEAD: the work tree knows */
	out->branch = without_remote(first_of(ci->env, v->branch, NULL));
	if (is_request(ci->env, v, &doubt))
		read_pull_request(ci, a, out);
	else if (tag.len > 0)
		out->ref = arena_fmt(a, "refs/tags/%.*s", STR_FMT(tag));
	else if (out->branch.len > 0)
		out->ref = arena_fmt(a, "refs/heads/%.*s", STR_FMT(out->branch));
	if (str_starts(out->ref, "refs/tags/"))
		out->branch = STR("");
	out->untrusted = doubt;
	if (!out->is_pull_request)
		out->unproven = unproven(ci, a, v);
}
