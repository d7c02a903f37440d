/* drift: shows where git and the cluster differ, and which of them changed. */
#include "drift/drift.h"

#include "base/arena.h"
#include "cmd/command_table.h"
#include "deploy/report/summary.h"
#include "inputs/exit_code.h"
#include "pachd/pachd.h"
#include "session/run.h"

static int
find_target(struct run *own, struct drift_report *out, struct err *err)
{
	out->run = own;
	ci_group(&own->ci, arena_fmt(own->arena, "target %s", own->target_name).ptr);
	if (drift_find(out, err) < 0)
		return err_wrap(err, "target '%s'", own->target_name);
	ci_group_end(&own->ci);
	return 0;
}

static int
find_all(struct run *run, struct drift_report *list, struct err *err)
{
	if (run->target_count > 1) {
		for (size_t i = 0; i < run->target_count; i++)
			if (find_target(run->targets[i], &list[i], err) < 0)
				return -1;
		return 0;
	}
	list[0].run = run;
	return drift_find(&list[0], err);
}

static int
write_outputs(struct run *run, const struct drift_report *list, size_t count, struct err *err)
{
	size_t same = 0, all = 0;

	for (size_t i = 0; i < count; i++) {
		same += drift_in_sync(&list[i]);
		all += list[i].count;
	}
	if (ci_output(&run->ci, "sha", list[0].work.commit.source, err) < 0
	    || ci_output_number(&run->ci, "changed", all - same, err) < 0
	    || ci_output_number(&run->ci, "unchanged", same, err) < 0
	    || ci_output(&run->ci, "pipelines", drift_rows_json(list, count), err) < 0)
		return -1;
	return ci_output(
	    &run->ci, "server-version", pachd_facts(list[0].compared.cluster)->text, err);
}

static int
report_drift(struct run *run, const struct drift_report *list, size_t count, struct err *err)
{
	struct str markdown = drift_markdown(run, list, count);

	for (size_t i = 0; i < count; i++) {
		if (count > 1)
			ci_heading(&run->ci,
			    arena_fmt(run->arena, "target %s", list[i].run->target_name).ptr);
		if (!output_is_json(&run->in))
			drift_print(&list[i]);
		drift_note(&list[i]);
	}
	if (output_is_json(&run->in) && drift_json(run, list, count, err) < 0)
		return -1;
	if (write_outputs(run, list, count, err) < 0)
		return -1;
	return summary_write_text(run, markdown, markdown, false, err);
}

int
cmd_drift(struct run *run, struct err *err)
{
	size_t count = run->target_count > 1 ? run->target_count : 1;
	struct drift_report *list = ARENA_ARRAY(run->arena, count, struct drift_report);
	bool counts = run->in.command_in_argv || run->opt.fail_on_changes, same = true;
	int rc = -1;

	if (summary_check_place(run, err) == 0 && find_all(run, list, err) == 0)
		rc = report_drift(run, list, count, err);
	for (size_t i = 0; i < count; i++) {
		same = same && drift_is_none(&list[i]);
		pachd_close(list[i].compared.cluster);
	}
	if (rc < 0)
		return -1;
	return counts && !same ? EXIT_CHANGES : EXIT_DONE;
}
