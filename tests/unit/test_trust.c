/* Systems and events: what may push, what only plans, and what is refused. Variables and their values: each system's own
 * list of predefined variables. */
#define _XOPEN_SOURCE 700 /* mkstemp */
#include "tap.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "ci/ci.h"
#include "ci/event.h"
#include "ci/systems/systems.h"

enum verdict {
	PUSHES,  /* something shows that only writers of the repository can cause it */
	PLANS,   /* the repository's own code that is not merged yet */
	REFUSED, /* strangers can cause it */
	UNKNOWN, /* nothing shows what it is: `event: push` is needed */
};

static const char *const titles[] = { "pushes", "only plans", "is refused", "is not known" };

#define GITHUB(event) "GITHUB_ACTIONS=true", "GITHUB_REPOSITORY=o/r", "GITHUB_EVENT_NAME=" event
#define RUN_AFTER(event)                                                                 \
	"{\"workflow_run\":{\"event\":\"" event "\",\"head_repository\":{\"full_name\":" \
	"\"o/r\"}}}"
#define CLOSED(merged)                                                                        \
	"{\"action\":\"closed\",\"pull_request\":{\"merged\":" merged ",\"head\":{\"repo\":{" \
	"\"full_name\":\"o/r\"}},\"base\":{\"ref\":\"main\"}}}"

