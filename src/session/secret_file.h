/* secret_file.h: secrets in files that the user names. */
#ifndef SESSION_SECRET_FILE_H
#define SESSION_SECRET_FILE_H

#include "base/err.h"

struct run;
struct secret;

/* The bytes of the file at `path`; `what` names the secret in messages. In CI it must be a regular file in the fence
 * (ci_fence) or in the runner's own directory (ci_temp), where an earlier step may have put it; this is looked at once
 * the file is open. NULL with *err: ERR_SYSTEM where it cannot be read or lies elsewhere, ERR_USAGE where it is empty or
 * longer than a secret may be. The caller frees it. */
struct secret *secret_file_read(
    const struct run *run, const char *path, const char *what, struct err *err) NODISCARD;

/* What a file with a secret that is at `path`, or will be, must lie in: the fence, or the runner's own directory where it
 * lies in that; NULL outside of CI: anything goes. */
const char *secret_file_fence(const struct run *run, const char *path);

#endif
