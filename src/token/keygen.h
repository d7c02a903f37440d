/* keygen.h: a new key pair for sealed tokens. */
#ifndef TOKEN_KEYGEN_H
#define TOKEN_KEYGEN_H

#include "base/base.h"
#include "base/err.h"

struct run;

/*
 * Makes a key pair, of random bytes or from the passphrase of input `passphrase-file`. Writes both halves into the new
 * file of input `out`, and the public one into "OUT.pub"; without `out` to standard output, but not on a runner, which
 * keeps a log of it. -1: ERR_USAGE inputs that do not fit together, a passphrase that is too short, a runner without
 * `out`; ERR_SYSTEM a file exists or cannot be written.
 */
int token_keygen(struct run *run, struct err *err) NODISCARD;

#endif
