/* Whether there may be a write-back, before anything is asked or sent. */
#include <string.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "edit/write_back.h"
#include "edit/write_back_inside.h"
#include "git/repo.h"
#include "session/rest.h"

enum {
	MAX_BRANCH_BYTES =
	    200,        /* of GitHub's 255 for a reference, of which "refs/heads/" is a part */
	MAX_TITLE = 255 /* characters: GitLab's; GitHub takes 256, Azure DevOps 400 */
};

/* The event must not be a stranger's; a pull request shows only what it would write. */
static int
check_event(struct back *b, struct err *err)
{
	const struct event *event = &b->run->event;
	bool says_push = b->run->opt.event == EVENT_PUSH;

	if (event->untrusted || (event->unproven && !b->run->opt.event)) {
		(void)err_set(err, ERR_REFUSED, "nothing is written back on this event: %s",
		    event->untrusted ? event->untrusted : event->unproven);
		return err_hint(err,
		    "write back in a run for a push that only people who may write "
		    "to the repository can cause");
	}
	if (!b->checking && (event->is_pull_request || b->run->opt.event == EVENT_PULL_REQUEST)
	    && !says_push) {
		b->checking = true;
		ci_note(&b->run->ci, "pull request: this run only shows what it would write back");
	}
	return 0;
}

/* A flag of the list that was given; NULL: none was. An action has all its inputs, and they say nothing. */
static const char *
given_flag(const struct run *run, const enum input_id *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (run->in.from[list[i]] && str_starts(str_of(run->in.from[list[i]]), "--"))
			return run->in.from[list[i]];
	return NULL;
}

/* A flag that means nothing here; *why says so. */
static const char *
idle_flag(const struct run *run, bool is_push, const char **why, const char **hint)
{
	static const enum input_id of_requests[] = { IN_BRANCH, IN_TITLE, IN_LABELS, IN_REVIEWERS,
		IN_DRAFT, IN_AUTO_MERGE, IN_PLAN_FOR };
	static const enum input_id of_all[] = { IN_REPO, IN_BASE, IN_SIGN_OFF, IN_FORCE, IN_BRANCH,
		IN_TITLE, IN_LABELS, IN_REVIEWERS, IN_DRAFT, IN_AUTO_MERGE, IN_PLAN_FOR,
		IN_DIRECT };
	const struct options *opt = &run->opt;

	if (is_push ? opt->write_back : opt->pull_request || opt->direct) {
		*why = "a pull request, and --direct opens none";
		*hint = "remove --direct";
		return opt->direct ? given_flag(run, of_requests, COUNT_OF(of_requests)) : NULL;
	}
	*why = "write-back";
	*hint = is_push ? "add --write-back" : "add --pull-request or --direct";
	return given_flag(run, of_all, COUNT_OF(of_all));
}

int
write_back_check(const struct run *run, struct err *err)
{
	const char *why, *hint;
	bool is_push = run->opt.command != COMMAND_SET_IMAGE;
	const char *idle = idle_flag(run, is_push, &why, &hint);

	if (!idle)
		return 0;
	(void)err_set(err, ERR_USAGE, "%s is for %s", idle, why);
	return err_hint(err, "%s, or remove %s", hint, idle);
}

static bool
holds_any(struct str text, const char *bytes)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		if (c <= ' ' || c == 0x7f || strchr(bytes, c))
			return true;
	}
	return false;
}

/* git-check-ref-format(1), and what hosts refuse beside. NULL: it may be a branch's name. */
static const char *
name_fault(struct str name)
{
	struct str rest = name, part;

	if (name.len == 0 || name.len > MAX_BRANCH_BYTES)
		return "is empty or too long";
	if (str_starts(name, "-") || str_is(name, "HEAD") || str_is(name, "@"))
		return "is not a branch's name";
	if (holds_any(name, "~^:?*[\\"))
		return "holds a blank, or one of ~^:?*[\\";
	if (str_holds(name, STR("..")) || str_holds(name, STR("@{")))
		return "holds '..' or '@{'";
	for (bool more = true; more;) {
		size_t slash = str_find(rest, '/');

		part = str_head(rest, slash);
		more = slash < rest.len;
		rest = str_tail(rest, slash + 1);
		if (part.len == 0 || *part.ptr == '.' || str_ends(part, ".lock"))
			return "has a part that is empty, begins with '.' or ends in '.lock'";
	}
	return str_ends(name, ".") ? "ends in '.'" : NULL;
}

