/* inspect.h: what runs now under some names: a few are asked for one by one, many in one list. */
#ifndef PACHD_INSPECT_H
#define PACHD_INSPECT_H

#include "pachd/pachd_private.h"

struct inspect {
	enum api api;
	const struct pachd_target *targets;
	size_t count;
	struct call *calls; /* room for inspect_calls(count) */
	/* gets the names of all pipelines in the list, if one is asked for; or NULL */
	struct pachd_names *names;
};

/* How many calls it takes. */
size_t inspect_calls(size_t count);

/* Fills the calls in, their requests in `a`; returns how many. */
size_t inspect_ask(const struct inspect *q, struct arena *a);

/* Reads the answers, after pachd_probe() has chosen the interface: out[i] is target i's, its strings in `a`. -1: the
 * failures of rpc_error(); ERR_NETWORK, an answer is malformed. */
int inspect_read(const struct inspect *q, const struct pachd *p, struct arena *a,
    struct deployed *out, struct err *err) NODISCARD;

#endif
