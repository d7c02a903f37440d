/*
 * Azure Pipelines: logging commands and variables. Escapes: azure-pipelines-agent Command.cs and
 * CommandStringConvertor.cs; variables: "Use predefined variables" of its documentation.
 */
#include <errno.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/buf.h"
#include "ci/ci.h"
#include "ci/event.h"
#include "ci/record.h"
#include "ci/say.h"
#include "ci/systems/other.h"

/* A variable becomes part of the environment of each later step, and Linux starts no program with an
 * entry above 128 KiB (execve(2), MAX_ARG_STRLEN). */
enum { AZURE_VARIABLE_MAX = 96 << 10 };

static bool
azure_detect(const struct env *env)
{
	return str_is(str_of(env_get(env, "TF_BUILD")), "True");
}

static const struct say_escape escapes[] = { { '%', "%AZP25" }, { '\r', "%0D" }, { '\n', "%0A" },
	{ ']', "%5D" }, { ';', "%3B" }, { 0 } };

/* "sourcepath=src/p.json;" of a command; nothing where there is no value. */
static void
add_property(struct buf *line, const char *name, struct str value)
{
	if (value.len == 0)
		return;
	buf_fmt(line, "%s=", name);
	say_field(line, value, escapes);
	buf_add_char(line, ';');
}

static bool
azure_annotate(struct ci *ci, const struct remark *remark)
{
	struct buf line = BUF_INIT(SAY_LINE_MAX);

	if (remark->level == REMARK_NOTICE)
		return false;
	buf_fmt(&line, "##vso[task.logissue type=%s;",
	    remark->level == REMARK_ERROR ? "error" : "warning");
	add_property(&line, "sourcepath", remark->file);
	if (remark->file.len > 0 && remark->at.line > 0)
		buf_fmt(&line, "linenumber=%u;columnnumber=%u;", (unsigned)remark->at.line,
		    (unsigned)remark->at.col);
	add_property(&line, "code", remark->code);
	buf_add_char(&line, ']');
	say_field(&line, remark->what, escapes);
	if (remark->hint.len > 0) {
		buf_add(&line, STR(". hint: "));
		say_field(&line, remark->hint, escapes);
	}
	say_line(ci, ci->log, &line);
	return true;
}

static void
azure_group(struct ci *ci, struct str title)
{
	say_command(ci, ci->log, "##[group]", title, NULL);
}

static void
azure_group_end(struct ci *ci)
{
	say_command(ci, ci->log, "##[endgroup]", STR(""), NULL);
}

static void
azure_progress(struct ci *ci, unsigned percent, struct str what)
{
	struct buf line = BUF_INIT(SAY_LINE_MAX);

	buf_fmt(&line, "##vso[task.setprogress value=%u;]", percent);
	say_field(&line, what, escapes);
	say_line(ci, ci->log, &line);
}

/* "plan-json" becomes planJson: a dash cannot be part of a variable's name in expressions. */
static void
add_camel(struct buf *line, const char *name)
{
	for (; *name; name++) {
		if (*name == '-' && name[1] >= 'a' && name[1] <= 'z')
			buf_add_char(line, (char)(*++name - 'a' + 'A'));
		else if (*name != '-')
			buf_add_char(line, *name);
	}
}

static int
azure_output(struct ci *ci, const char *name, struct str value, struct err *err)
{
	struct buf line = BUF_INIT(SAY_LINE_MAX);

	if (ci->is_document) /* it holds the same, and the agent has no file for variables */
		return 0;
	buf_add(&line, STR("##vso[task.setvariable variable="));
	add_camel(&line, name);
	buf_add(&line, STR(";isoutput=true;]"));
	/* escaped only: a value must arrive as it is, and the agent looks for no second command */
	for (size_t i = 0; i < value.len; i++) {
		const char *other = say_escape_of(escapes, value.ptr[i]);

		if (other)
			buf_add(&line, str_of(other));
		else
			buf_add_char(&line, value.ptr[i]);
	}
	if (buf_is_full(&line)) {
		buf_free(&line);
		return err_set(err, ERR_SYSTEM, "out of memory for output '%s'", name);
	}
	say_line(ci, ci->out, &line);
	return 0;
}

