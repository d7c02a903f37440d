/*
 * GitHub Actions: workflow commands and the files of a step. Escapes and limits: actions/runner
 * ActionCommand.cs and FileCommandManager.cs; actions/toolkit command.ts.
 */
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "ci/ci.h"
#include "ci/record.h"
#include "ci/say.h"
#include "ci/systems/other.h"

static bool
github_detect(const struct env *env)
{
	return str_is(str_of(env_get(env, "GITHUB_ACTIONS")), "true");
}

static const struct say_escape data_escapes[] = { { '%', "%25" }, { '\r', "%0D" }, { '\n', "%0A" },
	{ 0 } };
static const struct say_escape property_escapes[] = { { '%', "%25" }, { '\r', "%0D" },
	{ '\n', "%0A" }, { ':', "%3A" }, { ',', "%2C" }, { 0 } };

static void
add_property(struct buf *line, const char *name, struct str value)
{
	if (value.len == 0)
		return;
	buf_fmt(line, "%s%s=", str_ends(buf_str(line), " ") ? "" : ",", name);
	say_field(line, value, property_escapes);
}

static bool
github_annotate(struct ci *ci, const struct remark *remark)
{
	static const char *const names[] = {
		[REMARK_ERROR] = "error", [REMARK_WARNING] = "warning", [REMARK_NOTICE] = "notice"
	};
	bool has_place = remark->file.len > 0 && remark->at.line > 0;
	struct buf line = BUF_INIT(SAY_LINE_MAX);

	buf_fmt(&line, "::%s", names[remark->level]);
	if (remark->file.len > 0 || remark->title.len > 0)
		buf_add_char(&line, ' ');
	add_property(&line, "file", remark->file);
	if (has_place)
		buf_fmt(
		    &line, ",line=%u,col=%u", (unsigned)remark->at.line, (unsigned)remark->at.col);
	add_property(&line, "title", remark->title);
	buf_add(&line, STR("::"));
	/* the log shows this text alone, without the place */
	if (remark->file.len > 0)
		say_field(&line, remark->file, data_escapes);
	if (has_place)
		buf_fmt(&line, ":%u:%u", (unsigned)remark->at.line, (unsigned)remark->at.col);
	buf_add(&line, remark->file.len > 0 ? STR(": ") : STR(""));
	say_field(&line, remark->what, data_escapes);
	if (remark->hint.len > 0) {
		buf_add(&line, STR("%0Ahint: "));
		say_field(&line, remark->hint, data_escapes);
	}
	say_line(ci, ci->log, &line);
	return true;
}

static void
github_group(struct ci *ci, struct str title)
{
	say_command(ci, ci->log, "::group::", title, data_escapes);
}

static void
github_group_end(struct ci *ci)
{
	say_command(ci, ci->log, "::endgroup::", STR(""), NULL);
}

/* -1 with *err: the file that the variable names cannot be written. */
static int
try_file(const struct ci *ci, const char *variable, struct err *err)
{
	const char *path = env_get(ci->env, variable);

	return path && record_append(path, STR(""), SIZE_MAX, false, err) < 0 ? -1 : 0;
}

static int
github_try_output(const struct ci *ci, struct err *err)
{
	return try_file(ci, "GITHUB_OUTPUT", err) < 0 ? err_wrap(err, "cannot set the outputs") : 0;
}

static int
github_try_summary(const struct ci *ci, struct err *err)
{
	return try_file(ci, "GITHUB_STEP_SUMMARY", err) < 0
	           ? err_wrap(err, "cannot write the job summary")
	           : 0;
}

/* Always the form with a delimiter that nobody can guess: what is in `value` can then neither
 * end it nor begin another output. */
static int
github_output(struct ci *ci, const char *name, struct str value, struct err *err)
{
	const char *path = env_get(ci->env, "GITHUB_OUTPUT");
	struct buf record = BUF_INIT(MAX_OUTPUT_BYTES + 1024);
	char id[RECORD_ID_LEN + 1];
	int rc = -1;

	if (!path)
		return 0;
	if (record_id(id, err) < 0)
		return -1;
	if (str_holds(value, str_of(id)))
		return err_set(err, ERR_SYSTEM, "output '%s' holds its own delimiter", name);
	buf_fmt(&record, "%s<<ghadelimiter_%s\n", name, id);
	buf_add(&record, value);
	buf_fmt(&record, "\nghadelimiter_%s\n", id);
	if (buf_is_full(&record))
		(void)err_set(err, ERR_SYSTEM, "out of memory for output '%s'", name);
	else if (record_append(path, buf_str(&record), SIZE_MAX, false, err) >= 0)
		rc = 0;
	buf_free(&record);
	return rc < 0 ? err_wrap(err, "cannot set output '%s'", name) : 0;
}

static int
github_summary(struct ci *ci, struct str markdown, struct err *err)
{
	const char *path = env_get(ci->env, "GITHUB_STEP_SUMMARY");

	return path ? record_summary(ci, path, markdown, false, err) : 0;
}

const struct ci_system ci_github = {
	.word = "github",
	.is_runner = true,
	.debug_variable = "RUNNER_DEBUG",
	.debug = "::debug::",
	.id_token_url = "ACTIONS_ID_TOKEN_REQUEST_URL",
	.id_token_secret = "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
	.draws_mermaid = true,
	.workspace = "GITHUB_WORKSPACE",
	.output_max = MAX_OUTPUT_BYTES,
	.detect = github_detect,
	.annotate = github_annotate,
	.group = github_group,
	.group_end = github_group_end,
	.output = github_output,
	.try_output = github_try_output,
	.try_summary = github_try_summary,
	.summary = github_summary,
	.event = github_event,
	.mask = "::add-mask::",
	.escapes = data_escapes,
};
