#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "tap.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "ci/ci.h"
#include "ci/event.h"
#include "ci/systems/systems.h"

#define A40 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B40 "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define C40 "cccccccccccccccccccccccccccccccccccccccc"
#define Z40 "0000000000000000000000000000000000000000"

/* What the variables and the payload (NULL: none) say. */
static struct event
event_of(struct arena *a, const char *const *vars, size_t count, const char *payload)
{
	char name[] = "/tmp/pachup-event-XXXXXX";
	char **all = ARENA_ARRAY(a, count + 3, char *);
	struct env *env = ARENA_NEW(a, struct env);
	FILE *sink = fopen("/dev/null", "w");
	struct event event = { 0 };
	struct err err = { 0 };
	struct ci ci;
	int fd = mkstemp(name);
	size_t n = 0;

	if (fd < 0 || !sink || (payload && write(fd, payload, strlen(payload)) < 0))
		exit(1);
	for (size_t i = 0; i < count && vars[i]; i++)
		all[n++] = arena_cstr(a, str_of(vars[i]));
	if (payload)
		all[n++] = arena_cstr(a, arena_fmt(a, "GITHUB_EVENT_PATH=%s", name));
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

#define GITHUB(name, sha, ref)                                                                  \
	"GITHUB_ACTIONS=true", "GITHUB_EVENT_NAME=" name, "GITHUB_SHA=" sha, "GITHUB_REF=" ref, \
	    "GITHUB_REPOSITORY=o/r"
#define PR(head, repo)                                                       \
	"{\"action\":\"opened\",\"pull_request\":{\"head\":{\"sha\":\"" head \
	"\",\"ref\":\"topic\","                                              \
	"\"repo\":" repo "},\"base\":{\"sha\":\"" C40 "\",\"ref\":\"main\"}}}"

#define MERGED(merged, repo)                                           \
	"{\"action\":\"closed\",\"pull_request\":{\"merged\":" merged  \
	",\"merge_commit_sha\":\"" B40 "\",\"head\":{\"sha\":\"" A40   \
	"\",\"ref\":\"topic\",\"repo\":{\"full_name\":\"" repo "\"}}," \
	"\"base\":{\"sha\":\"" C40 "\",\"ref\":\"main\"}}}"

static const struct row {
	const char *name;
	const char *vars[8];
	const char *payload;
	const char *sha, *head, *branch, *untrusted; /* untrusted: a part of it; "" trusted */
	bool is_pull_request, is_deletion;
} rows[] = {
	{ "a push", { GITHUB("push", A40, "refs/heads/feature/x") },
	    "{\"before\":\"" B40 "\",\"after\":\"" A40 "\"}", A40, "", "feature/x", "", false,
	    false },
	{ "a tag", { GITHUB("push", A40, "refs/tags/v1") }, "{}", A40, "", "", "", false, false },
	{ "a push without a payload", { GITHUB("push", A40, "refs/heads/main") }, NULL, A40, "",
	    "main", "", false, false },
	{ "a deletion", { GITHUB("push", A40, "refs/heads/main") },
	    "{\"deleted\":true,\"after\":\"" Z40 "\"}", A40, "", "main", "", false, true },
	{ "a pull request", { GITHUB("pull_request", A40, "refs/pull/7/merge") },
	    PR(B40, "{\"full_name\":\"o/r\"}"), A40, B40, "topic", "", true, false },
	{ "a fork", { GITHUB("pull_request", A40, "refs/pull/7/merge") },
	    PR(B40, "{\"full_name\":\"x/r\",\"fork\":true}"), A40, B40, "topic", "from a fork",
	    true, false },
	{ "a head repository that is gone", { GITHUB("pull_request", A40, "refs/pull/7/merge") },
	    PR(B40, "null"), A40, B40, "topic", "that is gone", true, false },
	{ "a pull request without a payload", { GITHUB("pull_request", A40, "refs/pull/7/merge") },
	    NULL, A40, "", "", "unknown origin", true, false },
	{ "a broken payload", { GITHUB("pull_request", A40, "refs/pull/7/merge") }, "{\"x\":", A40,
	    "", "", "unknown origin", true, false },
	{ "a head that is not a commit", { GITHUB("pull_request", A40, "refs/pull/7/merge") },
	    PR("--upload-pack", "{\"full_name\":\"o/r\"}"), A40, "", "topic", "", true, false },
	{ "pull_request_target", { GITHUB("pull_request_target", A40, "refs/heads/main") },
	    PR(B40, "{\"full_name\":\"o/r\"}"), A40, B40, "topic", "pull_request_target", true,
	    false },
	{ "a comment", { GITHUB("issue_comment", A40, "refs/heads/main") }, "{}", A40, "", "main",
	    "issue_comment", false, false },
	{ "a run of ours", { GITHUB("workflow_run", A40, "refs/heads/main") },
	    "{\"workflow_run\":{\"head_sha\":\"" B40 "\",\"head_branch\":\"topic\","
	    "\"head_repository\":{\"full_name\":\"o/r\"},\"event\":\"push\"}}",
	    B40, "", "topic", "", false, false },
	{ "a run of a fork", { GITHUB("workflow_run", A40, "refs/heads/main") },
	    "{\"workflow_run\":{\"head_sha\":\"" B40 "\","
	    "\"head_repository\":{\"full_name\":\"x/r\"}}}",
	    B40, "", "main", "of a fork", false, false },
	{ "azure",
	    { "TF_BUILD=True", "BUILD_SOURCEVERSION=" A40, "BUILD_SOURCEBRANCH=refs/heads/a/b",
	        "BUILD_REASON=IndividualCI" },
	    NULL, A40, "", "a/b", "", false, false },
	{ "azure, a pull request",
	    { "TF_BUILD=True", "BUILD_SOURCEVERSION=" A40, "BUILD_SOURCEBRANCH=refs/pull/1/merge",
	        "BUILD_REASON=PullRequest", "SYSTEM_PULLREQUEST_SOURCECOMMITID=" B40,
	        "SYSTEM_PULLREQUEST_SOURCEBRANCH=refs/heads/topic",
	        "SYSTEM_PULLREQUEST_ISFORK=False" },
	    NULL, A40, B40, "topic", "", true, false },
	{ "azure, a fork",
	    { "TF_BUILD=True", "BUILD_SOURCEVERSION=" A40, "BUILD_REASON=PullRequest",
	        "SYSTEM_PULLREQUEST_SOURCECOMMITID=" B40, "SYSTEM_PULLREQUEST_ISFORK=True" },
	    NULL, A40, B40, "", "fork", true, false },
	{ "a terminal", { "HOME=/" }, NULL, "", "", "", "", false, false },
};

static void
test_event_read__by_event(struct arena *a)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct row *row = &rows[i];
		struct event e = event_of(a, row->vars, COUNT_OF(row->vars), row->payload);

		ok(str_is(e.sha, row->sha), "%s: sha '%.*s'", row->name, STR_FMT(e.sha));
		ok(str_is(e.head, row->head), "%s: head '%.*s'", row->name, STR_FMT(e.head));
		ok(str_is(e.branch, row->branch), "%s: branch '%.*s'", row->name,
		    STR_FMT(e.branch));
		ok(e.is_pull_request == row->is_pull_request && e.is_deletion == row->is_deletion,
		    "%s: what it is", row->name);
		ok(row->untrusted[0] ? e.untrusted && strstr(e.untrusted, row->untrusted) != NULL
		                     : e.untrusted == NULL,
		    "%s: trust '%s'", row->name, e.untrusted ? e.untrusted : "yes");
	}
}

