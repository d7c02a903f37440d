#include "tap.h"

#include <string.h>

#include "base/arena.h"
#include "format/doc.h"
#include "pipeline/plan.h"

static void
test_reprocess_add__items(struct arena *a)
{
	static const struct {
		const char *item;
		bool good;
		const char *project, *name;
		enum reprocess_policy policy;
	} rows[] = {
		{ "edges=always", true, "", "edges", REPROCESS_ALWAYS },
		{ "p/edges=changed", true, "p", "edges", REPROCESS_CHANGED },
		{ "edges=never", true, "", "edges", REPROCESS_NEVER },
		{ "edges==always", false, NULL, NULL, 0 },
		{ "edges=", false, NULL, NULL, 0 },
		{ "=always", false, NULL, NULL, 0 },
		{ "/edges=always", false, NULL, NULL, 0 },
		{ "p/=always", false, NULL, NULL, 0 },
		{ "edges=Always", false, NULL, NULL, 0 },
		{ "sometimes", false, NULL, NULL, 0 },
		{ "", false, NULL, NULL, 0 },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct reprocess r = { .all = REPROCESS_NEVER };
		struct err err = { 0 };
		int rc = reprocess_add(&r, a, str_of(rows[i].item), &err);

		if (rows[i].good)
			ok(rc == 0 && r.count == 1 && str_is(r.list[0].name, rows[i].name)
			        && str_is(r.list[0].project, rows[i].project)
			        && r.list[0].policy == rows[i].policy,
			    "'%s'", rows[i].item);
		else
			ok(rc < 0 && err.kind == ERR_USAGE && err.hint[0] && r.count == 0,
			    "'%s' is refused: %s", rows[i].item, err.text);
	}
}

/* What becomes of one pipeline. */
static void
test_plan_make__decides(struct arena *a)
{
	static const struct {
		const char *name, *items[3];
		bool exists, same, same_code, document, keep_same;
		enum action action;
		bool reprocess;
	} rows[] = {
		{ "new", { "never" }, false, false, false, false, true, ACTION_CREATE, false },
		{ "new has no old data", { "always" }, false, false, false, true, true,
		    ACTION_CREATE, false },
		{ "the same", { "never" }, true, true, true, false, true, ACTION_KEEP, false },
		{ "the same, only: all", { "never" }, true, true, true, false, false, ACTION_UPDATE,
		    false },
		{ "the same, always", { "always" }, true, true, true, false, true, ACTION_UPDATE,
		    true },
		{ "the same, changed", { "changed" }, true, true, true, false, true, ACTION_KEEP,
		    false },
		{ "other", { "never" }, true, false, false, false, true, ACTION_UPDATE, false },
		{ "other code", { "changed" }, true, false, false, false, true, ACTION_UPDATE,
		    true },
		{ "same code", { "changed" }, true, false, true, false, true, ACTION_UPDATE,
		    false },
		{ "the document asks", { "never" }, true, true, true, true, true, ACTION_UPDATE,
		    true },
		{ "a rule beats the document", { "always", "edges=never" }, true, true, true, true,
		    true, ACTION_KEEP, false },
		{ "a rule beats the run", { "never", "edges=always" }, true, true, true, false,
		    true, ACTION_UPDATE, true },
		{ "in its project", { "never", "p/edges=always" }, true, true, true, false, true,
		    ACTION_UPDATE, true },
		{ "not in another", { "never", "q/edges=always" }, true, true, true, false, true,
		    ACTION_KEEP, false },
		{ "the last rule wins", { "edges=always", "p/edges=never" }, true, true, true,
		    false, true, ACTION_KEEP, false },
		{ "another's rule", { "never", "edge=always" }, true, true, true, false, true,
		    ACTION_KEEP, false },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct reprocess r = { .all = REPROCESS_NEVER };
		struct spec spec = {
			.project = STR("p"), .name = STR("edges"), .reprocess = rows[i].document
		};
		struct deployed live = { .exists = rows[i].exists, .image = STR("live:1") };
		struct candidate one = { .spec = &spec,
			.live = &live,
			.comparison = { rows[i].same, rows[i].same_code, STR("why") } };
		struct plan plan;
		struct err err;
		int rc = 0;

		for (size_t j = 0; j < 3 && rows[i].items[j]; j++)
			rc |= reprocess_add(&r, a, str_of(rows[i].items[j]), &err);
		plan = plan_make(a, &one, 1, rows[i].keep_same, &r);
		ok(rc == 0 && plan.count == 1 && plan.steps[0].action == rows[i].action
		        && plan.steps[0].reprocess == rows[i].reprocess,
		    "%s: %s", rows[i].name, action_name(plan.steps[0].action));
		ok(plan.created == (rows[i].action == ACTION_CREATE)
		        && plan.updated == (rows[i].action == ACTION_UPDATE)
		        && plan.kept == (rows[i].action == ACTION_KEEP),
		    "%s: it is counted", rows[i].name);
	}
}

static void
test_plan_make__images(struct arena *a)
{
	struct node image = { .kind = NODE_STRING, .text = STR("file:1") };
	struct spec spec = { .name = STR("x"), .image = &image };
	struct spec bare = { .name = STR("y") };
	struct deployed live = { .exists = true, .image = STR("live:1") },
	                absent = { .exists = false };
	struct candidate list[] = {
		{ .spec = &spec, .live = &live, .new_image = STR("new:1"), .part = 7 },
		{ .spec = &spec, .live = &absent },
		{ .spec = &spec },
		{ .spec = &bare },
	};
	static const char *const old[] = { "live:1", "file:1", "file:1", "" };
	static const char *const new[] = { "new:1", "file:1", "file:1", "" };
	struct reprocess never = { .all = REPROCESS_NEVER };
	struct plan plan = plan_make(a, list, COUNT_OF(list), true, &never);

	for (size_t i = 0; i < COUNT_OF(list); i++)
		ok(str_is(plan.steps[i].old_image, old[i])
		        && str_is(plan.steps[i].new_image, new[i]),
		    "images of candidate %zu", i);
	ok(plan.steps[0].part == 7 && plan.steps[0].live == &live, "part and live are handed on");
	ok(plan.created == 3 && plan.updated == 1, "without a cluster everything is new");
	ok(strcmp(action_name(ACTION_KEEP), "unchanged") == 0, "what is kept is called unchanged");
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_reprocess_add__items(a);
	test_plan_make__decides(a);
	test_plan_make__images(a);
	arena_free(a);
	return done();
}
