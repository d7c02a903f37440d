#include "deploy/report/closing.h"

#include "base/arena.h"
#include "pipeline/step.h"
#include "session/run.h"

static struct str
versions(struct arena *a, const struct step *step)
{
	struct str text = step_versions(a, step, "->");

	return text.len > 0 ? text : STR("-");
}

struct widths {
	size_t title, version;
};

static struct widths
measure(struct arena *a, const struct plan *plan)
{
	struct widths w = { 0 };

	for (size_t i = 0; i < plan->count; i++) {
		size_t title = step_title(a, &plan->steps[i]).len;
		size_t version = versions(a, &plan->steps[i]).len;

		w.title = title > w.title ? title : w.title;
		w.version = version > w.version ? version : w.version;
	}
	return w;
}

void
closing_write(struct run *run, const struct outcome *o)
{
	const struct plan *plan = o->plan;
	struct arena *a = run->arena;
	bool is_long = o->why || run->opt.wait != WAIT_NONE;
	struct widths w;

	if (!ci_is_runner(&run->ci) || ci_has_summary(&run->ci) || o->planned || !is_long)
		return;
	w = measure(a, plan);
	ci_heading(&run->ci, outcome_title(a, o, run->opt.command_name).ptr);
	for (size_t i = 0; i < plan->count; i++) {
		const struct step *step = &plan->steps[i];
		struct str title = step_title(a, step), version = versions(a, step);

		ci_log(&run->ci, "  %-9s  %-*.*s  %-*.*s  %s", step_label(o, step), (int)w.title,
		    STR_FMT(title), (int)w.version, STR_FMT(version), step_state(o, step));
	}
}
