/* pieces.h: a file that is split into pieces, and the directory of its name that holds them in the cluster. */
#ifndef DATA_PIECES_H
#define DATA_PIECES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "data/local.h"
#include "data/remote.h"

/* The number for the next piece in the directory `path`: one more than the highest; 0: it holds no pieces. */
uint64_t pieces_next(const struct remote *remote, struct str path);

/*
 * *same: whether the directory of the file's name holds its pieces and nothing else, by number, names, sizes and hashes. A
 * piece whose hash a client cannot know (1 MiB and more) counts as another one. -1: ERR_SYSTEM the file cannot be read;
 * ERR_SPEC it is not JSON.
 */
int pieces_same(const struct remote *remote, const struct local_file *source, enum pfs_split by,
    bool is_1x, bool *same, struct err *err) NODISCARD;

#endif
