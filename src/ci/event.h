/* event.h: what the CI event says: which commit is meant, which ref, and whether it can be trusted. */
#ifndef CI_EVENT_H
#define CI_EVENT_H

#include <stdbool.h>

#include "base/base.h"
#include "base/str.h"
#include "ci/ci.h"

struct arena;

struct event {
	const char *name; /* "push", "pull_request", "PullRequest", …; NULL on a terminal */
	struct str
	    sha; /* the commit that build steps tag images with: GITHUB_SHA, BUILD_SOURCEVERSION; may
	                        be a tag object: peel it. Empty when the environment names none */
	const char *sha_from;  /* the variable that `sha` came from, or the payload's field */
	struct str head;       /* on a pull request, merged or not: the head commit; else empty */
	const char *head_from; /* "pull_request.head.sha in the event", "SYSTEM_PULLREQUEST_…" */
	struct str ref; /* "refs/heads/main", "refs/tags/v1", "refs/pull/7/merge"; may be empty */
	struct str branch; /* the branch meant by {branch}: a pull request's source branch, else the
	                        short name of refs/heads/…; empty for tags and unknown */
	struct str before; /* the base to compare with for "since: event", or empty */
	struct str repository; /* "owner/name", or Azure's URL; empty off CI */
	struct str number;     /* of the pull request; digits, or empty */
	struct str run_url;    /* where a browser shows this run; empty off CI */
	struct str
	    web; /* the page of the repository where its files are at /blob/COMMIT/PATH, as GitHub and GitLab have it; or empty */
	struct str
	    compare; /* the URL of the page that compares two commits, "{old}" and "{new}" in it; or empty */
	struct str
	    documents; /* the directory docs/ of the action that runs, on the same code host; or empty */
	struct str default_branch; /* the repository's, or empty */
	bool
	    is_pull_request; /* a pull request, or another run of code that is not merged yet (merge_group);
	                          the event of a merge counts as a push to the base */
	bool is_read_only; /* a dependency robot's run, whose token of the system cannot write */
	bool is_deletion;  /* a push that deletes the ref: nothing to do */
	bool is_creation;  /* a push that makes the ref: there is nothing before it */
	const char *
	    unproven; /* in CI: why nothing shows that only those caused the run who may write to the
	                          repository, so that a push is refused: "CI_PIPELINE_SOURCE is not set"; else NULL */
	const char *untrusted; /* why a push must be refused: "a pull request from a fork",
	                          "pull_request_target", …; NULL when trusted */
};

/*
 * Reads GitHub's environment and payload (GITHUB_EVENT_PATH, at most MAX_EVENT_BYTES), or the variables of another
 * system. SHAs are taken only when they are 40 or 64 hex digits. Without a payload that can be read, events that depend
 * on one (pull requests, workflow_run) are untrusted; all others go on with what the environment says. Strings live in
 * `a`.
 */
void event_read(struct ci *ci, struct arena *a, struct event *out);

/* The SHA in `text`, in lower case, in `a`: 40 or 64 hex digits that are not all zero; else empty. */
struct str event_sha(struct arena *a, struct str text);

/* "refs/heads/a/b" → "a/b", "refs/tags/v1" → "v1", "refs/pull/7/merge" → "7/merge"; else the whole. */
struct str ref_short(struct str ref);

#endif
