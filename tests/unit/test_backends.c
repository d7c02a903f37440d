/*
 * Conformance: the same report through every back-end, compared byte by byte with tests/unit/backends/SYSTEM. With
 * UPDATE_BACKENDS=1 the files are written anew: read the difference before you believe it.
 */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "capture.h"

#include <ctype.h>
#include <unistd.h>

#include "ci/event.h"

static const struct system {
	const char *word, *vars[14];
} systems[] = {
	{ "none", { NULL } },
	{ "github",
	    { "GITHUB_ACTIONS=true", "GITHUB_EVENT_NAME=push",
	        "GITHUB_SHA=1111111111111111111111111111111111111111", "GITHUB_REF=refs/heads/main",
	        "GITHUB_REPOSITORY=o/r", "GITHUB_SERVER_URL=https://github.example",
	        "GITHUB_RUN_ID=7", "RUNNER_DEBUG=1" } },
	{ "azure",
	    { "TF_BUILD=True", "BUILD_REASON=IndividualCI",
	        "BUILD_SOURCEVERSION=1111111111111111111111111111111111111111",
	        "BUILD_SOURCEBRANCH=refs/heads/feature/tools", "BUILD_SOURCEBRANCHNAME=tools",
	        "BUILD_REPOSITORY_NAME=r", "SYSTEM_COLLECTIONURI=https://dev.example/o/",
	        "SYSTEM_TEAMPROJECT=p", "BUILD_BUILDID=7", "SYSTEM_DEBUG=True" } },
	{ "gitlab",
	    { "GITLAB_CI=true", "CI_COMMIT_SHA=1111111111111111111111111111111111111111",
	        "CI_MERGE_REQUEST_IID=5", "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME=topic",
	        "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA=2222222222222222222222222222222222222222",
	        "CI_MERGE_REQUEST_DIFF_BASE_SHA=3333333333333333333333333333333333333333",
	        "CI_COMMIT_BEFORE_SHA=0000000000000000000000000000000000000000",
	        "CI_MERGE_REQUEST_PROJECT_ID=1", "CI_MERGE_REQUEST_SOURCE_PROJECT_ID=2",
	        "CI_PROJECT_PATH=g/p", "CI_DEFAULT_BRANCH=main",
	        "CI_JOB_URL=https://gitlab.example/g/p/-/jobs/7" } },
	{ "jenkins",
	    { "JENKINS_URL=https://jenkins.example/",
	        "GIT_COMMIT=1111111111111111111111111111111111111111", "GIT_BRANCH=origin/main",
	        "GIT_PREVIOUS_COMMIT=3333333333333333333333333333333333333333",
	        "BUILD_URL=https://jenkins.example/job/x/7/" } },
	{ "circleci",
	    { "CIRCLECI=true", "CIRCLE_SHA1=1111111111111111111111111111111111111111",
	        "CIRCLE_BRANCH=pull/5", "CIRCLE_PULL_REQUEST=https://github.example/o/r/pull/5",
	        "CIRCLE_PR_NUMBER=5", "CIRCLE_BUILD_URL=https://circleci.example/7" } },
	{ "buildkite", { "BUILDKITE=true", "BUILDKITE_COMMIT=HEAD", "BUILDKITE_BRANCH=main",
	                   "BUILDKITE_PULL_REQUEST=false",
	                   "BUILDKITE_BUILD_URL=https://buildkite.example/7" } },
	{ "bitbucket",
	    { "BITBUCKET_BUILD_NUMBER=7",
	        "BITBUCKET_COMMIT=1111111111111111111111111111111111111111",
	        "BITBUCKET_BRANCH=topic", "BITBUCKET_PR_ID=5",
	        "BITBUCKET_PR_DESTINATION_COMMIT=3333333333333333333333333333333333333333",
	        "BITBUCKET_REPO_FULL_NAME=o/r" } },
	{ "drone", { "DRONE=true", "DRONE_COMMIT_SHA=1111111111111111111111111111111111111111",
	               "DRONE_BRANCH=main", "DRONE_SOURCE_BRANCH=topic", "DRONE_PULL_REQUEST=5",
	               "DRONE_REPO=o/r",
	               "DRONE_COMMIT_BEFORE=3333333333333333333333333333333333333333" } },
	{ "woodpecker", { "CI=woodpecker", "CI_COMMIT_SHA=1111111111111111111111111111111111111111",
	                    "CI_COMMIT_TAG=v1", "CI_COMMIT_BRANCH=main", "CI_REPO=o/r",
	                    "CI_PREV_COMMIT_SHA=3333333333333333333333333333333333333333" } },
	{ "teamcity", { "TEAMCITY_VERSION=2024.1",
	                  "BUILD_VCS_NUMBER=1111111111111111111111111111111111111111" } },
	{ "travis", { "TRAVIS=true", "TRAVIS_COMMIT=1111111111111111111111111111111111111111",
	                "TRAVIS_BRANCH=main", "TRAVIS_PULL_REQUEST=5",
	                "TRAVIS_PULL_REQUEST_BRANCH=topic", "TRAVIS_PULL_REQUEST_SLUG=o/r",
	                "TRAVIS_PULL_REQUEST_SHA=2222222222222222222222222222222222222222",
	                "TRAVIS_REPO_SLUG=o/r" } },
	{ "tekton", { NULL } },
};