/* In a directory of its own: the agent shows the name of the file, which is therefore always the same, and it reads the
 * file only after the step. */
static const char *
summary_path(struct ci *ci, const char *temp, struct err *err)
{
	char id[RECORD_ID_LEN + 1];
	struct str dir;

	if (record_id(id, err) < 0)
		return NULL;
	dir = arena_fmt(ci->arena, "%s/pachup-%s", temp, id);
	if (mkdir(dir.ptr, 0755) < 0) {
		(void)err_set(err, ERR_SYSTEM, "cannot make the directory '%s': %s", dir.ptr,
		    strerror(errno));
		return NULL;
	}
	return arena_fmt(ci->arena, "%s/pachup-summary.md", dir.ptr).ptr;
}

static int
azure_summary(struct ci *ci, struct str markdown, struct err *err)
{
	const char *temp = env_get(ci->env, "AGENT_TEMPDIRECTORY");

	if (!temp || ci->is_document) /* only a command could name the file to the agent */
		return 0;
	if (!ci->summary)
		ci->summary = summary_path(ci, temp, err);
	if (!ci->summary)
		return err_wrap(err, "cannot write the job summary");
	return record_summary(ci, ci->summary, markdown, true, err);
}

/* Names the summary to the agent once, at the end, when nothing will be added any more. */
static void
azure_close(struct ci *ci)
{
	struct stat st;

	if (!ci->summary || stat(ci->summary, &st) < 0)
		return;
	say_command(ci, ci->out, "##vso[task.uploadsummary]", str_of(ci->summary), escapes);
	ci->summary = NULL;
}

static bool
is_true(const char *value)
{
	return value && strcasecmp(value, "true") == 0;
}

/* Where the repository is on GitHub, its number is in a variable of its own. */
static struct str
request_number(const struct env *env)
{
	struct str number = str_of(env_get(env, "SYSTEM_PULLREQUEST_PULLREQUESTNUMBER"));

	if (number.len == 0)
		number = str_of(env_get(env, "SYSTEM_PULLREQUEST_PULLREQUESTID"));
	return str_digits(number) == number.len ? number : STR("");
}

/* A run of refs/pull/… that somebody started by hand is one too, of unknown origin. */
static void
read_pull_request(struct ci *ci, struct arena *a, struct event *out)
{
	static const char head[] = "SYSTEM_PULLREQUEST_SOURCECOMMITID";
	const char *fork = env_get(ci->env, "SYSTEM_PULLREQUEST_ISFORK");
	const char *source = env_get(ci->env, "SYSTEM_PULLREQUEST_SOURCEBRANCH");

	out->is_pull_request = true;
	out->number = request_number(ci->env);
	out->branch = ref_short(str_of(source));
	out->head = event_sha(a, str_of(env_get(ci->env, head)));
	if (out->head.len > 0)
		out->head_from = head;
	if (is_true(fork))
		out->untrusted = "a pull request from a fork";
	else if (!fork || strcasecmp(fork, "false") != 0)
		out->untrusted = "a pull request of unknown origin "
		                 "(SYSTEM_PULLREQUEST_ISFORK is not set)";
}

/* Reasons of a run that only those can cause who may write to the repository: "Predefined variables", Build.Reason. */
static const char push_reasons[] =
    "Manual|IndividualCI|BatchedCI|Schedule|BuildCompletion|ResourceTrigger";

/* A run that another pipeline started is about that one's branch (RESOURCES_PIPELINE_ALIAS_SOURCEBRANCH), which may be a
 * pull request's. */
static bool
follows_request(const struct env *env)
{
	for (size_t i = 0; env->vars[i]; i++) {
		struct str variable = str_of(env->vars[i]);
		size_t equals = str_find(variable, '=');
		struct str name = str_head(variable, equals);

		if (str_starts(name, "RESOURCES_PIPELINE_") && str_ends(name, "_SOURCEBRANCH")
		    && str_starts(str_tail(variable, equals), "=refs/pull/"))
			return true;
	}
	return false;
}

