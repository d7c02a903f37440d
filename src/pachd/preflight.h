/* preflight.h: what pipelines need beside themselves: repos, secrets, projects, rights; asked in one line's words. */
#ifndef PACHD_PREFLIGHT_H
#define PACHD_PREFLIGHT_H

#include "pachd/client.h"

struct around {
	const struct line *line;
	struct pachd_around *asked;
	struct call *calls; /* room for around_calls() */
};

/* How many calls it takes at most. */
size_t around_calls(const struct pachd_around *asked);

/* Fills the calls in, their requests in `a`; returns how many. Few repos are asked for one by one, many in
 * one list. */
size_t around_ask(const struct around *q, struct arena *a);

/* Reads the answers into q->asked, its strings in `a`. An answer that cannot be read tells nothing;
 * of projects nothing is told to a release without them. */
void around_learn(const struct around *q, struct arena *a, bool has_projects);

/* Whether what a call has asked for is there, by its answer. */
enum pachd_known around_known(const struct call *call);

/* The InspectRepo request for a user's repo. */
struct str inspect_repo_request(
    struct arena *a, const struct line *line, const struct pachd_target *target);

#endif
