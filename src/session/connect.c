/* The way to the cluster, as all commands that ask one take it. */
#include "session/connect.h"

#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/moment.h"
#include "base/version.h"
#include "files/read.h"
#include "net/channel.h"
#include "net/proxy.h"
#include "pachd/pachd.h"
#include "pipeline/plan.h"
#include "secret/secret.h"
#include "session/config.h"
#include "session/run.h"
#include "wire/release.h"

enum { CONNECT_MS = 30000 };

void
connect_drop_token(struct run *run)
{
	if (!run->token || !run->event.untrusted || run->opt.allow_untrusted_event)
		return;
	ci_note(&run->ci, "the token is not used on this event: %s", run->event.untrusted);
	secret_free(run->token);
	run->token = NULL;
}

/* The beginning of the hint, for commands that may run without writing. */
static const char *
instead(const struct run *run)
{
	if (run->opt.command == COMMAND_PUSH)
		return "use command 'plan', or ";
	return run->opt.command == COMMAND_DOWN ? "" : "set input 'dry-run' to true, or ";
}

/* ERR_REFUSED where neither the CI system nor input `event` shows that only people who may write to the repository can have
 * caused this run. */
static int
check_evidence(const struct run *run, struct err *err)
{
	if (!run->event.unproven || run->opt.event) /* `event: pull-request` only plans */
		return 0;
	(void)err_set(err, ERR_REFUSED,
	    "'%s' is refused: nothing shows that this run is a push to the repository (%s)",
	    run->opt.command_name, run->event.unproven);
	return err_hint(err,
	    "set input 'event' to push if only people who may write to the repository can cause "
	    "this run%s",
	    run->opt.command == COMMAND_PUSH ? ", or use command 'plan'" : "");
}

static int
may_change(const struct run *run, struct err *err)
{
	const char *untrusted = run->event.untrusted;

	if (run->opt.allow_untrusted_event)
		return 0;
	if (!untrusted)
		return check_evidence(run, err);
	(void)err_set(err, ERR_REFUSED, "'%s' is not allowed on this event: %s",
	    run->opt.command_name, untrusted);
	return err_hint(err,
	    "%sset input 'allow-untrusted-event' to true if only your team can trigger this event",
	    instead(run));
}

/* Whether input `event` says that a pull request caused this run; it may be a stranger's, so such a run never pushes. */
static bool
says_request(const struct run *run)
{
	return run->opt.event == EVENT_PULL_REQUEST;
}

/* Whether the run's target is a preview: such a run changes only the pull request's own project. */
static bool
is_preview(const struct run *run)
{
	return run->target && run->target->preview;
}

static bool
only_plans(const struct run *run)
{
	return says_request(run)
	       || (run->event.is_pull_request && run->opt.on_pull_request == ON_PULL_REQUEST_PLAN
	           && !is_preview(run));
}

/* The CI system's own event has precedence: `event: push` is for systems that report none. */
static void
note_event(struct run *run)
{
	if (run->opt.event == EVENT_PUSH && (run->event.is_pull_request || run->event.untrusted))
		ci_note(
		    &run->ci, "input 'event' is not used: the CI system says what caused this run");
}

int
connect_decide(struct run *run, bool *planning, struct err *err)
{
	*planning = run->opt.command == COMMAND_PLAN || run->opt.dry_run;
	if (*planning) {
		connect_drop_token(run);
		return 0;
	}
	note_event(run);
	if (may_change(run, err) < 0)
		return -1;
	if (only_plans(run)) {
		*planning = true;
		ci_note(&run->ci, "pull request: this %s only plans%s", run->opt.command_name,
		    says_request(run)
		        ? ""
		        : arena_fmt(run->arena, "; set '%s: push' to change the cluster",
		            value_name(&run->in, IN_ON_PULL_REQUEST))
		              .ptr);
	}
	if (!*planning)
		ci_set_writer(&run->ci);
	return 0;
}

int
connect_check_cluster(const struct run *run, struct err *err)
{
	if (run->opt.cluster)
		return 0;
	(void)err_set(err, ERR_USAGE, "no cluster given");
	if (!run->in.command_in_argv)
		return err_hint(err, "set input 'cluster' to grpcs://HOST:PORT");
	return err_hint(err, "give --cluster grpcs://HOST:PORT, set PACHD_ADDRESS, or name a "
	                     "context of pachctl with --context");
}

static void
log_retry(void *ctx, const struct err *why, int attempt, int most)
{
	struct run *run = ctx;

	ci_log(&run->ci, "retry %d of %d: %s", attempt, most, why->text);
}

static void
debug_line(void *ctx, const char *text)
{
	struct run *run = ctx;

	ci_debug(&run->ci, "%s", text);
}

struct trace
connect_trace(struct run *run)
{
	return (struct trace){ .line = run->ci.is_verbose ? debug_line : NULL, .ctx = run };
}

/* Whether the path is in a directory of the machine's own certificates, where a job's steps do not write. */
static bool
is_of_machine(const char *path)
{
	static const char *const places[] = { "/etc/", "/usr/", "/var/lib/ca-certificates/" };

	for (size_t i = 0; i < COUNT_OF(places); i++)
		if (str_starts(str_of(path), places[i]) && !strstr(path, "/../"))
			return true;
	return false;
}

