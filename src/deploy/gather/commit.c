#include "deploy/gather/commit.h"

#include "base/arena.h"
#include "git/repo.h"
#include "git/written.h"
#include "session/run.h"

static bool
is_sha(struct str s)
{
	return (s.len == 40 || s.len == 64) && str_is_of(s, CHARS_HEX "ABCDEF");
}

/* The commit as somebody names it, and who does. */
struct named {
	struct str rev;
	const char *from;
	bool is_input; /* it is the value of input `sha` */
};

static struct named
choose_commit(const struct run *run)
{
	const struct event *event = &run->event;
	bool head = run->opt.sha_source == SHA_SOURCE_HEAD;
	const char *plan = run->opt.plan;

	if (run->opt.sha && plan && run->in.from[IN_SHA] == plan)
		return (struct named){ str_of(run->opt.sha),
			arena_fmt(run->arena, "plan '%s'", plan).ptr, false };
	if (run->opt.sha)
		return (struct named){ str_of(run->opt.sha), "input 'sha'", true };
	if (head && event->head.len > 0)
		return (struct named){ event->head, event->head_from, false };
	return (struct named){ event->sha, event->sha_from, false };
}

static void
log_commit(struct run *run, const struct commit *c, const char *from, struct str subject)
{
	const struct event *event = &run->event;

	ci_log(&run->ci, "commit %.*s (%s)%s%.*s", STR_FMT(c->sha), from, subject.len ? ": " : "",
	    STR_FMT(subject));
	if (event->is_pull_request && event->head.len > 0 && !str_eq(event->head, event->sha))
		ci_log(&run->ci,
		    "pull request: build steps see the merge commit %.*s, the head commit is %.*s "
		    "(input 'sha-source' chooses)",
		    STR_FMT(event->sha), STR_FMT(event->head));
}

/* Whether the event means the commit: what it builds, or the head of the pull request. */
static bool
is_of_event(struct run *run, struct repo *repo, struct str sha)
{
	const struct event *event = &run->event;
	struct err ignored;
	struct str built;

	if (repo_peel(repo, run->arena, event->sha, &built, &ignored) < 0)
		built = event->sha;
	return str_eq(sha, built) || str_eq(sha, event->head);
}

/* A checkout step with a ref of its own: the specs are those of HEAD, but images are tagged with the event's commit. */
static void
compare_head(struct run *run, struct repo *repo, const struct named *named, struct commit *c)
{
	struct repo_head head = { .sha = { "", 0 } };
	struct err ignored;

	c->source = c->sha;
	if (named->rev.ptr != run->event.sha.ptr || repo_head(repo, run->arena, &head, &ignored) < 0
	    || str_eq(head.sha, c->sha) || is_of_event(run, repo, head.sha))
		return;
	c->source = head.sha;
	ci_warn(&run->ci,
	    "the files are those of commit %.*s (HEAD), but {sha} is %.*s (%s); if the images were "
	    "built from HEAD, set input 'sha' to HEAD",
	    STR_FMT(head.sha), STR_FMT(c->sha), named->from);
}

/* No image is built from a commit that only writes tags back. */
static void
skip_written(struct run *run, struct repo *repo, struct commit *c)
{
	struct str sha = written_skip(repo, run->arena, c->sha, run->opt.branch, run->opt.title);

	if (str_eq(sha, c->sha))
		return;
	ci_log(&run->ci,
	    "commit %.*s writes image tags back: {sha} is %.*s, from which the images are built",
	    STR_FMT(c->sha), STR_FMT(sha));
	c->sha = sha;
}

/* Input `sha` names the commit of the images; the files are those of HEAD, and so is the branch where no CI system says one. */
static void
find_branch(struct run *run, struct repo *repo, struct commit *out)
{
	struct repo_head head;
	struct err ignored;

	if (run->opt.sha && run->event.ref.len == 0 && out->branch.len == 0
	    && repo_head(repo, run->arena, &head, &ignored) == 0)
		out->branch = head.branch;
}

/* With a repository: peels what is named, or takes HEAD. */
static int
from_repo(struct run *run, struct repo *repo, const struct named *named, struct commit *out,
    struct err *err)
{
	struct repo_head head = { .sha = { "", 0 } };
	const char *from = named->from;

	if (named->rev.len == 0) {
		if (repo_head(repo, run->arena, &head, err) < 0)
			return -1;
		out->sha = head.sha;
		if (out->branch.len == 0)
			out->branch = head.branch;
		from = head.branch.len
		           ? arena_fmt(run->arena, "HEAD of branch %.*s", STR_FMT(head.branch)).ptr
		           : "HEAD, detached";
	} else if (repo_peel(repo, run->arena, named->rev, &out->sha, err) < 0) {
		if (!is_sha(named->rev))
			return named->is_input ? err_wrap(err, "input 'sha'")
			                       : err_wrap(err, "%s", named->from);
		out->sha = named->rev; /* a whole SHA means itself, fetched or not */
	}
	log_commit(run, out, from, repo_subject(repo, run->arena, out->sha));
	compare_head(run, repo, named, out);
	find_branch(run, repo, out);
	if (!run->opt.sha)
		skip_written(run, repo, out);
	return 0;
}

int
commit_find(struct run *run, bool needed, struct commit *out, struct err *err)
{
	const char *workspace = ci_workspace(&run->ci);
	struct named named = choose_commit(run);
	struct repo *repo = repo_open(run->arena, ".", workspace != NULL, err);
	int rc;

	*out = (struct commit){ .branch = run->event.branch,
		.ref = ref_short(run->event.ref),
		.repository = run->event.repository };
	if (!repo && workspace)
		repo = repo_open(run->arena, workspace, true, err);
	if (repo) {
		rc = from_repo(run, repo, &named, out, err);
		if (rc == 0 && out->repository.len == 0)
			out->repository = repo_remote(repo, run->arena);
		repo_close(repo);
	} else if (is_sha(named.rev)) {
		out->sha = out->source = named.rev;
		log_commit(run, out, named.from, (struct str){ "", 0 });
		rc = 0;
	} else {
		rc = -1;
	}
	if (out->ref.len == 0)
		out->ref = out->branch;
	if (rc < 0 && needed)
		return -1;
	return 0;
}
