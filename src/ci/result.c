/* The one JSON document of a run, and the errors in it. */
#include "ci/result.h"
#include "base/arena.h"
#include "base/buf.h"
#include "ci/ci.h"
#include "ci/say.h"
#include "format/doc.h"
#include "format/json_builder.h"

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
add_errors(const struct ci *ci, struct json *j)
{
	json_open(j, "errors", JSON_ARRAY);
	for (size_t i = 0; i < ci->error_count; i++) {
		const struct shown_error *one = &ci->errors[i];

		json_open(j, NULL, JSON_OBJECT);
		json_string(j, "message", one->message);
		json_string(j, "hint", one->hint);
		json_text(j, "kind", kinds[one->kind]);
		if (one->diag) {
			json_text(j, "code", checks[one->diag->check].code);
			json_text(j, "file", one->diag->file);
			json_uint(j, "line", one->diag->at.line);
			json_uint(j, "col", one->diag->at.col);
		}
		json_close(j);
	}
	json_close(j);
}

void
ci_result(struct ci *ci, struct str json)
{
	ci->result = arena_str(ci->arena, json);
}

/* -1 where the buffer, which is then freed, does not hold the whole text. */
static int
check_whole(struct buf *text, const char *what, struct err *err)
{
	if (!buf_is_full(text))
		return 0;
	(void)err_set(err, ERR_SYSTEM, "%s is larger than %zu bytes, or there is no memory for it",
	    what, text->max);
	buf_free(text);
	return -1;
}

int
ci_result_take(struct ci *ci, struct buf *text, const char *what, struct err *err)
{
	if (check_whole(text, what, err) < 0)
		return -1;
	ci_result(ci, buf_str(text));
	buf_free(text);
	return 0;
}

int
ci_raw_json(struct ci *ci, struct json *document, const char *what, struct err *err)
{
	(void)json_line(document);
	if (check_whole(document->out, what, err) < 0)
		return -1;
	ci_raw(ci, buf_str(document->out));
	buf_free(document->out);
	return 0;
}

/* The errors go into the object that the run has for its result; after any other result they are a document. */
void
result_print(struct ci *ci)
{
	struct str object = str_trim(ci->result);
	struct buf text = BUF_INIT(SAY_LINE_MAX);
	struct json j = JSON_TO(&text);

	if (ci->error_count == 0 || !ci->wants_json) {
		if (ci->result.len > 0)
			ci_raw(ci, ci->result);
		return;
	}
	if (ci->has_results && object.len == 0) /* a second document would make both unreadable */
		return;
	json_open(&j, NULL, JSON_OBJECT);
	if (str_starts(object, "{") && str_ends(object, "}"))
		json_members(&j, str_head(str_tail(object, 1), object.len - 2));
	add_errors(ci, &j);
	json_close(&j);
	ci_raw(ci, json_line(&j));
	buf_free(&text);
}