static const struct detail {
	const char *name;
	const char *vars[8];
	const char *payload;
	const char *sha, *sha_from, *before, *ref, *branch, *untrusted;
	bool is_pull_request;
} details[] = {
	{ "a push has a base", { GITHUB("push", A40, "refs/heads/main") },
	    "{\"before\":\"" B40 "\"}", A40, "GITHUB_SHA", B40, "refs/heads/main", "main", "",
	    false },
	{ "a new branch has none", { GITHUB("push", A40, "refs/heads/main") },
	    "{\"before\":\"" Z40 "\"}", A40, "GITHUB_SHA", "", "refs/heads/main", "main", "",
	    false },
	{ "a pull request's base", { GITHUB("pull_request", A40, "refs/pull/7/merge") },
	    PR(B40, "{\"full_name\":\"o/r\"}"), A40, "GITHUB_SHA", C40, "refs/pull/7/merge",
	    "topic", "", true },
	{ "a merged pull request is like a push", { GITHUB("pull_request", A40, "main") },
	    MERGED("true", "o/r"), B40, "pull_request.merge_commit_sha in the event", C40,
	    "refs/heads/main", "main", "", false },
	{ "a merged one of a fork", { GITHUB("pull_request", A40, "main") }, MERGED("true", "x/r"),
	    B40, "pull_request.merge_commit_sha in the event", C40, "refs/heads/main", "main",
	    "from a fork", false },
	{ "one closed without a merge", { GITHUB("pull_request", A40, "refs/pull/7/merge") },
	    MERGED("false", "o/r"), A40, "GITHUB_SHA", C40, "refs/pull/7/merge", "topic", "",
	    true },
	{ "a review of a fork", { GITHUB("pull_request_review", A40, "refs/pull/7/merge") },
	    PR(B40, "{\"full_name\":\"x/r\"}"), A40, "GITHUB_SHA", C40, "refs/pull/7/merge",
	    "topic", "from a fork", true },
	{ "the branch that the runner names",
	    { GITHUB("pull_request", A40, "refs/pull/7/merge"), "GITHUB_HEAD_REF=a/b" },
	    PR(B40, "{\"full_name\":\"o/r\"}"), A40, "GITHUB_SHA", C40, "refs/pull/7/merge", "a/b",
	    "", true },
	{ "a merge group", { GITHUB("merge_group", A40, "refs/heads/gh-readonly-queue/main/pr-1") },
	    "{\"merge_group\":{\"head_sha\":\"" B40 "\",\"base_sha\":\"" C40 "\"}}", B40,
	    "merge_group.head_sha in the event", C40, "refs/heads/gh-readonly-queue/main/pr-1",
	    "gh-readonly-queue/main/pr-1", "", true },
	{ "a run after pull_request_target", { GITHUB("workflow_run", A40, "refs/heads/main") },
	    "{\"workflow_run\":{\"event\":\"pull_request_target\","
	    "\"head_repository\":{\"full_name\":\"o/r\"}}}",
	    A40, "GITHUB_SHA", "", "refs/heads/main", "main", "pull_request_target", false },
	{ "a run whose payload is gone", { GITHUB("workflow_run", A40, "refs/heads/main") }, NULL,
	    A40, "GITHUB_SHA", "", "refs/heads/main", "main", "unknown origin", false },
	{ "a key that is twice", { GITHUB("pull_request", A40, "refs/pull/7/merge") },
	    "{\"action\":\"opened\",\"action\":\"closed\"}", A40, "GITHUB_SHA", "",
	    "refs/pull/7/merge", "", "unknown origin", true },
	{ "a field of another kind", { GITHUB("push", A40, "refs/heads/main") },
	    "{\"before\":[\"" B40 "\"],\"deleted\":\"true\"}", A40, "GITHUB_SHA", "",
	    "refs/heads/main", "main", "", false },
	{ "a list is not a payload", { GITHUB("push", A40, "refs/heads/main") },
	    "[{\"before\":\"" B40 "\"},{}]", A40, "GITHUB_SHA", "", "refs/heads/main", "main", "",
	    false },
	{ "no commit at all", { GITHUB("push", "--exec", "refs/heads/main") }, "{}", "", NULL, "",
	    "refs/heads/main", "main", "", false },
	{ "azure, a pull request started by hand",
	    { "TF_BUILD=True", "BUILD_SOURCEVERSION=" A40, "BUILD_SOURCEBRANCH=refs/pull/1/merge",
	        "BUILD_REASON=Manual" },
	    NULL, A40, "BUILD_SOURCEVERSION", "", "refs/pull/1/merge", "", "unknown origin", true },
	{ "azure, a tag",
	    { "TF_BUILD=True", "BUILD_SOURCEVERSION=" A40, "BUILD_SOURCEBRANCH=refs/tags/v1",
	        "BUILD_REASON=IndividualCI" },
	    NULL, A40, "BUILD_SOURCEVERSION", "", "refs/tags/v1", "", "", false },
	{ "azure, a branch without its prefix",
	    { "TF_BUILD=True", "BUILD_REASON=PullRequest", "SYSTEM_PULLREQUEST_SOURCEBRANCH=topic",
	        "SYSTEM_PULLREQUEST_ISFORK=false" },
	    NULL, "", NULL, "", "", "topic", "", true },
};

