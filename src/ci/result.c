/* The one JSON document of a run, and the errors in it. */
#include "ci/result.h"
#include "base/arena.h"
#include "base/buf.h"
#include "ci/ci.h"
#include "ci/say.h"
#include "format/doc.h"

static const char *const kinds[] = {
	[ERR_NONE] = "failed",
	[ERR_USAGE] = "usage",
	[ERR_SPEC] = "spec",
	[ERR_SYSTEM] = "system",
	[ERR_NETWORK] = "network",
	[ERR_REFUSED] = "refused",
	[ERR_FAILED] = "failed",
	[ERR_TIMEOUT] = "timeout",
	[ERR_SUPERSEDED] = "superseded",
	[ERR_INTERRUPTED] = "interrupted",
};

static struct shown_error *
add_error(struct ci *ci)
{
	ci->errors = arena_grow(
	    ci->arena, ci->errors, ci->error_count, &ci->error_room, sizeof(*ci->errors));
	return &ci->errors[ci->error_count++];
}

void
result_keep_error(struct ci *ci, const struct err *err)
{
	*add_error(ci) = (struct shown_error){ .kind = err->kind,
		.message = arena_str(ci->arena, str_of(err->text)),
		.hint = arena_str(ci->arena, str_of(err->hint)) };
}

void
result_keep_diag(struct ci *ci, const struct diag *diag)
{
	struct diag *copy;

	if (diag->level != DIAG_ERROR)
		return;
	copy = ARENA_NEW(ci->arena, struct diag);
	*copy = *diag;
	*add_error(ci) = (struct shown_error){ ERR_SPEC, diag->what, diag->hint, copy };
}

static void
add_errors(const struct ci *ci, struct buf *json)
{
	buf_add(json, STR("\"errors\":["));
	for (size_t i = 0; i < ci->error_count; i++) {
		const struct shown_error *one = &ci->errors[i];

		json_write_member(json, i ? ",{" : "{", "message", one->message);
		json_write_member(json, ",", "hint", one->hint);
		json_write_member(json, ",", "kind", str_of(kinds[one->kind]));
		if (one->diag) {
			json_write_member(json, ",", "code", str_of(checks[one->diag->check].code));
			json_write_member(json, ",", "file", str_of(one->diag->file));
			buf_fmt(
			    json, ",\"line\":%u,\"col\":%u", one->diag->at.line, one->diag->at.col);
		}
		buf_add_char(json, '}');
	}
	buf_add_char(json, ']');
}

void
ci_result(struct ci *ci, struct str json)
{
	ci->result = arena_str(ci->arena, json);
}

void
result_print(struct ci *ci)
{
	struct str object = str_trim(ci->result);
	struct buf json = BUF_INIT(SAY_LINE_MAX);
	bool is_object = str_starts(object, "{") && str_ends(object, "}");

	if (ci->error_count == 0 || !ci->wants_json) {
		if (ci->result.len > 0)
			ci_raw(ci, ci->result);
		return;
	}
	if (ci->has_results && object.len == 0) /* a second document would make both unreadable */
		return;
	if (is_object && object.len > 2) {
		buf_add(&json, str_head(object, object.len - 1));
		buf_add_char(&json, ',');
	} else {
		buf_add_char(&json, '{');
	}
	add_errors(ci, &json);
	buf_add(&json, STR("}\n"));
	ci_raw(ci, buf_str(&json));
	buf_free(&json);
}
