/* Who moved: the three-way judgement as a table. */
#include "tap.h"

#include "base/arena.h"
#include "pipeline/drift.h"

/* git, cluster: it has the pipeline; same; mark: of whom ('o'urs, 't'heirs, '-' none); as pushed; live and pushed version. */
static const struct {
	bool git, cluster, same;
	char mark;
	bool as_pushed;
	uint64_t live, pushed;
	enum drift drift;
} rows[] = {
	{ true, true, true, 'o', true, 7, 7, DRIFT_SAME },
	{ true, true, true, 'o', false, 7, 7, DRIFT_SAME }, /* spelled otherwise */
	{ true, true, true, 'o', true, 9, 7,
	    DRIFT_SAME }, /* edited there and back, or a killed run */
	{ true, true, true, '-', false, 7, 0, DRIFT_SAME },
	{ true, true, false, 'o', false, 7, 7, DRIFT_NOT_PUSHED },
	{ true, true, false, 'o', true, 9, 7, DRIFT_EDITED },
	{ true, true, false, 'o', false, 9, 7, DRIFT_BOTH },
	{ true, true, false, 'o', true, 1, 7, DRIFT_EDITED }, /* deleted there, and made again */
	{ true, true, false, 'o', true, 7, 7, DRIFT_DIFFERS },
	{ true, true, false, '-', false, 7, 0, DRIFT_DIFFERS },
	{ true, true, true, 't', true, 7, 7, DRIFT_NOT_OURS },
	{ true, true, false, 't', false, 9, 7, DRIFT_NOT_OURS },
	{ true, false, false, '-', false, 0, 0, DRIFT_MISSING },
	{ true, false, false, 'o', true, 0, 7, DRIFT_MISSING }, /* its repo was kept */
	{ false, true, false, 'o', false, 7, 7, DRIFT_LEFT },
	{ false, true, false, 'o', false, 9, 7, DRIFT_LEFT },
};

static void
test_drift_judge__says_who_moved(struct arena *a)
{
	(void)a;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct drift_facts f = { .in_git = rows[i].git,
			.in_cluster = rows[i].cluster,
			.is_same = rows[i].same,
			.is_marked = rows[i].mark != '-',
			.is_ours = rows[i].mark == 'o',
			.is_as_pushed = rows[i].as_pushed,
			.live_version = rows[i].live,
			.pushed_version = rows[i].pushed };

		ok(drift_judge(&f) == rows[i].drift, "row %zu: %s", i, drift_text(drift_judge(&f)));
	}
}

static void
test_drift_judge__what_a_push_would_start_is_not_pushed(struct arena *a)
{
	struct drift_facts f = { .in_git = true,
		.in_cluster = true,
		.is_same = true,
		.is_marked = true,
		.is_ours = true,
		.is_as_pushed = true,
		.awaits_start = true };

	(void)a;
	ok(drift_judge(&f) == DRIFT_NOT_PUSHED, "its spec is back");
	f.is_ours = false;
	ok(drift_judge(&f) == DRIFT_NOT_OURS, "another one's is not started");
}

static void
test_drift_judge__what_prune_stopped_is_no_drift(struct arena *a)
{
	struct drift_facts f = { .in_cluster = true, .is_marked = true, .is_ours = true };

	(void)a;
	ok(drift_is_change(drift_judge(&f)), "it runs");
	f.is_retired = true;
	ok(!drift_is_change(drift_judge(&f)), "it is stopped");
	f.in_git = true;
	ok(drift_is_change(drift_judge(&f)), "git has it again");
}

static void
test_drift_text__each_has_its_own(struct arena *a)
{
	(void)a;
	for (enum drift i = 0; i < DRIFT_COUNT; i++)
		for (enum drift k = 0; k < i; k++)
			ok(!str_eq(str_of(drift_text(i)), str_of(drift_text(k)))
			        && !str_eq(str_of(drift_word(i)), str_of(drift_word(k))),
			    "%s", drift_text(i));
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_drift_judge__says_who_moved(a);
	test_drift_judge__what_a_push_would_start_is_not_pushed(a);
	test_drift_judge__what_prune_stopped_is_no_drift(a);
	test_drift_text__each_has_its_own(a);
	arena_free(a);
	return done();
}
