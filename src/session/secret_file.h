/* secret_file.h: secrets in files that the user names. */
#ifndef SESSION_SECRET_FILE_H
#define SESSION_SECRET_FILE_H

#include "base/err.h"

struct run;
struct secret;

/* Reads the file at `path`, which the caller frees with secret_free(); `what` names the secret in messages. In CI it must be
 * a regular file in the fence (ci_fence) or in the runner's own directory (ci_temp), where an earlier step may have put
 * it; the open file is checked, not its name. NULL: ERR_SYSTEM it cannot be read or lies elsewhere, ERR_USAGE it is empty
 * or longer than a secret may be. */
struct secret *secret_file_read(
    const struct run *run, const char *path, const char *what, struct err *err) NODISCARD;

/* The directory that a file with a secret at `path`, which need not exist, must lie in: the runner's own directory where
 * `path` lies in that, else the fence; NULL outside of CI: it may lie anywhere. */
const char *secret_file_fence(const struct run *run, const char *path);

#endif
