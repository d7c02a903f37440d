#include "deploy/report/comment.h"

#include "base/arena.h"
#include "ci/ci.h"
#include "forge/repository.h"
#include "secret/audience.h"
#include "secret/digest.h"
#include "session/rest.h"
#include "session/run.h"

enum { MARK_DIGITS = 16 };

bool
comment_is_wanted(const struct run *run)
{
	return run->opt.comment && run->host_tokens[repository_home(&run->env)];
}

/* Where the plan is when no comment has it. */
static const char *
other_place(const struct run *run)
{
	return ci_has_summary(&run->ci) ? "job summary" : "log";
}

int
comment_check(struct run *run, struct err *err)
{
	const struct audience_row *home = &audiences[repository_home(&run->env)];

	if (!run->opt.comment || comment_is_wanted(run))
		return 0;
	if (run->event.untrusted) {
		ci_note(&run->ci,
		    "no comment is written: this run has no token for %s; the plan is in the %s",
		    home->host, other_place(run));
		return 0;
	}
	(void)err_set(err, ERR_USAGE, "input 'comment' needs input '%s'", home->input);
	return err_hint_text(err, repository_comment_hint(&run->env));
}

/* One for each cluster and working directory. */
static struct str
mark_of(struct run *run)
{
	const char *cluster = run->opt.cluster, *dir = run->opt.working_directory;
	struct str key = arena_fmt(run->arena, "%s\n%s", cluster ? cluster : "", dir ? dir : "");

	return arena_fmt(
	    run->arena, "<!-- pachup:plan:%.*s -->", MARK_DIGITS, digest_hex(run->arena, key).ptr);
}

static struct str
body_of(struct run *run, struct str mark, struct str markdown)
{
	return arena_fmt(run->arena, "%.*s\n%.*s", STR_FMT(mark), STR_FMT(markdown));
}

/* Runs for strangers and for dependency robots get tokens that only read, so that is not an error. */
static void
tell_failure(struct run *run, const char *request, bool is_denied, const struct err *err)
{
	const char *host = audiences[repository_home(&run->env)].host;

	if (is_denied && (run->event.is_read_only || run->event.untrusted))
		ci_note(&run->ci,
		    "no comment is written: %s gives runs for %s a read-only token; the plan is in "
		    "the %s",
		    host, run->event.is_read_only ? "Dependabot" : "pull requests from forks",
		    other_place(run));
	else
		ci_warn(&run->ci, "cannot write the comment on %s %.*s: %s%s%s", request,
		    STR_FMT(run->event.number), err->text, err->hint[0] ? "; hint: " : "",
		    err->hint);
}

void
comment_write(struct run *run, struct str markdown, struct str shorter)
{
	struct forge_opts opts = { .env = &run->env,
		.rest = token_rest(run),
		.tokens = run->host_tokens,
		.find_proxy = token_proxy,
		.ctx = run };
	struct str mark = mark_of(run), body = body_of(run, mark, markdown);
	struct err err = { .kind = ERR_NONE };
	bool is_new = false, is_denied = false;
	const char *request = "pull request";
	struct repository *host;
	int rc = -1;

	if (!run->opt.comment)
		return;
	if (!run->event.is_pull_request || run->event.number.len == 0) {
		ci_note(&run->ci, "no comment is written: this run is not about a pull request");
		return;
	}
	host = repository_open(run->arena, NULL, &opts, &err);
	if (host) {
		request = repository_request_word(host);
		if (body.len > repository_comment_max(host))
			body = body_of(run, mark, shorter);
		rc = repository_comment(
		    host, run->event.number, mark, body, &is_new, &is_denied, &err);
	}
	if (rc < 0)
		tell_failure(run, request, is_denied, &err);
	else
		ci_log(&run->ci, "comment on %s %.*s: %s", request, STR_FMT(run->event.number),
		    is_new ? "written" : "updated");
	repository_close(host);
}