static const struct row {
	const char *name;
	enum verdict verdict;
	const char *vars[7];
	const char *payload; /* GitHub's; NULL: none */
} rows[] = {
	{ "GitHub: push", PUSHES, { GITHUB("push") }, NULL },
	{ "GitHub: schedule", PUSHES, { GITHUB("schedule") }, NULL },
	{ "GitHub: workflow_dispatch", PUSHES, { GITHUB("workflow_dispatch") }, NULL },
	{ "GitHub: repository_dispatch", PUSHES, { GITHUB("repository_dispatch") }, NULL },
	{ "GitHub: release", PUSHES, { GITHUB("release") }, NULL },
	{ "GitHub: registry_package", PUSHES, { GITHUB("registry_package") }, NULL },
	{ "GitHub: deployment", PUSHES, { GITHUB("deployment") }, NULL },
	{ "GitHub: merged", PUSHES, { GITHUB("pull_request") }, CLOSED("true") },
	{ "GitHub: closed, not merged", PLANS, { GITHUB("pull_request") }, CLOSED("false") },
	{ "GitHub: merge_group", PLANS, { GITHUB("merge_group") }, "{}" },
	{ "GitHub: a push of the merge queue", PLANS,
	    { GITHUB("push"), "GITHUB_REF=refs/heads/gh-readonly-queue/main/pr-7-abc" }, "{}" },
	{ "GitHub: a run after a push", PUSHES, { GITHUB("workflow_run") }, RUN_AFTER("push") },
	{ "GitHub: a run after a pull request", PLANS, { GITHUB("workflow_run") },
	    RUN_AFTER("pull_request") },
	{ "GitHub: a run after a merge_group", PLANS, { GITHUB("workflow_run") },
	    RUN_AFTER("merge_group") },
	{ "GitHub: a run after pull_request_target", REFUSED, { GITHUB("workflow_run") },
	    RUN_AFTER("pull_request_target") },
	{ "GitHub: a comment", REFUSED, { GITHUB("issue_comment") }, "{}" },
	{ "GitHub: an event of tomorrow", REFUSED, { GITHUB("moon") }, "{}" },
	{ "GitHub: no event", REFUSED, { "GITHUB_ACTIONS=true" }, NULL },

	{ "Azure: a push", PUSHES, { "TF_BUILD=True", "BUILD_REASON=IndividualCI" }, NULL },
	{ "Azure: pushes together", PUSHES, { "TF_BUILD=True", "BUILD_REASON=BatchedCI" }, NULL },
	{ "Azure: by hand", PUSHES, { "TF_BUILD=True", "BUILD_REASON=Manual" }, NULL },
	{ "Azure: a schedule", PUSHES, { "TF_BUILD=True", "BUILD_REASON=Schedule" }, NULL },
	{ "Azure: after another pipeline", PUSHES,
	    { "TF_BUILD=True", "BUILD_REASON=ResourceTrigger",
	        "RESOURCES_PIPELINE_APP_SOURCEBRANCH=refs/heads/main" },
	    NULL },
	{ "Azure: after another pipeline's pull request", REFUSED,
	    { "TF_BUILD=True", "BUILD_REASON=ResourceTrigger",
	        "RESOURCES_PIPELINE_APP_SOURCEBRANCH=refs/pull/7/merge" },
	    NULL },
	{ "Azure: after a build of a pull request", REFUSED,
	    { "TF_BUILD=True", "BUILD_REASON=BuildCompletion",
	        "BUILD_SOURCEBRANCH=refs/pull/7/merge" },
	    NULL },
	{ "Azure: a pull request", PLANS,
	    { "TF_BUILD=True", "BUILD_REASON=PullRequest", "SYSTEM_PULLREQUEST_ISFORK=False" },
	    NULL },
	{ "Azure: a fork", REFUSED,
	    { "TF_BUILD=True", "BUILD_REASON=PullRequest", "SYSTEM_PULLREQUEST_ISFORK=True" },
	    NULL },
	{ "Azure: GitHub's merge queue", PLANS,
	    { "TF_BUILD=True", "BUILD_REASON=IndividualCI",
	        "BUILD_SOURCEBRANCH=refs/heads/gh-readonly-queue/main/pr-7-abc" },
	    NULL },
	{ "Azure: a pull request by hand", REFUSED,
	    { "TF_BUILD=True", "BUILD_REASON=Manual", "BUILD_SOURCEBRANCH=refs/pull/7/merge" },
	    NULL },
	{ "Azure: no reason", UNKNOWN, { "TF_BUILD=True" }, NULL },
	{ "Azure: a shelveset", UNKNOWN, { "TF_BUILD=True", "BUILD_REASON=ValidateShelveset" },
	    NULL },

	{ "GitLab: a push", PUSHES, { "GITLAB_CI=true", "CI_PIPELINE_SOURCE=push" }, NULL },
	{ "GitLab: a schedule", PUSHES, { "GITLAB_CI=true", "CI_PIPELINE_SOURCE=schedule" }, NULL },
	{ "GitLab: a child pipeline", PUSHES,
	    { "GITLAB_CI=true", "CI_PIPELINE_SOURCE=parent_pipeline" }, NULL },
	{ "GitLab: a child pipeline of a merge request", PLANS,
	    { "GITLAB_CI=true", "CI_PIPELINE_SOURCE=parent_pipeline", "CI_MERGE_REQUEST_IID=7",
	        "CI_MERGE_REQUEST_SOURCE_PROJECT_ID=1", "CI_MERGE_REQUEST_PROJECT_ID=1" },
	    NULL },
	{ "GitLab: a merge request", PLANS,
	    { "GITLAB_CI=true", "CI_PIPELINE_SOURCE=merge_request_event", "CI_MERGE_REQUEST_IID=7",
	        "CI_MERGE_REQUEST_SOURCE_PROJECT_ID=1", "CI_MERGE_REQUEST_PROJECT_ID=1" },
	    NULL },
	{ "GitLab: a fork", REFUSED,
	    { "GITLAB_CI=true", "CI_PIPELINE_SOURCE=merge_request_event", "CI_MERGE_REQUEST_IID=7",
	        "CI_MERGE_REQUEST_SOURCE_PROJECT_ID=2", "CI_MERGE_REQUEST_PROJECT_ID=1" },
	    NULL },
	{ "GitLab: a pull request of GitHub", PLANS,
	    { "GITLAB_CI=true", "CI_PIPELINE_SOURCE=external_pull_request_event",
	        "CI_EXTERNAL_PULL_REQUEST_IID=7", "CI_EXTERNAL_PULL_REQUEST_SOURCE_REPOSITORY=o/r",
	        "CI_EXTERNAL_PULL_REQUEST_TARGET_REPOSITORY=o/r" },
	    NULL },
	{ "GitLab: a pull request of GitHub without a number", REFUSED,
	    { "GITLAB_CI=true", "CI_PIPELINE_SOURCE=external_pull_request_event" }, NULL },
	{ "GitLab: another source", UNKNOWN,
	    { "GITLAB_CI=true", "CI_PIPELINE_SOURCE=ondemand_dast_scan" }, NULL },
	{ "GitLab: no source", UNKNOWN, { "GITLAB_CI=true", "CI_COMMIT_BRANCH=main" }, NULL },

	{ "Jenkins: a branch of a multibranch pipeline", PUSHES,
	    { "JENKINS_URL=x", "BRANCH_NAME=main" }, NULL },
	{ "Jenkins: a request of a multibranch pipeline", PLANS,
	    { "JENKINS_URL=x", "BRANCH_NAME=PR-7", "CHANGE_ID=7" }, NULL },
	{ "Jenkins: a fork", REFUSED,
	    { "JENKINS_URL=x", "BRANCH_NAME=PR-7", "CHANGE_ID=7", "CHANGE_FORK=stranger" }, NULL },
	{ "Jenkins: GitHub Pull Request Builder", REFUSED,
	    { "JENKINS_URL=x", "ghprbPullId=7", "ghprbAuthorRepoGitUrl=https://h/x/r.git",
	        "GIT_URL=https://h/o/r.git" },
	    NULL },
	{ "Jenkins: GitHub Pull Request Builder, an own branch", PLANS,
	    { "JENKINS_URL=x", "ghprbPullId=7", "ghprbAuthorRepoGitUrl=https://h/o/r.git",
	        "GIT_URL=https://h/o/r.git" },
	    NULL },
	{ "Jenkins: GitLab, a push", PUSHES, { "JENKINS_URL=x", "gitlabActionType=PUSH" }, NULL },
	{ "Jenkins: GitLab, a merge request of a fork", REFUSED,
	    { "JENKINS_URL=x", "gitlabActionType=MERGE", "gitlabMergeRequestIid=7",
	        "gitlabSourceRepoHttpUrl=https://h/x/r.git",
	        "gitlabTargetRepoHttpUrl=https://h/o/r.git" },
	    NULL },
	{ "Jenkins: GitLab, a comment", REFUSED, { "JENKINS_URL=x", "gitlabActionType=NOTE" },
	    NULL },
	{ "Jenkins: Gerrit", REFUSED, { "JENKINS_URL=x", "GERRIT_CHANGE_NUMBER=7" }, NULL },
	{ "Jenkins: a freestyle project", UNKNOWN, { "JENKINS_URL=x", "GIT_BRANCH=origin/main" },
	    NULL },

	{ "CircleCI: a branch", PUSHES, { "CIRCLECI=true", "CIRCLE_BRANCH=main" }, NULL },
	{ "CircleCI: a tag", PUSHES, { "CIRCLECI=true", "CIRCLE_TAG=v1" }, NULL },
	{ "CircleCI: an own request", PLANS,
	    { "CIRCLECI=true", "CIRCLE_BRANCH=topic", "CIRCLE_PULL_REQUEST=https://h/o/r/pull/7" },
	    NULL },
	{ "CircleCI: a fork by its branch", REFUSED, { "CIRCLECI=true", "CIRCLE_BRANCH=pull/5" },
	    NULL },
	{ "CircleCI: a fork by its number", REFUSED,
	    { "CIRCLECI=true", "CIRCLE_BRANCH=pull/5", "CIRCLE_PR_NUMBER=5" }, NULL },
	{ "CircleCI: a fork by its owner", REFUSED,
	    { "CIRCLECI=true", "CIRCLE_BRANCH=main", "CIRCLE_PR_USERNAME=stranger" }, NULL },
	{ "CircleCI: GitHub's merge queue", PLANS,
	    { "CIRCLECI=true", "CIRCLE_BRANCH=gh-readonly-queue/main/pr-7-abc" }, NULL },
	{ "CircleCI: neither", UNKNOWN, { "CIRCLECI=true" }, NULL },

	{ "Buildkite: a push", PUSHES,
	    { "BUILDKITE=true", "BUILDKITE_SOURCE=webhook", "BUILDKITE_PULL_REQUEST=false" },
	    NULL },
	{ "Buildkite: a request", PLANS,
	    { "BUILDKITE=true", "BUILDKITE_SOURCE=webhook", "BUILDKITE_PULL_REQUEST=7",
	        "BUILDKITE_PULL_REQUEST_REPO=u", "BUILDKITE_REPO=u" },
	    NULL },
	{ "Buildkite: a fork", REFUSED,
	    { "BUILDKITE=true", "BUILDKITE_PULL_REQUEST=7", "BUILDKITE_PULL_REQUEST_REPO=x",
	        "BUILDKITE_REPO=u" },
	    NULL },
	{ "Buildkite: GitHub's merge queue", PLANS,
	    { "BUILDKITE=true", "BUILDKITE_SOURCE=webhook", "BUILDKITE_PULL_REQUEST=false",
	        "BUILDKITE_BRANCH=gh-readonly-queue/main/pr-7-abc" },
	    NULL },
	{ "Buildkite: neither", UNKNOWN, { "BUILDKITE=true", "BUILDKITE_SOURCE=webhook" }, NULL },

	{ "Bitbucket: a branch", PUSHES, { "BITBUCKET_BUILD_NUMBER=1", "BITBUCKET_BRANCH=main" },
	    NULL },
	{ "Bitbucket: a request", PLANS,
	    { "BITBUCKET_BUILD_NUMBER=1", "BITBUCKET_BRANCH=topic", "BITBUCKET_PR_ID=7" }, NULL },
	{ "Drone: a push", PUSHES, { "DRONE=true", "DRONE_BUILD_EVENT=push" }, NULL },
	{ "Drone: a request", REFUSED,
	    { "DRONE=true", "DRONE_BUILD_EVENT=pull_request", "DRONE_PULL_REQUEST=7" }, NULL },
	{ "Drone: nothing", UNKNOWN, { "DRONE=true", "DRONE_BRANCH=main" }, NULL },
	{ "Woodpecker: a push", PUSHES, { "CI=woodpecker", "CI_PIPELINE_EVENT=push" }, NULL },
	{ "Woodpecker: a request", REFUSED,
	    { "CI=woodpecker", "CI_PIPELINE_EVENT=pull_request", "CI_COMMIT_PULL_REQUEST=7" },
	    NULL },
	{ "Travis: a push", PUSHES,
	    { "TRAVIS=true", "TRAVIS_EVENT_TYPE=push", "TRAVIS_PULL_REQUEST=false" }, NULL },
	{ "Travis: a request", PLANS,
	    { "TRAVIS=true", "TRAVIS_EVENT_TYPE=pull_request", "TRAVIS_PULL_REQUEST=7",
	        "TRAVIS_PULL_REQUEST_SLUG=o/r", "TRAVIS_REPO_SLUG=o/r" },
	    NULL },
	{ "Travis: a fork", REFUSED,
	    { "TRAVIS=true", "TRAVIS_EVENT_TYPE=pull_request", "TRAVIS_PULL_REQUEST=7",
	        "TRAVIS_PULL_REQUEST_SLUG=x/r", "TRAVIS_REPO_SLUG=o/r" },
	    NULL },
	{ "TeamCity", UNKNOWN, { "TEAMCITY_VERSION=2026.1" }, NULL },
	{ "Tekton", UNKNOWN, { "PACHUP_RESULTS=/tekton/results/sha" }, NULL },

	{ "AWS CodeBuild", UNKNOWN,
	    { "CI=true", "CODEBUILD_BUILD_ID=x", "CODEBUILD_WEBHOOK_EVENT=PULL_REQUEST_CREATED" },
	    NULL },
	{ "AWS CodeBuild without CI", UNKNOWN, { "CODEBUILD_BUILD_ID=x" }, NULL },
	{ "AppVeyor", UNKNOWN, { "CI=True", "APPVEYOR=True" }, NULL },
	{ "Cirrus", UNKNOWN, { "CI=true", "CIRRUS_CI=true" }, NULL },
	{ "Semaphore", UNKNOWN, { "CI=true", "SEMAPHORE=true" }, NULL },
	{ "Harness", UNKNOWN, { "HARNESS_BUILD_ID=x" }, NULL },
	{ "Argo Workflows", UNKNOWN, { "ARGO_NODE_ID=x" }, NULL },
	{ "Prow", UNKNOWN, { "PROW_JOB_ID=x" }, NULL },
	{ "a terminal", PUSHES, { "TERM=xterm" }, NULL },
	{ "a terminal that says so", PUSHES, { "CI=false" }, NULL },
};

