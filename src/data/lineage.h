/* lineage.h: what a commit was made of, by which pipeline in which version, down to what users have put. */
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
	struct ancestor *list; /* each before those that it was made of */
	size_t count, room;
};

enum { MAX_ANCESTORS = 1000 };

/* -1: as commit_resolve(), without waiting; ERR_REFUSED above MAX_ANCESTORS. */
int lineage_read(struct run *run, struct pachd *cluster, const struct place *place,
    struct lineage *out, struct err *err) NODISCARD;

#endif
