#include "pachd/apply/lost_answer.h"

enum sighting
lost_answer_see(bool answered, uint64_t before, uint64_t now, bool is_same)
{
	if (!answered || (now == 0 && before > 0))
		return SIGHTING_NONE;
	if (now == before)
		return SIGHTING_BEFORE;
	/* somebody else may have pushed before ours came: what counts is that ours is what runs */
	return is_same ? SIGHTING_OURS : SIGHTING_OTHERS;
}

bool
lost_answer_may_still_come(enum sighting last)
{
	return last == SIGHTING_BEFORE;
}

enum outcome
lost_answer_decide(bool sent, enum sighting last, enum middle middle)
{
	if (!sent)
		return OUTCOME_NOT_SENT;
	if (middle == MIDDLE_STOPPED)
		return OUTCOME_HALF_DONE;
	if (middle == MIDDLE_UNKNOWN)
		return OUTCOME_UNKNOWN;
	switch (last) {
	case SIGHTING_OURS:
		return OUTCOME_HAPPENED;
	case SIGHTING_BEFORE:
		return OUTCOME_NOT_HAPPENED;
	case SIGHTING_NONE:
	case SIGHTING_OTHERS:
		break;
	}
	return OUTCOME_UNKNOWN;
}