/* What the variables and the payload say. */
static struct event
event_of(struct arena *a, const struct row *row)
{
	char name[] = "/tmp/pachup-trust-XXXXXX";
	char **all = ARENA_ARRAY(a, COUNT_OF(row->vars) + 2, char *);
	struct env *env = ARENA_NEW(a, struct env);
	FILE *sink = fopen("/dev/null", "w");
	struct event event = { 0 };
	struct err err = { 0 };
	struct ci ci;
	int fd = mkstemp(name);
	size_t n = 0;

	if (fd < 0 || !sink || (row->payload && write(fd, row->payload, strlen(row->payload)) < 0))
		exit(1);
	for (; n < COUNT_OF(row->vars) && row->vars[n]; n++)
		all[n] = arena_cstr(a, str_of(row->vars[n]));
	if (row->payload)
		all[n] = arena_cstr(a, arena_fmt(a, "GITHUB_EVENT_PATH=%s", name));
	env->vars = all;
	if (ci_open(&ci, a, ci_systems, env, NULL, sink, sink, &err) < 0)
		ok(false, "the system is found: %s", err.text);
	else
		event_read(&ci, a, &event);
	(void)fclose(sink);
	(void)close(fd);
	(void)unlink(name);
	return event;
}

static enum verdict
verdict_of(const struct event *e)
{
	if (e->untrusted)
		return REFUSED;
	if (e->is_pull_request)
		return PLANS;
	return e->unproven ? UNKNOWN : PUSHES;
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct event e = event_of(a, &rows[i]);
		enum verdict got = verdict_of(&e);

		ok(got == rows[i].verdict, "%s %s", rows[i].name, titles[got]);
	}
	arena_free(a);
	return done();
}
