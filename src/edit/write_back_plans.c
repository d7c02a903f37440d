/* What merging a request does, target by target: plans of the specs as the branch has them. */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "deploy/push.h"
#include "deploy/report/summary.h"
#include "edit/write_back_inside.h"
#include "session/config.h"
#include "session/read.h"
#include "session/targets.h"

enum { MAX_PLANS_BYTES = 40000 }; /* of a body's 60,000 */

/* For struct other_commit: the branch's files, with the run's edits. */
static int
read_file(void *ctx, const char *path, struct str *text, struct err *err)
{
	struct back *b = ctx;
	struct str name = write_back_name(b, path);
	const struct entry *e = name.len > 0 ? write_back_entry(b, name) : NULL;

	for (size_t i = 0; i < b->all->edited_count; i++)
		if (str_is(name, b->all->edited[i].path->name))
			return write_back_new_text(b, &b->all->edited[i], text, err);
	if (!e || !str_starts(e->mode, "100"))
		return 1;
	return write_back_text(b, e, text, err);
}

/* Half of the time that is left stays for the request itself. */
static int64_t
deadline_of(const struct run *run, size_t further)
{
	int64_t now = clock_ms(), left = run->deadline_ms - now;

	return now + left / 2 / (int64_t)(further + 1);
}

static int
make_plan(struct back *b, struct push *push, size_t further, struct err *err)
{
	struct run *own = push->run;
	struct other_commit branch = { read_file, b };
	int rc;

	if (own->target->preview)
		return err_set(
		    err, ERR_USAGE, "it is a preview, whose pipelines depend on the pull request");
	own->diags = diags_in(own->arena);
	own->ci.reported = diags_in(own->arena);
	own->deadline_ms = deadline_of(b->run, further);
	own->other_commit = &branch;
	rc = push_prepare(push, err) < 0 || push_plan(push, err) < 0 ? -1 : 0;
	own->other_commit = NULL;
	return rc;
}

/* In `out`, whole where it fits. -1: a signal came. */
static int
add_plan(struct back *b, const struct plan_target *plan, size_t further, struct buf *out)
{
	struct run unopened = *b->run, *own = plan->run ? plan->run : &unopened;
	struct push push = { .run = own };
	struct err why = plan->why, *failed = NULL;
	struct str text;
	int rc = 0;

	unopened.target_name = plan->name;
	if (!plan->run || make_plan(b, &push, further, &why) < 0)
		failed = &why;
	push.o.planned = true;
	text = summary_of_target(own, &push.o, failed, SUMMARY_WHOLE);
	if (out->len + text.len > MAX_PLANS_BYTES / (further + 1))
		text = summary_of_target(own, &push.o, failed, SUMMARY_COUNTS);
	buf_add(out, text);
	if (failed && why.kind == ERR_INTERRUPTED)
		rc = -1;
	else if (failed)
		ci_warn(&b->run->ci, "no plan for target '%s': %s%s%s", plan->name, why.text,
		    why.hint[0] ? "; hint: " : "", why.hint);
	else
		ci_log(&b->run->ci, "plan for target '%s': %.*s", plan->name,
		    STR_FMT(outcome_counts(b->a, &push.o)));
	push_end(&push);
	return rc;
}

int
write_back_plans(struct back *b, struct str of, struct str *out, struct err *err)
{
	struct run *run = b->run;
	struct buf text = BUF_INIT(2 * MAX_PLANS_BYTES);
	int rc = 0;

	*out = b->plans;
	if (run->plan_count == 0 || str_eq(of, b->plans_of))
		return 0;
	for (size_t i = 0; i < run->plan_count && rc == 0; i++) {
		ci_group(&run->ci, arena_fmt(b->a, "target %s", run->plans[i].name).ptr);
		rc = add_plan(b, &run->plans[i], run->plan_count - 1 - i, &text);
		ci_group_end(&run->ci);
	}
	if (rc < 0) {
		buf_free(&text);
		return err_set(err, ERR_INTERRUPTED, "interrupted");
	}
	*out = b->plans = buf_take(&text, b->a);
	b->plans_of = of;
	return 0;
}
