/*
 * GitLab's reports are files that the job's `artifacts: reports:` name: pachup.env (dotenv) gives outputs to later jobs,
 * pachup-code-quality.json shows findings on merge requests. Forms: "Environment variables" and "Code Quality" of its
 * documentation.
 */
#include <ctype.h>
#include <stdio.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "ci/ci.h"
#include "ci/record.h"
#include "ci/systems/other.h"
#include "diag/diag.h"
#include "files/write.h"
#include "format/doc.h"
#include "format/json_builder.h"
#include "secret/digest.h"

enum {
	DOTENV_MAX = 5 << 10 /* of the whole file; GitLab takes no more by default */,
	REPORT_MAX = 64 << 20
};

static const char *
path_of(struct ci *ci, const char *name)
{
	const char *dir = ci_workspace(ci);

	return arena_fmt(ci->arena, "%s/%s", dir ? dir : ".", name).ptr;
}

/* A value of several lines, or one that would fill the file, is left out. */
static bool
fits(struct str value)
{
	return str_find(value, '\n') == value.len && str_find(value, '\r') == value.len;
}

int
gitlab_output(struct ci *ci, const char *name, struct str value, struct err *err)
{
	const char *path = path_of(ci, "pachup.env");
	struct buf line = BUF_INIT(DOTENV_MAX);
	int rc;

	if (!ci->has_dotenv && unlink(path) < 0 && access(path, F_OK) == 0)
		return err_set(err, ERR_SYSTEM, "cannot replace '%s'", path);
	ci->has_dotenv = true;
	buf_add(&line, STR("PACHUP_"));
	for (; *name; name++)
		buf_add_char(&line, *name == '-' ? '_' : (char)toupper((unsigned char)*name));
	buf_fmt(&line, "=%.*s\n", STR_FMT(fits(value) ? value : STR("")));
	rc = record_append(path, buf_str(&line), DOTENV_MAX, true, err);
	if (rc == 0)
		ci_note(ci, "'%s' is full: outputs are missing in it", path);
	buf_free(&line);
	return rc < 0 ? -1 : 0;
}

/* A finding keeps it when lines above it move. */
static struct str
fingerprint(struct ci *ci, const struct diag *one)
{
	return digest_hex(ci->arena, arena_fmt(ci->arena, "%s\n%s\n%.*s", checks[one->check].code,
	                                 one->file, STR_FMT(one->what)));
}

static void
add_finding(struct json *j, struct ci *ci, const struct diag *one)
{
	json_open(j, NULL, JSON_OBJECT);
	json_string(j, "description", one->what);
	json_text(j, "check_name", checks[one->check].code);
	json_string(j, "fingerprint", fingerprint(ci, one));
	json_text(j, "severity", one->level == DIAG_ERROR ? "major" : "minor");
	json_open(j, "location", JSON_OBJECT);
	json_string(j, "path", ci_in_workspace(ci, one->file));
	json_open(j, "lines", JSON_OBJECT);
	json_uint(j, "begin", one->at.line ? one->at.line : 1);
	json_close(j);
	json_close(j);
	json_close(j);
}

int
gitlab_findings(struct ci *ci, const struct diags *d, struct err *err)
{
	struct buf out = BUF_INIT(REPORT_MAX);
	struct json j = JSON_TO(&out);
	int rc;

	json_open(&j, NULL, JSON_ROWS);
	for (size_t i = 0; i < d->count; i++)
		add_finding(&j, ci, &d->list[i]);
	json_close(&j);
	rc = file_put(
	    ci->arena, path_of(ci, "pachup-code-quality.json"), ci_fence(ci), json_line(&j), err);
	buf_free(&out);
	return rc;
}
