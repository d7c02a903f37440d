/* result.h: reads what a pipeline has written, for conditions. */
#ifndef DATA_RESULT_H
#define DATA_RESULT_H

#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "data/place.h"
#include "pachd/pfs/pfs.h"

struct node;
struct pachd;
struct run;

/* Reads the file at the place in the commit as one JSON value, in the run's arena. -1: ERR_REFUSED it is missing, a directory,
 * larger than MAX_RESULT_BYTES, or not JSON; failures as in pfs.h. */
int result_read(struct run *run, struct pachd *cluster, const struct pfs_commit *commit,
    const struct place *place, const struct node **out, struct err *err) NODISCARD;

/* How many files there are below the directory; 0 where there is none. Failures as in pfs.h. */
int result_count(struct run *run, struct pachd *cluster, const struct pfs_commit *commit,
    struct str dir, size_t *count, struct err *err) NODISCARD;

#endif
