/* deployed.h: what the cluster runs now under a pipeline's name; pachd/ fills it in. */
#ifndef PIPELINE_DEPLOYED_H
#define PIPELINE_DEPLOYED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "pipeline/diff.h"
#include "pipeline/mark.h"

struct deployed {
	bool exists;
	uint64_t version;
	struct str image;    /* what it runs; empty when the server does not say */
	struct str state;    /* "running", "standby", … in Pachyderm's words; may be empty */
	struct str last_job; /* the state of its last job; empty: none, or unknown */
	struct str reason;   /* the server's words on its state; may be empty */
	bool stopped;        /* paused by a user */
	bool endless;        /* a spout or a service: its job never ends */
	int64_t workers_wanted, workers_up; /* 0 and 0 where the server does not say */
	/* whose it is: what it carries itself (1.10-2.9, 2.11+); pachd_read_marks() asks its output repo, too */
	struct mark mark;
	struct str commit;      /* of git, which it was pushed from, by a mark or its note */
	struct str created_by;  /* who made its first version, by the server (2.11+) */
	struct str spec_commit; /* the commit of its spec; distinguishes two pushes */
	struct str spec;        /* the stored request, serialized in the server's own messages */
	struct str user_json;   /* 2.8+: the spec as it was submitted; else empty */
};

/* How a rendered spec compares with it; pachd/ decides, knowing the generation's defaults. */
struct comparison {
	bool same;               /* an update would change nothing */
	bool same_code;          /* image, commands and the like: decides `reprocess: changed` */
	struct str why;          /* what differs first ("transform.image"), or why it is unknown */
	struct str image;        /* what it would run; empty where that is unknown */
	struct differences diff; /* all of it; empty where it is unknown */
};

#endif
