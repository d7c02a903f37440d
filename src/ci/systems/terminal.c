#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "ci/ci.h"
#include "ci/event.h"
#include "ci/systems/other.h"

static bool
terminal_detect(const struct env *env)
{
	(void)env; /* whatever is not a runner is a terminal, or a script on one */
	return true;
}

/* Variables that CI systems set of which pachup knows nothing else; CI itself is what nearly all of them set. */
static const char *const signs[] = { "CI", "CODEBUILD_BUILD_ID", "APPVEYOR", "CIRRUS_CI",
	"SEMAPHORE", "PROW_JOB_ID", "CONTINUOUS_INTEGRATION", "JENKINS_HOME", "GO_PIPELINE_NAME",
	"bamboo_buildKey", "HARNESS_BUILD_ID", "ARGO_NODE_ID" };

/* Nothing but the work tree says which commit is meant. Where a sign says that this is CI, nobody knows who caused the
 * run. */
static void
terminal_event(struct ci *ci, struct arena *a, struct event *out)
{
	*out = (struct event){ 0 };
	for (size_t i = 0; i < COUNT_OF(signs) && !out->unproven; i++) {
		const char *value = env_get(ci->env, signs[i]);

		if (value && strcasecmp(value, "false") != 0 && strcmp(value, "0") != 0)
			out->unproven = arena_fmt(
			    a, "%s is set, and pachup does not know this CI system", signs[i])
			                    .ptr;
	}
}

const struct ci_system ci_terminal = {
	.word = "none",
	.detect = terminal_detect,
	.event = terminal_event,
};
