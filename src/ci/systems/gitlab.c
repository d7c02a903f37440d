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

int
gitlab_findings(struct ci *ci, const struct diags *d, struct err *err)
{
	struct buf out = BUF_INIT(REPORT_MAX);
	int rc;

	for (size_t i = 0; i < d->count; i++) {
		const struct diag *one = &d->list[i];

		buf_add(&out, i ? STR(",\n") : STR("["));
		json_write_member(&out, "{", "description", one->what);
		json_write_member(&out, ",", "check_name", str_of(checks[one->check].code));
		json_write_member(&out, ",", "fingerprint", fingerprint(ci, one));
		json_write_member(
		    &out, ",", "severity", one->level == DIAG_ERROR ? STR("major") : STR("minor"));
		json_write_member(&out, ",\"location\":{", "path", ci_in_workspace(ci, one->file));
		buf_fmt(&out, ",\"lines\":{\"begin\":%u}}}", one->at.line ? one->at.line : 1);
	}
	buf_add(&out, d->count ? STR("]\n") : STR("[]\n"));
	rc = file_put(ci->arena, path_of(ci, "pachup-code-quality.json"), buf_str(&out), err);
	buf_free(&out);
	return rc;
}
