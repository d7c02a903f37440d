/* init: the project file, and a workflow, from what is in the tree. */
#include "init/init.h"

#include "cmd/command_table.h"

int
cmd_init(struct run *run, struct err *err)
{
	return init_run(run, err);
}