static const char *
unproven(const struct env *env, struct arena *a)
{
	struct str reason = str_of(env_get(env, "BUILD_REASON"));

	if (str_is_one_of(reason, push_reasons))
		return NULL;
	if (reason.len == 0)
		return "BUILD_REASON is not set";
	return arena_fmt(a, "BUILD_REASON is '%.*s'", STR_FMT(str_head(reason, 100))).ptr;
}

static struct str
run_url(struct ci *ci, struct arena *a)
{
	const char *home = env_get(ci->env, "SYSTEM_COLLECTIONURI");
	const char *project = env_get(ci->env, "SYSTEM_TEAMPROJECT");
	const char *number = env_get(ci->env, "BUILD_BUILDID");

	if (!home || !project || !number)
		return STR("");
	return arena_fmt(a, "%s%s/_build/results?buildId=%s", home, project, number);
}

/* BUILD_REPOSITORY_URI is an address to clone from, and may name a user: "https://acme@dev.azure.com/acme/p/_git/r". */
static struct str
compare_page(const struct env *env, struct arena *a)
{
	struct str uri = str_of(env_get(env, "BUILD_REPOSITORY_URI")), host;
	size_t user;

	if (!str_starts(uri, "https://"))
		return STR("");
	uri = str_tail(uri, strlen("https://"));
	host = str_head(uri, str_find(uri, '/'));
	user = str_rfind(host, '@');
	if (user < host.len)
		uri = str_tail(uri, user + 1);
	if (str_holds(uri, STR("/_git/")))
		return arena_fmt(a,
		    "https://%.*s/branchCompare?baseVersion=GC{old}&targetVersion=GC{new}",
		    STR_FMT(uri));
	return arena_fmt(a, "https://%.*s/compare/{old}...{new}", STR_FMT(uri));
}

static void
azure_event(struct ci *ci, struct arena *a, struct event *out)
{
	*out = (struct event){ .name = env_get(ci->env, "BUILD_REASON"),
		.sha = event_sha(a, str_of(env_get(ci->env, "BUILD_SOURCEVERSION"))),
		.ref = str_of(env_get(ci->env, "BUILD_SOURCEBRANCH")),
		.repository = str_of(env_get(ci->env, "BUILD_REPOSITORY_NAME")),
		.run_url = run_url(ci, a),
		.compare = compare_page(ci->env, a) };
	if (out->sha.len > 0)
		out->sha_from = "BUILD_SOURCEVERSION";
	if (str_is(str_of(out->name), "PullRequest") || str_starts(out->ref, "refs/pull/")
	    || env_get(ci->env, "SYSTEM_PULLREQUEST_PULLREQUESTID"))
		read_pull_request(ci, a, out);
	else if (str_starts(out->ref, "refs/heads/"))
		out->branch = ref_short(out->ref);
	if (!out->is_pull_request && follows_request(ci->env)) {
		out->is_pull_request = true;
		out->untrusted = "a run after another pipeline's pull request";
	}
	if (!out->is_pull_request)
		out->unproven = unproven(ci->env, a);
}

const struct ci_system ci_azure = {
	.word = "azure",
	.is_runner = true,
	.debug_variable = "SYSTEM_DEBUG",
	.debug = "##vso[task.debug]",
	.expands_macros = true,
	.has_camel_inputs = true,
	.workspace = "BUILD_SOURCESDIRECTORY",
	.output_max = AZURE_VARIABLE_MAX,
	.detect = azure_detect,
	.annotate = azure_annotate,
	.group = azure_group,
	.group_end = azure_group_end,
	.progress = azure_progress,
	.output = azure_output,
	.summary = azure_summary,
	.close = azure_close,
	.event = azure_event,
	.mask = "##vso[task.setsecret]",
	.escapes = escapes,
};
