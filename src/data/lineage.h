/* lineage.h: the commits that a commit was made of, and the pipeline versions that made them, down to the users' data. */
#ifndef DATA_LINEAGE_H
#define DATA_LINEAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/base.h"
#include "base/err.h"
#include "pachd/pfs/pfs.h"

struct pachd;
struct place;
struct run;

struct ancestor {
	struct pfs_commit commit;
	unsigned depth;                    /* 0: the commit itself */
	bool is_made;                      /* by a pipeline; else a user has put it */
	uint64_t version;                  /* of the pipeline then */
	struct str job, image, git_commit; /* empty where the server does not say */
};

struct lineage {
	struct ancestor *list; /* each commit comes before those that it was made of */
	size_t count, room;
};

enum { MAX_ANCESTORS = 1000 };

/* Reads the lineage of the commit at the place. -1: ERR_REFUSED there is no such commit, or more than MAX_ANCESTORS; the
 * failures of the calls. */
int lineage_read(struct run *run, struct pachd *cluster, const struct place *place,
    struct lineage *out, struct err *err) NODISCARD;

#endif
