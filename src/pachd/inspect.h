/* inspect.h: what runs now under some names: a few are asked for one by one, many in one list. */
#ifndef PACHD_INSPECT_H
#define PACHD_INSPECT_H

#include "pachd/client.h"

struct question {
	const struct line *line;
	const struct pachd_target *targets;
	size_t count;
	struct call *calls; /* room for question_calls(count) */
};

/* How many calls the question takes. */
size_t question_calls(size_t count);

/* Fills the calls in, their requests in `a`; returns how many. */
size_t question_ask(const struct question *q, struct arena *a);

/* Reads the answers: out[i] is target i's, its strings in `a`. -1: ERR_REFUSED, ERR_NETWORK. */
int question_learn(const struct question *q, const struct pachd *p, struct arena *a,
    struct live *out, struct err *err) NODISCARD;

#endif
