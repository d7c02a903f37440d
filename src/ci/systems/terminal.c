#include "ci/ci.h"
#include "ci/event.h"
#include "ci/systems/other.h"

static bool
terminal_detect(const struct env *env)
{
	(void)env; /* whatever is not a runner is a terminal, or a script on one */
	return true;
}

static int
terminal_event(struct ci *ci, struct arena *a, struct event *out, struct err *err)
{
	(void)ci, (void)a, (void)err; /* nothing but the work tree says which commit is meant */
	*out = (struct event){ 0 };
	return 0;
}

const struct ci_system ci_terminal = {
	.word = "none",
	.detect = terminal_detect,
	.event = terminal_event,
};
