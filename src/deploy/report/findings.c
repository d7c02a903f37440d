#include "deploy/report/findings.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "base/version.h"
#include "deploy/report/link.h"
#include "format/json_builder.h"

enum { MAX_SARIF_TEXT = 1 << 16 };

static const char *
level_name(enum diag_level level)
{
	return level == DIAG_ERROR ? "error" : "warning";
}

static void
add_finding(struct json *j, const struct diag *one)
{
	json_open(j, NULL, JSON_OBJECT);
	json_text(j, "code", checks[one->check].code);
	json_text(j, "level", level_name(one->level));
	json_text(j, "file", one->file);
	json_uint(j, "line", one->at.line);
	json_uint(j, "col", one->at.col);
	json_uint(j, "length", one->at.len);
	json_text(j, "title", checks[one->check].title);
	json_string(j, "what", one->what);
	json_string(j, "hint", one->hint);
	json_close(j);
}

void
findings_json(struct buf *out, const struct diags *d)
{
	struct json j = JSON_TO(out);

	json_open(&j, NULL, JSON_OBJECT);
	json_uint(&j, "error_count", d->errors);
	json_uint(&j, "warning_count", d->count - d->errors);
	json_open(&j, "findings", JSON_ARRAY);
	for (size_t i = 0; i < d->count; i++)
		add_finding(&j, &d->list[i]);
	json_close(&j);
	json_close(&j);
	(void)json_line(&j); /* the caller reads the buffer */
}

static void
add_message(struct json *j, const char *key, struct str text)
{
	json_open(j, key, JSON_OBJECT);
	json_string(j, "text", text);
	json_close(j);
}

static void
add_rule(struct json *j, const struct check_info *check)
{
	json_open(j, NULL, JSON_OBJECT);
	json_text(j, "id", check->code);
	add_message(j, "shortDescription", str_of(check->title));
	add_message(j, "fullDescription", str_of(check->why));
	add_message(j, "help", str_of(check->hint));
	json_open(j, "defaultConfiguration", JSON_OBJECT);
	json_text(j, "level", check->is_warning ? "warning" : "error");
	json_close(j);
	json_close(j);
}

/* How many characters the first `len` bytes of the line have. */
static size_t
characters(struct str line, size_t len)
{
	return utf8_count(str_head(line, len)) + (len > line.len ? len - line.len : 0);
}

static void
add_location(struct json *j, const struct diag *one)
{
	struct buf uri = BUF_INIT(MAX_SARIF_TEXT);

	link_add_path(&uri, str_of(one->file));
	json_open(j, NULL, JSON_OBJECT);
	json_open(j, "physicalLocation", JSON_OBJECT);
	json_open(j, "artifactLocation", JSON_OBJECT);
	json_string(j, "uri", buf_str(&uri));
	json_close(j);
	if (one->at.line > 0) {
		json_open(j, "region", JSON_OBJECT);
		json_uint(j, "startLine", one->at.line);
		json_uint(j, "startColumn", characters(one->line, one->at.col - 1) + 1);
		json_close(j);
	}
	json_close(j);
	json_close(j);
	buf_free(&uri);
}

static void
add_result(struct json *j, const struct diag *one)
{
	struct buf text = BUF_INIT(MAX_SARIF_TEXT);

	buf_add(&text, one->what);
	if (one->hint.len > 0)
		buf_fmt(&text, "; hint: %.*s", STR_FMT(one->hint));
	json_open(j, NULL, JSON_OBJECT);
	json_text(j, "ruleId", checks[one->check].code);
	json_uint(j, "ruleIndex", one->check);
	json_text(j, "level", level_name(one->level));
	add_message(j, "message", buf_str(&text));
	json_open(j, "locations", JSON_ARRAY);
	add_location(j, one);
	json_close(j);
	json_close(j);
	buf_free(&text);
}

static void
add_tool(struct json *j)
{
	json_open(j, "tool", JSON_OBJECT);
	json_open(j, "driver", JSON_OBJECT);
	json_text(j, "name", "pachup");
	json_text(j, "version", PACHUP_VERSION);
	json_open(j, "rules", JSON_ARRAY);
	for (enum check i = 0; i < CHECK_COUNT; i++)
		add_rule(j, &checks[i]);
	json_close(j);
	json_close(j);
	json_close(j);
}

void
findings_sarif(struct buf *out, const struct diags *d)
{
	struct json j = JSON_TO(out);

	json_open(&j, NULL, JSON_OBJECT);
	json_text(&j, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
	json_text(&j, "version", "2.1.0");
	json_open(&j, "runs", JSON_ARRAY);
	json_open(&j, NULL, JSON_OBJECT);
	json_text(&j, "columnKind", "unicodeCodePoints");
	add_tool(&j);
	json_open(&j, "results", JSON_ARRAY);
	for (size_t i = 0; i < d->count; i++)
		add_result(&j, &d->list[i]);
	while (j.depth > 0)
		json_close(&j);
	(void)json_line(&j); /* the caller reads the buffer */
}
