#include "cmd/command.h"

#include <string.h>

#include "base/version.h"
#include "ci/ci.h"
#include "inputs/exit_code.h"
#include "inputs/run.h"

static int
cmd_version(struct run *run, struct err *err)
{
	(void)err;
	ci_out(&run->ci, "pachup %s", PACHUP_VERSION);
	return EXIT_DONE;
}

const struct command commands[] = {
	{ "push", "[PATH...]", "retag the specs, check them, and send them to the cluster",
	    FOR_PUSH, cmd_push, "json" },
	{ "plan", "[PATH...]", "show what a push would change, and change nothing", FOR_PLAN,
	    cmd_push, "json" },
	{ "rollback", "PIPELINE...", "put earlier versions of pipelines back", FOR_ROLLBACK,
	    cmd_rollback, "json" },
	{ "validate", "[PATH...]", "report every mistake in the specs, without a network",
	    FOR_VALIDATE, cmd_validate, "json|sarif" },
	{ "set-image", "IMAGE... --in PATH...",
	    "put image tags into the files themselves, byte for byte", FOR_SET_IMAGE, cmd_set_image,
	    "json" },
	{ "graph", "[PATH...]", "draw which pipeline reads what", FOR_GRAPH, cmd_graph,
	    "json|mermaid|dot" },
	{ "doctor", "[PATH...]", "check address, TLS, version, login and permissions, with fixes",
	    FOR_DOCTOR, cmd_doctor, "json" },
	{ "status", "[PATH...]", "what runs on the cluster: versions, states, images", FOR_STATUS,
	    cmd_status, "json" },
	{ "token keygen", "", "make the key pair that tokens are sealed for and opened with",
	    FOR_KEYGEN, cmd_token_keygen, NULL },
	{ "token seal", "", "seal a token so that only the holders of some keys can read it",
	    FOR_SEAL, cmd_token_seal, NULL },
	{ "token status", "", "whose token it is and when it expires; exit 3 when that is soon",
	    FOR_TOKEN_STATUS, cmd_token_status, "json" },
	{ "token rotate", "",
	    "make a new token, test it, store it, and only then revoke the old one", FOR_ROTATE,
	    cmd_token_rotate, NULL },
	{ "version", "", "the version of this program", FOR_HELP, cmd_version, NULL },
	{ "help", "[COMMAND]",
	    "this text, or a command's; help checks and help inputs print tables", FOR_HELP,
	    cmd_help, NULL },
};
const size_t command_count = COUNT_OF(commands);

const struct command *
command_named(const char *name)
{
	for (size_t i = 0; i < command_count; i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}
