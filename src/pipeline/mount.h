/* mount.h: which Kubernetes secrets a pipeline spec names. Pure. */
#ifndef PIPELINE_MOUNT_H
#define PIPELINE_MOUNT_H

#include <stddef.h>

#include "base/base.h"
#include "base/str.h"
#include "diag/diag.h"
#include "format/doc.h"

struct arena;

enum mount_kind {
	MOUNT_WORKER, /* transform.secrets: pachd 2.3 and later refuse a pipeline without it */
	MOUNT_PULL,   /* transform.image_pull_secrets */
	MOUNT_EGRESS, /* egress.sql_database.secret */
};

struct mount {
	enum mount_kind kind;
	struct str name; /* borrowed from the document */
	struct span at;  /* where the name is */
};

struct mounts {
	struct mount *list;
	size_t count;
};

/* Those of one document, in `a`. What is not a string, or empty, is left out: that is reported elsewhere. */
struct mounts mounts_of(struct arena *a, const struct node *document);

#endif
