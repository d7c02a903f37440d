/* seal.h: seals the run's token. */
#ifndef TOKEN_SEAL_H
#define TOKEN_SEAL_H

#include "base/base.h"
#include "base/err.h"
#include "secret/sealed.h"

struct run;
struct secret;

/* Seals the run's token for input `recipients` and writes it into the file of input `out`, or to standard
 * output. Without input `offline` asks the cluster whose the token is and when it expires. -1: ERR_USAGE inputs that are
 * missing or do not fit together; ERR_SYSTEM the file cannot be written; the failures of the connection. */
int token_seal(struct run *run, struct err *err) NODISCARD;

/* Reads input `recipients`: public keys, and files with one in each line ('#' begins a comment). Without any: the keys that
 * the run's own token is sealed for; -1 with ERR_USAGE where it is not sealed. */
int seal_recipients(struct run *run, struct recipients *out, struct err *err) NODISCARD;

/* Checks the file of input `out`, which is given: in CI it lies in the workspace, and only a sealed token, an empty
 * file or a device is replaced. -1 with ERR_SYSTEM or ERR_USAGE. */
int seal_check_place(struct run *run, struct err *err) NODISCARD;

/* Seals the token and writes it to the file, below its facts as comments, or to standard output (`path` NULL). -1 as
 * sealed_make() and file_put(). */
int seal_write(struct run *run, const char *path, const struct secret *token,
    const struct sealed_facts *facts, const struct recipients *to, struct err *err) NODISCARD;

#endif
