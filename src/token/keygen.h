/* keygen.h: a new key pair for sealed tokens. */
#ifndef TOKEN_KEYGEN_H
#define TOKEN_KEYGEN_H

#include "base/base.h"
#include "base/err.h"

struct run;

/*
 * Makes a key pair, of random bytes or from the passphrase of input `passphrase-file`, and writes both
 * halves into the new file of input `out`, or to standard output where no runner keeps a log of it. -1:
 * ERR_USAGE inputs that do not fit together, a passphrase that is too short, a runner without `out`;
 * ERR_SYSTEM the file.
 */
int token_keygen(struct run *run, struct err *err) NODISCARD;

#endif
