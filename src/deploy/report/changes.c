#include "deploy/report/changes.h"

#include <stdint.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "deploy/report/origin.h"
#include "format/doc.h"
#include "format/json_builder.h"

enum { MAX_SHOWN_FIELDS = 30, MAX_SHOWN_BYTES = 160, MAX_NAMES = 3 };

static void
say_value(struct ci *ci, char sign, struct str path, struct str value, struct str from)
{
	struct str shown = utf8_head(value, MAX_SHOWN_BYTES);

	if (!value.ptr)
		return;
	if (shown.len == value.len)
		ci_change(ci, sign, "%.*s: %.*s%.*s", STR_FMT(path), STR_FMT(value), STR_FMT(from));
	else
		ci_change(ci, sign, "%.*s: %.*s... (%zu bytes)%.*s", STR_FMT(path), STR_FMT(shown),
		    value.len, STR_FMT(from));
}

/* "  (env/prod.yaml:3)" */
static struct str
remark_of(struct arena *a, const struct step *step, struct str path)
{
	struct str from = step->tree ? origin_of(a, step->tree, path) : STR("");

	return from.len > 0 ? arena_fmt(a, "  (%.*s)", STR_FMT(from)) : from;
}

void
changes_print(struct ci *ci, struct arena *a, const struct step *step, const struct shared *shared)
{
	const struct differences *diff = &step->diff;
	size_t shown = 0;

	if (step->action != ACTION_UPDATE)
		return;
	for (size_t i = 0; i < diff->count; i++) {
		const struct difference *one = &diff->list[i];

		if (str_is(one->path, "transform.image") || shared_has(shared, one))
			continue;
		if (shown++ == MAX_SHOWN_FIELDS) {
			ci_out(ci, "    and %zu more; use --output json for all", diff->count - i);
			return;
		}
		say_value(ci, '-', one->path, one->old_value, STR(""));
		say_value(ci, '+', one->path, one->new_value, remark_of(a, step, one->path));
	}
}

void
changes_print_shared(struct ci *ci, struct arena *a, const struct shared *shared)
{
	size_t most = ci->is_verbose ? SIZE_MAX : MAX_NAMES;

	for (size_t i = 0; i < shared->count; i++)
		ci_out(ci, "%.*s", STR_FMT(shared_text(a, shared, i, most)));
}

static void
add_value(struct json *j, const char *key, struct str value)
{
	json_raw(j, key, value.ptr ? value : STR("null"));
}

void
changes_json(struct json *j, struct arena *a, const char *key, const struct step *step)
{
	json_open(j, key, JSON_ARRAY);
	for (size_t i = 0; i < step->diff.count; i++) {
		const struct difference *one = &step->diff.list[i];
		struct str from;

		json_open(j, NULL, JSON_OBJECT);
		json_string(j, "path", one->path);
		add_value(j, "old", one->old_value);
		add_value(j, "new", one->new_value);
		from = step->tree ? origin_of(a, step->tree, one->path) : STR("");
		if (from.len > 0)
			json_string(j, "from", from);
		json_close(j);
	}
	json_close(j);
}

/* With "every_job" each job processes all its data, so an update does too. */
static bool
is_every_job(const struct step *step)
{
	return str_is(node_text(node_field(step->tree, "reprocess_spec")), "every_job");
}

void
changes_note_data(struct ci *ci, const struct plan *plan)
{
	size_t count = 0;

	for (size_t i = 0; i < plan->count; i++) {
		const struct step *step = &plan->steps[i];

		count += step->action == ACTION_UPDATE && !step->reprocess && !step->same_code
		         && step->restores == 0 && !is_every_job(step);
	}
	if (count > 0)
		ci_note(ci,
		    "%zu pipeline%s image or code; existing output is kept. Set 'reprocess: "
		    "changed' to process the data again",
		    count, count == 1 ? " changes its" : "s change their");
}
