#include "deploy/report/sections.h"

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "ci/markdown.h"
#include "deploy/report/summary.h"
#include "format/json_builder.h"
#include "session/run.h"

enum { MAX_SECTIONS_BYTES = 64 << 20 };

void
sections_add(struct run *run, const struct section *one)
{
	struct sections *s = run->sections;

	s->list = arena_grow(run->arena, s->list, s->count, &s->room, sizeof(*s->list));
	s->list[s->count] = *one;
	s->list[s->count++].target = run->target ? run->target_name : "";
}

/* {"targets": [{"target": "dev", "result": {…}}]} of one member of the sections. */
static struct str
joined(const struct run *run, struct str (*part)(const struct section *one), const char *name)
{
	struct buf text = BUF_INIT(MAX_SECTIONS_BYTES);
	struct json j = JSON_TO(&text);

	json_open(&j, NULL, JSON_ARRAY);
	for (size_t i = 0; i < run->sections->count; i++) {
		const struct section *one = &run->sections->list[i];

		json_open(&j, NULL, JSON_OBJECT);
		json_text(&j, "target", one->target);
		json_raw(&j, name, part(one));
		json_close(&j);
	}
	json_close(&j);
	return buf_take(&text, run->arena);
}

static struct str
pipelines_of(const struct section *one)
{
	return one->pipelines;
}

static struct str
images_of(const struct section *one)
{
	return one->images;
}

static struct str
json_of(const struct section *one)
{
	return str_trim(one->json);
}

static struct section
sum(const struct sections *s)
{
	struct section all = { .planned = true };

	for (size_t i = 0; i < s->count; i++) {
		all.created += s->list[i].created;
		all.updated += s->list[i].updated;
		all.started += s->list[i].started;
		all.stopped += s->list[i].stopped;
		all.deleted += s->list[i].deleted;
		all.kept += s->list[i].kept;
		all.failed += s->list[i].failed;
		all.prunes = all.prunes || s->list[i].prunes;
		all.planned = all.planned && s->list[i].planned;
	}
	return all;
}

static struct str
number(const struct run *run, size_t n)
{
	return arena_fmt(run->arena, "%zu", n);
}

int
sections_write_pruned(struct run *run, size_t stopped, size_t deleted, struct err *err)
{
	return ci_output(&run->ci, "stopped", number(run, stopped), err) < 0
	               || ci_output(&run->ci, "deleted", number(run, deleted), err) < 0
	           ? -1
	           : 0;
}

static int
write_outputs(struct run *run, struct str document, struct err *lost)
{
	const struct sections *s = run->sections;
	struct section all = sum(s);
	const struct {
		const char *name;
		struct str value;
	} rows[] = {
		{ "sha", s->count > 0 ? s->list[0].sha : STR("") },
		{ "images", joined(run, images_of, "images") },
		{ "changed", number(run, all.created + all.updated + all.started + all.stopped
		                             + all.deleted) },
		{ "created", number(run, all.created) },
		{ "updated", number(run, all.updated) },
		{ "unchanged", number(run, all.kept) },
		{ "failed", number(run, all.failed) },
		{ "pipelines", joined(run, pipelines_of, "pipelines") },
		{ "plan-json", all.planned ? document : (struct str){ "", 0 } },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (ci_output(&run->ci, rows[i].name, rows[i].value, lost) < 0)
			return -1;
	return all.prunes ? sections_write_pruned(run, all.stopped, all.deleted, lost) : 0;
}

/* "## Target prod" above each section, and why the run ended early. */
static struct str
markdown_of(const struct run *run, const struct err *err, bool is_short)
{
	struct buf out = BUF_INIT(MAX_SECTIONS_BYTES);

	for (size_t i = 0; i < run->sections->count; i++) {
		const struct section *one = &run->sections->list[i];

		buf_add(&out, STR("## Target "));
		md_text(&out, str_of(one->target));
		buf_fmt(&out, "\n\n%.*s\n", STR_FMT(is_short ? one->shorter : one->markdown));
	}
	if (err) {
		buf_add(&out, STR("**The run ended early:** "));
		md_text(&out, str_of(err->text));
		buf_add(&out, STR("\n"));
	}
	return buf_take(&out, run->arena);
}

int
sections_write(struct run *run, const struct err *err, struct err *lost)
{
	struct str document =
	    arena_fmt(run->arena, "{\"targets\":%.*s}\n", STR_FMT(joined(run, json_of, "result")));

	if (write_outputs(run, str_trim(document), lost) < 0)
		return -1;
	if (output_is_json(&run->in))
		ci_result(&run->ci, document);
	return summary_write_text(run, markdown_of(run, err, false), markdown_of(run, err, true),
	    sum(run->sections).planned, lost);
}
