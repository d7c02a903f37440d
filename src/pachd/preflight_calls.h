/* preflight_calls.h: the calls that a preflight is made of, in the words of 1.x or of 2.x. */
#ifndef PACHD_PREFLIGHT_CALLS_H
#define PACHD_PREFLIGHT_CALLS_H

#include "pachd/client.h"
#include "pachd/preflight.h"

struct preflight {
	const struct api *api;
	struct pachd_preflight *asked;
	struct call *calls; /* room for preflight_calls() */
};

/* How many calls it takes at most. */
size_t preflight_calls(const struct pachd_preflight *asked);

/* Fills the calls in, their requests in `a`; returns how many. Few repos are asked for one by one, many in
 * one list. */
size_t preflight_ask(const struct preflight *q, struct arena *a);

/* Reads the answers into q->asked, its strings in `a`. An answer that cannot be read says nothing;
 * of projects nothing is reported to a release without them. */
void preflight_read(const struct preflight *q, struct arena *a, bool has_projects);

/* Whether what a call has asked for is there, by its answer. */
enum pachd_presence preflight_known(const struct call *call);

/* The InspectRepo request for a user's repo. */
struct str inspect_repo_request(
    struct arena *a, const struct api *api, const struct pachd_target *target);

#endif
