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
joined_parts(const struct run *run, struct str (*part)(const struct section *one), const char *name)
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
		const struct section *one = &s->list[i];

		all.tally.created += one->tally.created;
		all.tally.updated += one->tally.updated;
		all.tally.started += one->tally.started;
		all.tally.stopped += one->tally.stopped;
		all.tally.deleted += one->tally.deleted;
		all.kept += one->kept;
		all.failed += one->failed;
		all.prunes = all.prunes || one->prunes;
		all.planned = all.planned && one->planned;
	}
	return all;
}

static struct str
number(const struct run *run, size_t n)
{
	return arena_fmt(run->arena, "%zu", n);
}

int
section_write_outputs(struct run *run, const struct section *one, struct err *err)
{
	bool is_single = !run->sections;
	const struct {
		const char *name;
		struct str value;
		bool is_written;
	} rows[] = {
		{ "sha", one->sha, true },
		{ "images", one->images, true },
		{ "changed", number(run, tally_sum(&one->tally)), true },
		{ "created", number(run, one->tally.created), true },
		{ "updated", number(run, one->tally.updated), true },
		{ "unchanged", number(run, one->kept), true },
		{ "failed", number(run, one->failed), true },
		{ "pipelines", one->pipelines, true },
		{ "transaction", one->transaction, is_single },
		{ "plan-json", one->planned ? str_trim(one->json) : STR(""), true },
		{ "server-version", one->version, is_single },
		{ "stopped", number(run, one->tally.stopped), one->prunes },
		{ "deleted", number(run, one->tally.deleted), one->prunes },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (rows[i].is_written && ci_output(&run->ci, rows[i].name, rows[i].value, err) < 0)
			return -1;
	return 0;
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
	struct section all = sum(run->sections);

	if (run->sections->count > 0)
		all.sha = run->sections->list[0].sha;
	all.images = joined_parts(run, images_of, "images");
	all.pipelines = joined_parts(run, pipelines_of, "pipelines");
	all.json = arena_fmt(
	    run->arena, "{\"targets\":%.*s}\n", STR_FMT(joined_parts(run, json_of, "result")));
	if (section_write_outputs(run, &all, lost) < 0)
		return -1;
	if (output_is_json(&run->in))
		ci_result(&run->ci, all.json);
	return summary_write_text(
	    run, markdown_of(run, err, false), markdown_of(run, err, true), all.planned, lost);
}
