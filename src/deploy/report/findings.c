#include "deploy/report/findings.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "base/version.h"
#include "format/doc.h"

static const char *
level_name(enum diag_level level)
{
	return level == DIAG_ERROR ? "error" : "warning";
}

static void
json_finding(struct buf *out, const struct diag *one)
{
	json_write_member(out, "{", "code", str_of(checks[one->check].code));
	json_write_member(out, ",", "level", str_of(level_name(one->level)));
	json_write_member(out, ",", "file", str_of(one->file));
	buf_fmt(
	    out, ",\"line\":%u,\"col\":%u,\"length\":%zu", one->at.line, one->at.col, one->at.len);
	json_write_member(out, ",", "title", str_of(checks[one->check].title));
	json_write_member(out, ",", "what", one->what);
	json_write_member(out, ",", "hint", one->hint);
	buf_add_char(out, '}');
}

void
findings_json(struct buf *out, const struct diags *d)
{
	buf_fmt(out, "{\"error_count\":%zu,\"warning_count\":%zu,\"findings\":[", d->errors,
	    d->count - d->errors);
	for (size_t i = 0; i < d->count; i++) {
		buf_add(out, i ? STR(",") : STR(""));
		json_finding(out, &d->list[i]);
	}
	buf_add(out, STR("]}\n"));
}

static void
text_object(struct buf *out, const char *before, const char *key, struct str text)
{
	buf_fmt(out, "%s\"%s\":{\"text\":", before, key);
	json_write_string(out, text);
	buf_add_char(out, '}');
}

static void
sarif_rule(struct buf *out, const struct check_info *check)
{
	json_write_member(out, "{", "id", str_of(check->code));
	text_object(out, ",", "shortDescription", str_of(check->title));
	text_object(out, ",", "fullDescription", str_of(check->why));
	text_object(out, ",", "help", str_of(check->hint));
	buf_fmt(out, ",\"defaultConfiguration\":{\"level\":\"%s\"}}",
	    check->is_warning ? "warning" : "error");
}

/* A file's name as a relative URI reference (RFC 3986). */
static void
uri(struct buf *out, const char *file)
{
	buf_add_char(out, '"');
	for (; *file; file++) {
		unsigned char c = (unsigned char)*file;

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
		    || c == '-' || c == '.' || c == '_' || c == '~' || c == '/')
			buf_add_char(out, (char)c);
		else
			buf_fmt(out, "%%%02X", c);
	}
	buf_add_char(out, '"');
}

/* How many characters the first `len` bytes of the line have. */
static size_t
characters(struct str line, size_t len)
{
	return utf8_count(str_head(line, len)) + (len > line.len ? len - line.len : 0);
}

static void
sarif_result(struct buf *out, const struct diag *one)
{
	struct buf text = BUF_INIT(1 << 16);

	buf_add(&text, one->what);
	if (one->hint.len > 0)
		buf_fmt(&text, "; hint: %.*s", STR_FMT(one->hint));
	json_write_member(out, "{", "ruleId", str_of(checks[one->check].code));
	buf_fmt(out, ",\"ruleIndex\":%d,\"level\":\"%s\"", (int)one->check, level_name(one->level));
	text_object(out, ",", "message", buf_str(&text));
	buf_add(out, STR(",\"locations\":[{\"physicalLocation\":{\"artifactLocation\":{\"uri\":"));
	uri(out, one->file);
	buf_add_char(out, '}');
	if (one->at.line > 0)
		buf_fmt(out, ",\"region\":{\"startLine\":%u,\"startColumn\":%zu}", one->at.line,
		    characters(one->line, one->at.col - 1) + 1);
	buf_add(out, STR("}}]}"));
	buf_free(&text);
}

void
findings_sarif(struct buf *out, const struct diags *d)
{
	buf_add(out, STR("{\"$schema\":\"https://json.schemastore.org/"
	                 "sarif-2.1.0.json\",\"version\":\"2.1.0\","
	                 "\"runs\":[{\"columnKind\":\"unicodeCodePoints\",\"tool\":{\"driver\":{"));
	json_write_member(out, "", "name", STR("pachup"));
	json_write_member(out, ",", "version", STR(PACHUP_VERSION));
	buf_add(out, STR(",\"rules\":["));
	for (enum check i = 0; i < CHECK_COUNT; i++) {
		buf_add(out, i ? STR(",") : STR(""));
		sarif_rule(out, &checks[i]);
	}
	buf_add(out, STR("]}},\"results\":["));
	for (size_t i = 0; i < d->count; i++) {
		buf_add(out, i ? STR(",") : STR(""));
		sarif_result(out, &d->list[i]);
	}
	buf_add(out, STR("]}]}\n"));
}
