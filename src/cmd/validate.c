/* validate: every mistake that can be found without a cluster, as push finds it before it sends. */
#include "cmd/run.h"

int
cmd_validate(struct run *run, struct err *err)
{
	struct work work;

	if (!run->in.text[IN_SERVER_VERSION])
		run->in.text[IN_SERVER_VERSION] = "2.11";
	if (gather(run, &work, err) < 0)
		return -1;
	ci_out(&run->ci, "%zu pipeline spec%s, no mistake for pachd %s", work.count,
	    work.count == 1 ? "" : "s", run->in.text[IN_SERVER_VERSION]);
	return EXIT_DONE;
}
