/* token.h: the run's token, as it was given or out of its seal; and the key that opens it. */
#ifndef SESSION_TOKEN_H
#define SESSION_TOKEN_H

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

struct run;
struct secret;

/*
 * Reads the token from input `token`, `token-file` or `token-stdin` into run->token. A sealed one is
 * opened with the run's key where the command (its `use`, as in inputs.h) needs a token, and refused where it
 * was sealed for another cluster than input `cluster`, or another target or project than the run's; run->sealed has what was sealed with it. What the
 * runner cannot know is masked first. The secret inputs stay where they are, for further targets that read theirs:
 * token_erase_inputs() has to follow before anything is read that others wrote.
 * -1: ERR_USAGE an invalid token, a key that is invalid or does not fit; ERR_SPEC a seal that is damaged;
 * ERR_SYSTEM.
 */
int token_read(struct run *run, unsigned command, struct err *err) NODISCARD;

/* Reads only the secrets for other hosts than the cluster, which several targets of a run have in common. -1: ERR_USAGE. */
int token_read_hosts(struct run *run, unsigned use, struct err *err) NODISCARD;

/* Overwrites all secret inputs, and the CI system's secret for ID tokens, in the environment as well. */
void token_erase_inputs(struct run *run);

/* Ends the run's secrets, and those of its targets. */
void token_forget(struct run *run);

#endif
