/* seal.h: the run's token as a sealed one. */
#ifndef TOKEN_SEAL_H
#define TOKEN_SEAL_H

#include "base/base.h"
#include "base/err.h"
#include "secret/sealed.h"

struct run;
struct secret;

/* Seals the run's token for input `recipients` and writes it into the file of input `out`, or to standard
 * output. Unless input `offline` is true the cluster is asked whose it is and when it expires. -1: ERR_USAGE
 * inputs that are missing or do not fit together; the cluster's failures; ERR_SYSTEM the file. */
int token_seal(struct run *run, struct err *err) NODISCARD;

/* Reads input `recipients`: public keys, and files with one in each line ('#' begins a remark). None are
 * given: the keys that the run's own sealed token was sealed for; -1 with ERR_USAGE where it was not. */
int seal_recipients(struct run *run, struct recipients *out, struct err *err) NODISCARD;

/* Checks the file of input `out`, which is given: in CI it lies in the workspace, and only a sealed token, an empty
 * file or a device is replaced. -1 with ERR_SYSTEM or ERR_USAGE. */
int seal_check_place(struct run *run, struct err *err) NODISCARD;

/* Writes a sealed token to the file, below what it says as remarks, or to standard output (NULL). */
int seal_write(struct run *run, const char *path, const struct secret *token,
    const struct sealed_facts *facts, const struct recipients *to, struct err *err) NODISCARD;

#endif
