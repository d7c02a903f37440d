/* token: keys, sealed tokens, how long a token lives, and new ones. */
#include "cmd/command_table.h"
#include "inputs/exit_code.h"
#include "session/run.h"
#include "token/keygen.h"
#include "token/rotate.h"
#include "token/seal.h"
#include "token/status.h"

int
cmd_token_keygen(struct run *run, struct err *err)
{
	return token_keygen(run, err) < 0 ? -1 : EXIT_DONE;
}

int
cmd_token_seal(struct run *run, struct err *err)
{
	return token_seal(run, err) < 0 ? -1 : EXIT_DONE;
}

int
cmd_token_status(struct run *run, struct err *err)
{
	return token_status(run, err);
}

int
cmd_token_rotate(struct run *run, struct err *err)
{
	return token_rotate(run, err) < 0 ? -1 : EXIT_DONE;
}