/* Variables of CI systems name branches as "refs/heads/NAME". */
static int
check_branch(const char **name, const char *input, struct err *err)
{
	const char *fault;

	if (!*name)
		return 0;
	if (str_starts(str_of(*name), "refs/heads/"))
		*name += strlen("refs/heads/");
	fault = name_fault(str_of(*name));
	if (!fault)
		return 0;
	(void)err_set(err, ERR_USAGE, "input '%s' is '%.200s', which %s", input, *name, fault);
	return err_hint(err, "give the name of a branch, for example pachup/images");
}

/* What the host would refuse only when the commit is there. */
static int
check_title(const char *title, struct err *err)
{
	size_t len = utf8_count(str_of(title));

	if (len <= MAX_TITLE && !strpbrk(title, "\r\n"))
		return 0;
	if (len <= MAX_TITLE) {
		(void)err_set(err, ERR_USAGE, "input 'title' has more than one line");
		return err_hint(err, "write it on one line");
	}
	(void)err_set(err, ERR_USAGE,
	    "input 'title' has %zu characters, and a request takes at most %d", len, MAX_TITLE);
	return err_hint(err, "shorten it");
}

static int
check_names(struct run *run, struct err *err)
{
	return check_branch(&run->opt.branch, "branch", err) < 0
	               || check_branch(&run->opt.base, "base", err) < 0
	           ? -1
	           : check_title(run->opt.title, err);
}

static int
check_inputs(const struct run *run, struct err *err)
{
	if (run->opt.pull_request && run->opt.direct)
		(void)err_set(
		    err, ERR_USAGE, "inputs 'pull-request' and 'direct' contradict each other");
	else if (run->opt.to_stdout)
		(void)err_set(
		    err, ERR_USAGE, "--stdout edits a file here, and write-back a repository");
	else
		return 0;
	return err_hint(err, "remove one of them");
}

/* On a terminal it is the checkout's remote, as for other programs. */
static const char *
find_repository(struct back *b)
{
	struct run *run = b->run;
	const char *name = NULL;
	struct err unheard;
	struct repo *git;

	if (run->opt.repo || run->event.repository.len > 0 || ci_is_runner(&run->ci))
		return run->opt.repo;
	git = repo_open(run->arena, ".", run->ci.start != NULL, &unheard);
	if (git)
		name = repository_of_remote(b->a, repo_remote(git, b->a));
	repo_close(git);
	return name;
}

static int
open_host(struct back *b, struct err *err)
{
	struct forge_opts opts = { .env = &b->run->env,
		.rest = token_rest(b->run),
		.find_proxy = token_proxy,
		.ctx = b->run };

	opts.tokens = b->run->host_tokens;
	b->repo = find_repository(b);
	b->host = repository_open(b->a, b->repo, &opts, err);
	return b->host ? 0 : -1;
}

int
write_back_begin(struct back *b, struct err *err)
{
	return check_inputs(b->run, err) < 0 || check_names(b->run, err) < 0
	               || check_event(b, err) < 0
	           ? -1
	           : open_host(b, err);
}

int
write_back_check_push(struct run *run, struct err *err)
{
	struct back b = { .run = run, .a = run->arena, .checking = true };
	int rc = -1;

	if (write_back_check(run, err) < 0)
		return -1;
	if (!run->opt.write_back)
		return 0;
	if (run->opt.wait == WAIT_NONE) {
		(void)err_set(err, ERR_USAGE, "input 'write-back' needs input 'wait'");
		return err_hint(err, "add --wait pipelines or --wait jobs: what is written to git "
		                     "has been seen to run");
	}
	if (run->target_count > 1) {
		(void)err_set(err, ERR_USAGE,
		    "input 'write-back' takes one target, and %zu are given", run->target_count);
		return err_hint(err, "write back in the push of one target");
	}
	if (check_names(run, err) == 0 && check_event(&b, err) == 0 && open_host(&b, err) == 0)
		rc = 0;
	repository_close(b.host);
	return rc;
}
