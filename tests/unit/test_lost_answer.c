/* What became of a change whose answer was lost: every combination of what the cluster shows. */
#include "tap.h"

#include "base/base.h"
#include "pachd/apply/lost_answer.h"

static void
test_lost_answer_see__rows(void)
{
	static const struct {
		const char *name;
		bool answered;
		uint64_t before, now;
		bool is_same;
		enum sighting sighting;
		bool may_still_come;
	} rows[] = {
		{ "a create, no answer", false, 0, 0, false, SIGHTING_NONE, false },
		{ "a create, nothing there", true, 0, 0, false, SIGHTING_BEFORE, true },
		{ "a create, ours is there", true, 0, 1, true, SIGHTING_OURS, false },
		{ "a create, another is there", true, 0, 1, false, SIGHTING_OTHERS, false },
		{ "an update, no answer", false, 4, 0, false, SIGHTING_NONE, false },
		{ "an update, deleted since", true, 4, 0, false, SIGHTING_NONE, false },
		{ "an update, the old version", true, 4, 4, false, SIGHTING_BEFORE, true },
		{ "an update that changes nothing", true, 4, 4, true, SIGHTING_BEFORE, true },
		{ "an update, ours is next", true, 4, 5, true, SIGHTING_OURS, false },
		{ "an update, ours after another", true, 4, 6, true, SIGHTING_OURS, false },
		{ "an update, another is next", true, 4, 5, false, SIGHTING_OTHERS, false },
		{ "an update, made anew by another", true, 4, 1, false, SIGHTING_OTHERS, false },
		{ "an update, made anew and like ours", true, 4, 1, true, SIGHTING_OURS, false },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		enum sighting got =
		    lost_answer_see(rows[i].answered, rows[i].before, rows[i].now, rows[i].is_same);

		ok(got == rows[i].sighting
		        && lost_answer_may_still_come(got) == rows[i].may_still_come,
		    "%s", rows[i].name);
	}
}

static void
test_lost_answer_decide__rows(void)
{
	static const struct {
		const char *name;
		bool sent;
		enum sighting last;
		enum middle middle;
		enum outcome outcome;
	} rows[] = {
		{ "it was not sent", false, SIGHTING_NONE, MIDDLE_NOT, OUTCOME_NOT_SENT },
		{ "not sent, ours runs", false, SIGHTING_OURS, MIDDLE_NOT, OUTCOME_NOT_SENT },
		{ "ours runs", true, SIGHTING_OURS, MIDDLE_NOT, OUTCOME_HAPPENED },
		{ "the old one runs", true, SIGHTING_BEFORE, MIDDLE_NOT, OUTCOME_NOT_HAPPENED },
		{ "another runs", true, SIGHTING_OTHERS, MIDDLE_NOT, OUTCOME_UNKNOWN },
		{ "no answer", true, SIGHTING_NONE, MIDDLE_NOT, OUTCOME_UNKNOWN },
		{ "ours, but cut short", true, SIGHTING_OURS, MIDDLE_STOPPED, OUTCOME_HALF_DONE },
		{ "the old one, cut short", true, SIGHTING_BEFORE, MIDDLE_STOPPED,
		    OUTCOME_HALF_DONE },
		{ "ours, the rest unknown", true, SIGHTING_OURS, MIDDLE_UNKNOWN, OUTCOME_UNKNOWN },
		{ "the old one, the rest unknown", true, SIGHTING_BEFORE, MIDDLE_UNKNOWN,
		    OUTCOME_UNKNOWN },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		ok(lost_answer_decide(rows[i].sent, rows[i].last, rows[i].middle)
		        == rows[i].outcome,
		    "%s", rows[i].name);
}

int
main(void)
{
	test_lost_answer_see__rows();
	test_lost_answer_decide__rows();
	return done();
}
