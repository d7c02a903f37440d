/* lost_answer.h: what became of a change whose answer was lost, judged by what the cluster shows afterwards. Makes no
 * call. */
#ifndef PACHD_APPLY_LOST_ANSWER_H
#define PACHD_APPLY_LOST_ANSWER_H

#include <stdbool.h>
#include <stdint.h>

/* What one look at the pipeline shows. */
enum sighting {
	SIGHTING_NONE,   /* no answer, or the pipeline to be updated does not exist any more */
	SIGHTING_BEFORE, /* the version that ran before the change */
	SIGHTING_OURS,   /* a later version, with the spec of the change */
	SIGHTING_OTHERS, /* a later version, with another spec */
};

/* Below 1.12: whether the server stopped in the middle of the change. */
enum middle {
	MIDDLE_NOT,     /* it did not, or the release changes all or nothing */
	MIDDLE_STOPPED, /* it did */
	MIDDLE_UNKNOWN, /* no answer */
};

enum outcome {
	OUTCOME_NOT_SENT,
	OUTCOME_HAPPENED,
	OUTCOME_NOT_HAPPENED,
	OUTCOME_HALF_DONE,
	OUTCOME_UNKNOWN,
};

/* `before`: the version before the change, 0: there was no pipeline; `now`: the version that the cluster shows, 0:
 * there is no pipeline; `is_same`: its spec is that of the change. */
enum sighting lost_answer_see(bool answered, uint64_t before, uint64_t now, bool is_same);

/* Whether to look once more: the server may still be at work on the change. */
bool lost_answer_may_still_come(enum sighting last);

/* `sent`: the server may have got the change; else `last` and `middle` do not count. */
enum outcome lost_answer_decide(bool sent, enum sighting last, enum middle middle);

#endif
