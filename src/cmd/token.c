/* token: keys, sealed tokens, how long a token lives, and new ones. */
#include "cmd/command.h"
#include "inputs/exit_code.h"
#include "inputs/run.h"
#include "token/keygen.h"

int
cmd_token_keygen(struct run *run, struct err *err)
{
	return token_keygen(run, err) < 0 ? -1 : EXIT_DONE;
}
