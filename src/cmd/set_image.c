/* set-image: image lines and values in the files themselves. */
#include "cmd/command_table.h"
#include "edit/edit.h"

int
cmd_set_image(struct run *run, struct err *err)
{
	return set_image_run(run, err);
}