static void
tell_event(FILE *to, struct ci *ci, struct arena *a)
{
	struct event e;

	event_read(ci, a, &e);
	fprintf(to,
	    "event %s\nsha %.*s from %s\nhead %.*s\nref %.*s\nbranch %.*s\nbefore %.*s\nrepository "
	    "%.*s\nrun %.*s\n"
	    "pull request %s\nuntrusted %s\n",
	    e.name ? e.name : "-", STR_FMT(e.sha), e.sha_from ? e.sha_from : "-", STR_FMT(e.head),
	    STR_FMT(e.ref), STR_FMT(e.branch), STR_FMT(e.before), STR_FMT(e.repository),
	    STR_FMT(e.run_url), e.is_pull_request ? "yes" : "no", e.untrusted ? e.untrusted : "no");
}

/* A whole run's worth of words, with everything in them that a runner could take for its own. */
static void
report(struct ci *ci, struct arena *a)
{
	struct diags d = diags_in(a);
	struct err err = { 0 };

	ci_group(ci, "plan 'x' [1]");
	ci_log(ci, "commit 1111111 (HEAD): ::error::50%%, ##[group]x; a|b]");
	ci_out(ci, "update  edges  a:1 -> a:2");
	ci_change(ci, '-', "image: %s", "a:1");
	ci_change(ci, '+', "image: %s", "a:2");
	ci_group_end(ci);
	ci_note(ci, "a note");
	ci_debug(ci, "not shown");
	ci->is_verbose = true;
	ci_debug(ci, "call x.Y/Z: 50%%, ##[group]; a|b]");
	ci_warn(ci, "a warning\nof two lines");
	diag_hint(&d,
	    diags_error(&d, CHECK_SYNTAX, "a,b.json", (struct span){ .line = 3, .col = 7 },
	        "wrong; [here]"),
	    "do: this");
	ci_diags(ci, &d);
	ci_progress(ci, 1, 3, "waiting");
	ci_heading(ci, "::summary [1]");
	(void)err_set(&err, ERR_REFUSED, "it's refused");
	(void)err_hint(&err, "ask | again");
	ci_error(ci, &err);
}

static struct str
file_text(struct arena *a, const char *path)
{
	FILE *f = fopen(path, "r");
	char *text = arena_alloc(a, 1 << 16);
	size_t len = f ? fread(text, 1, (1 << 16) - 1, f) : 0;

	if (f)
		(void)fclose(f);
	return (struct str){ text, len };
}

/* GitLab's folds carry the time. */
static void
hide_time(char *text)
{
	char *at = text;

	while ((at = strstr(at, "section_")) != NULL) {
		at += strcspn(at, ":") + 1;
		while (isdigit((unsigned char)*at))
			*at++ = '0';
	}
}

/* Appends the file, where there is one, and removes it. */
static void
tell_file(FILE *to, struct arena *a, const char *dir, const char *name)
{
	const char *path = arena_fmt(a, "%s/%s", dir, name).ptr;
	struct str text = file_text(a, path);

	if (unlink(path) == 0)
		fprintf(to, "\n%s:\n%.*s", name, STR_FMT(text));
}

static void
tell_all(FILE *to, struct arena *a, const struct system *system, const char *dir)
{
	const char *vars[16] = { arena_fmt(a, "CI_PROJECT_DIR=%s", dir).ptr };
	struct capture m;
	struct err err;
	FILE *log;

	for (size_t i = 0; system->vars[i]; i++)
		vars[i + 1] = system->vars[i];
	if (strcmp(system->word, "tekton") == 0)
		vars[1] = arena_fmt(a, "PACHUP_RESULTS=%s/changed\n%s/plan-json", dir, dir).ptr;
	capture_open(&m, a, vars);
	log = m.ci.log;
	ci_set_channel(&m.ci, true, true);
	tell_event(to, &m.ci, a);
	report(&m.ci, a);
	if (ci_output(&m.ci, "sha", STR("1111"), &err) < 0
	    || ci_output(&m.ci, "plan-json", STR("{\n}"), &err) < 0)
		exit(1);
	(void)fclose(log);
	if (m.ci.log == log)
		(void)fflush(m.ci.out);
	(void)fclose(m.ci.out);
	fprintf(to, "\n%s%s", m.out, m.log);
	capture_free(&m);
}

static void
check(struct arena *a, const struct system *system, const char *dir)
{
	const char *path = arena_fmt(a, "tests/unit/backends/%s", system->word).ptr;
	char *text = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&text, &len);

	tell_all(to, a, system, dir);
	tell_file(to, a, dir, "pachup.env");
	tell_file(to, a, dir, "pachup-code-quality.json");
	tell_file(to, a, dir, "plan-json");
	(void)fclose(to);
	hide_time(text);
	if (getenv("UPDATE_BACKENDS")) {
		FILE *f = fopen(path, "w");

		if (!f || fwrite(text, 1, len, f) != len || fclose(f) != 0)
			exit(1);
	}
	ok(str_eq(file_text(a, path), (struct str){ text, len }), "%s is as %s says", system->word,
	    path);
	free(text);
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);
	const char *base = getenv("TMPDIR");
	char *dir = arena_cstr(a, arena_fmt(a, "%s/pachup-backends-XXXXXX", base ? base : "/tmp"));

	if (!mkdtemp(dir))
		exit(1);
	for (size_t i = 0; i < COUNT_OF(systems); i++)
		check(a, &systems[i], dir);
	ok(rmdir(dir) == 0, "nothing else was written");
	arena_free(a);
	return done();
}