static void
test_event_read__details(struct arena *a)
{
	for (size_t i = 0; i < COUNT_OF(details); i++) {
		const struct detail *row = &details[i];
		struct event e = event_of(a, row->vars, COUNT_OF(row->vars), row->payload);

		ok(str_is(e.sha, row->sha)
		        && (row->sha_from ? e.sha_from && !strcmp(e.sha_from, row->sha_from)
		                          : !e.sha_from),
		    "%s: sha '%.*s' from %s", row->name, STR_FMT(e.sha),
		    e.sha_from ? e.sha_from : "-");
		ok(str_is(e.before, row->before), "%s: before '%.*s'", row->name,
		    STR_FMT(e.before));
		ok(str_is(e.ref, row->ref) && str_is(e.branch, row->branch),
		    "%s: ref '%.*s' '%.*s'", row->name, STR_FMT(e.ref), STR_FMT(e.branch));
		ok(e.is_pull_request == row->is_pull_request && !e.is_deletion, "%s: what it is",
		    row->name);
		ok(row->untrusted[0] ? e.untrusted && strstr(e.untrusted, row->untrusted) != NULL
		                     : e.untrusted == NULL,
		    "%s: trust '%s'", row->name, e.untrusted ? e.untrusted : "yes");
	}
}

static void
test_event_sha__only_whole_ones(struct arena *a)
{
	static const struct {
		const char *text, *sha;
	} shas[] = {
		{ A40, A40 },
		{ "ABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCD",
		    "abcdefabcdefabcdefabcdefabcdefabcdefabcd" },
		{ Z40, "" },
		{ "aaaaaaa", "" },
		{ A40 "a", "" },
		{ A40 "bbbbbbbbbbbbbbbbbbbbbbbb", A40 "bbbbbbbbbbbbbbbbbbbbbbbb" },
		{ "gaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "" },
		{ "", "" },
	};

	for (size_t i = 0; i < COUNT_OF(shas); i++)
		ok(str_is(event_sha(a, str_of(shas[i].text)), shas[i].sha), "sha row %zu", i);
}

static void
test_ref_short__prefixes(void)
{
	ok(str_is(ref_short(STR("refs/heads/a/b")), "a/b"), "a branch");
	ok(str_is(ref_short(STR("refs/tags/v1")), "v1"), "a tag");
	ok(str_is(ref_short(STR("refs/pull/7/merge")), "7/merge"), "a pull request");
	ok(str_is(ref_short(STR("main")), "main"), "a short name stays");
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_event_read__by_event(a);
	test_event_read__details(a);
	test_event_sha__only_whole_ones(a);
	test_ref_short__prefixes();
	arena_free(a);
	return done();
}
