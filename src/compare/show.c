/* A comparison as text and as JSON. */
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "compare/compare.h"
#include "format/json_builder.h"
#include "session/run.h"

enum { MAX_NAMES = 3, MAX_FILES = 10, MAX_JSON = 64 << 20 };

/* "main (0123456)" */
static struct str
title_of(struct arena *a, const struct side *side)
{
	if (side->sha.len == 0)
		return str_of(side->name);
	return arena_fmt(a, "%s (%.*s)", side->name, STR_FMT(str_head(side->sha, 7)));
}

static void
print_only(struct run *run, const struct comparison *c, size_t side)
{
	for (size_t i = 0; i < c->count; i++) {
		const struct match *m = &c->list[i];

		if (m->on[side] && !m->on[1 - side])
			ci_out(&run->ci, "only in %s: %.*s (%s)", c->side[side].name,
			    STR_FMT(m->title), m->on[side]->file);
	}
}

static void
print_others(struct run *run, const struct comparison *c)
{
	size_t most = run->ci.is_verbose ? c->other_count : MAX_FILES;

	if (c->other_count > 0)
		ci_out(&run->ci, "files without specs, which values cannot change:");
	for (size_t i = 0; i < c->other_count && i < most; i++) {
		const struct other *o = &c->others[i];

		if (o->is_on[0] && o->is_on[1])
			ci_out(&run->ci, "  %.*s differs", STR_FMT(o->name));
		else
			ci_out(&run->ci, "  %.*s is only in %s", STR_FMT(o->name),
			    c->side[o->is_on[0] ? 0 : 1].name);
	}
	if (c->other_count > most)
		ci_out(
		    &run->ci, "  and %zu more; use --output json for all", c->other_count - most);
}

void
comparison_print(struct run *run, const struct comparison *c)
{
	struct str one = title_of(run->arena, &c->side[0]), two = title_of(run->arena, &c->side[1]);
	const struct match *last = NULL;

	if (comparison_is_same(c))
		ci_out(&run->ci, "%.*s -> %.*s: %zu pipeline%s, no difference", STR_FMT(one),
		    STR_FMT(two), c->both, c->both == 1 ? "" : "s");
	else if (c->both == 0)
		ci_out(&run->ci, "%.*s -> %.*s: no pipeline is on both sides", STR_FMT(one),
		    STR_FMT(two));
	else
		ci_out(&run->ci, "%.*s -> %.*s: %zu of %zu pipelines differ", STR_FMT(one),
		    STR_FMT(two), c->differ, c->both);
	for (size_t i = 0; i < c->groups.shared; i++)
		ci_out(&run->ci, "%.*s",
		    STR_FMT(diff_group_sentence(run->arena, &c->groups.list[i], c->titles,
		        run->ci.is_verbose ? SIZE_MAX : MAX_NAMES)));
	for (size_t i = c->groups.shared; i < c->groups.count; i++) {
		const struct match *m = &c->list[c->groups.list[i].owners[0]];

		if (m != last)
			ci_out(&run->ci, "%.*s", STR_FMT(m->title));
		last = m;
		ci_out(&run->ci, "  %.*s",
		    STR_FMT(difference_sentence(run->arena, c->groups.list[i].what)));
	}
	print_only(run, c, 0);
	print_only(run, c, 1);
	print_others(run, c);
}

static void
add_side(struct json *j, const char *key, const struct side *side)
{
	static const char *const kinds[] = { "target", "revision", "directory" };

	json_open(j, key, JSON_OBJECT);
	json_text(j, "name", side->name);
	json_text(j, "kind", kinds[side->kind]);
	if (side->sha.len > 0)
		json_string(j, "commit", side->sha);
	json_uint(j, "pipelines", side->count);
	json_close(j);
}

static void
add_difference(struct json *j, const struct difference *d)
{
	json_string(j, "path", d->path);
	json_raw(j, "old", d->old_value.ptr ? d->old_value : STR("null"));
	json_raw(j, "new", d->new_value.ptr ? d->new_value : STR("null"));
}

/* Every difference, with the pipelines that have it. */
static void
add_groups(struct json *j, const struct comparison *c)
{
	json_open(j, "differences", JSON_ROWS);
	for (size_t i = 0; i < c->groups.count; i++) {
		const struct diff_group *g = &c->groups.list[i];

		json_open(j, NULL, JSON_OBJECT);
		add_difference(j, g->what);
		json_open(j, "pipelines", JSON_ARRAY);
		for (size_t k = 0; k < g->count; k++)
			json_string(j, NULL, c->titles[g->owners[k]]);
		json_close(j);
		json_close(j);
	}
	json_close(j);
}

static void
add_only(struct json *j, const char *key, const struct comparison *c, size_t side)
{
	json_open(j, key, JSON_ROWS);
	for (size_t i = 0; i < c->count; i++) {
		const struct match *m = &c->list[i];

		if (!m->on[side] || m->on[1 - side])
			continue;
		json_open(j, NULL, JSON_OBJECT);
		json_string(j, "pipeline", m->title);
		json_text(j, "file", m->on[side]->file);
		json_close(j);
	}
	json_close(j);
}

static void
add_others(struct json *j, const struct comparison *c)
{
	json_open(j, "files_without_specs", JSON_ROWS);
	for (size_t i = 0; i < c->other_count; i++) {
		const struct other *o = &c->others[i];

		json_open(j, NULL, JSON_OBJECT);
		json_string(j, "file", o->name);
		json_text(j, "is",
		    o->is_on[0] && o->is_on[1] ? "different"
		    : o->is_on[0]              ? "only_a"
		                               : "only_b");
		json_close(j);
	}
	json_close(j);
}

int
comparison_json(struct run *run, const struct comparison *c, const char *written, struct err *err)
{
	struct buf text = BUF_INIT(MAX_JSON);
	struct json j = JSON_TO(&text);

	json_open(&j, NULL, JSON_OBJECT);
	add_side(&j, "a", &c->side[0]);
	add_side(&j, "b", &c->side[1]);
	json_bool(&j, "same", comparison_is_same(c));
	json_uint(&j, "differ", c->differ);
	add_groups(&j, c);
	add_only(&j, "only_a", c, 0);
	add_only(&j, "only_b", c, 1);
	add_others(&j, c);
	if (written)
		json_text(&j, "values", written);
	json_close(&j);
	(void)json_line(&j);
	return ci_result_take(&run->ci, &text, "the list of differences", err);
}
