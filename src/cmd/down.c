/* down: what a preview made is removed. */
#include "deploy/preview/down.h"
#include "cmd/command_table.h"
#include "inputs/exit_code.h"
#include "session/config.h"
#include "session/connect.h"
#include "session/run.h"

static int
check_target(const struct run *run, struct err *err)
{
	if (run->target && run->target->preview)
		return 0;
	(void)err_set(err, ERR_USAGE, "'down' needs a target that is a preview");
	return err_hint(err, "add --target NAME of a target with 'preview: true'");
}

int
cmd_down(struct run *run, struct err *err)
{
	bool planning;

	if (check_target(run, err) < 0 || connect_decide(run, &planning, err) < 0
	    || connect_check_cluster(run, err) < 0)
		return -1;
	if (planning)
		return err_set(err, ERR_REFUSED, "'down' is refused: this run may only plan");
	return preview_down(run, err) < 0 ? -1 : EXIT_DONE;
}