const char *
connect_roots(struct run *run)
{
	const char *path = env_get(&run->env, "SSL_CERT_FILE");
	const char *fence = ci_fence(&run->ci);
	struct err why;

	if (!path || is_of_machine(path) || path_fenced(path, fence, &why) == 0)
		return path;
	ci_warn(&run->ci, "SSL_CERT_FILE is ignored: %s", why.text);
	return NULL;
}

int
connect_proxy(struct run *run, const struct url *to, const char **out, struct err *err)
{
	/* in libcurl's order */
	static const char *const names[] = { "https_proxy", "HTTPS_PROXY", "all_proxy",
		"ALL_PROXY" };
	struct proxy_words words = { .exceptions = env_get(&run->env, "no_proxy") };

	if (!words.exceptions)
		words.exceptions = env_get(&run->env, "NO_PROXY");
	for (size_t i = 0; i < COUNT_OF(names) && !words.proxy; i++)
		words.proxy = env_get(&run->env, names[i]);
	if (proxy_choose(run->arena, &words, to, out, err) < 0)
		return -1;
	if (*out)
		ci_log(&run->ci, "proxy to %s: %.*s", to->text,
		    STR_FMT(proxy_shown(run->arena, *out)));
	return 0;
}

/* Reads the file of input ca-file once: libcurl would open the name later, when it may lead to another file. */
static int
read_authorities(struct run *run, struct channel_opts *opts, struct err *err)
{
	struct err why;

	if (!opts->ca_file
	    || file_read_in(
	           run->arena, opts->ca_file, ci_fence(&run->ci), MAX_CA_BYTES, &opts->ca_pem, &why)
	           == 0)
		return 0;
	(void)err_set(err, ERR_SYSTEM, "cannot read the certificates: %s", why.text);
	return err_hint(err, "check input 'ca-file'");
}

/* An action's input is empty both where it is not given and where its secret does not exist: says which is likely. */
static const char *
no_token_hint(const struct run *run)
{
	if (run->in.command_in_argv || !ci_is_runner(&run->ci))
		return NULL;
	if (run->event.untrusted)
		return "input 'token' is not used on this event; use command 'plan', which needs "
		       "no "
		       "token here";
	if (run->event.is_read_only)
		return "input 'token' is empty: runs of Dependabot get only Dependabot's own "
		       "secrets; "
		       "store the token there, too";
	return "input 'token' is empty: store the token as a secret of this repository or its "
	       "environment, and check the secret's name in the workflow";
}

struct pachd *
connect_open_as(struct run *run, struct secret *token, struct err *err)
{
	struct channel_opts opts = {
		.ca_file = run->opt.ca_file,
		.ca_pem = run->ca_pem,
		.ca_default = connect_roots(run),
		.server_name = run->opt.server_name,
		.token = token,
		.no_token_hint = no_token_hint(run),
		.allow_plaintext = run->opt.allow_plaintext,
		.user_agent = "pachup/" PACHUP_VERSION,
		.connect_ms = CONNECT_MS,
		.deadline_ms = run->deadline_ms,
		.stop_fd = run->stop_fd,
		.watch = run->watch,
		.on_retry = log_retry,
		.retry_ctx = run,
		.trace = connect_trace(run),
		.peer = run->peer,
	};

	if (connect_check_cluster(run, err) < 0
	    || url_parse(run->arena, str_of(run->opt.cluster), &opts.url, err) < 0
	    || connect_proxy(run, &opts.url, &opts.proxy, err) < 0
	    || read_authorities(run, &opts, err) < 0)
		return NULL;
	return pachd_open(run->arena, &opts, err);
}

struct pachd *
connect_open(struct run *run, struct err *err)
{
	return connect_open_as(run, run->token, err);
}

bool
connect_warn_expiry(struct run *run, const struct pachd_facts *facts, int64_t left)
{
	if (facts->expires_s == 0 || left >= run->warn_s)
		return false;
	ci_warn(&run->ci,
	    "the token of %.*s expires on %.*s (%.*s): renew it with 'pachup token rotate'",
	    STR_FMT(facts->user), STR_FMT(moment_text(run->arena, facts->expires_s)),
	    STR_FMT(moment_distance(run->arena, left)));
	return true;
}

void
connect_log_server(struct run *run, const struct pachd_facts *facts)
{
	ci_log(&run->ci, "cluster %s: pachd %.*s%s%.*s", run->opt.cluster, STR_FMT(facts->text),
	    facts->user.len ? ", as " : "", STR_FMT(facts->user));
	if (facts->is_unnumbered)
		ci_note(&run->ci,
		    "pachd reports no release number; by its answers it is taken for %.*s",
		    STR_FMT(release_text(run->arena, facts->release)));
	if (facts->is_newer)
		ci_note(&run->ci,
		    "pachd %.*s is newer than this version of pachup; fields are checked as for "
		    "2.12",
		    STR_FMT(facts->text));
}

void
connect_log_cluster(struct run *run, const struct pachd_facts *facts)
{
	connect_log_server(run, facts);
	(void)connect_warn_expiry(run, facts, facts->expires_s - (int64_t)time(NULL));
}

void
connect_log_sequence(struct run *run, const struct pachd_facts *facts, const struct plan *plan)
{
	if (facts->transactions || plan->created + plan->updated + plan->repo_count < 2)
		return;
	ci_note(&run->ci,
	    "pachd %.*s changes pipelines one by one; after a failure the earlier changes remain",
	    STR_FMT(facts->text));
}
