#include "tap.h"

#include "pipeline/progress.h"

static void
test_progress_of__states(void)
{
	static const struct {
		const char *name, *state;
		unsigned version;
		bool exists, stopped;
		int wanted, up;
		int shaky_ms;
		enum progress progress;
	} rows[] = {
		{ "running", "running", 4, true, false, 1, 1, 0, PROGRESS_UP },
		{ "workers missing", "running", 4, true, false, 2, 1, 0, PROGRESS_WAITING },
		{ "no figures", "running", 4, true, false, 0, 0, 0, PROGRESS_UP },
		{ "standby", "standby", 4, true, false, 0, 0, 0, PROGRESS_UP },
		{ "starting", "starting", 4, true, false, 0, 0, 99, PROGRESS_WAITING },
		{ "crashing early", "crashing", 4, true, false, 0, 0, 9, PROGRESS_WAITING },
		{ "crashing late", "crashing", 4, true, false, 0, 0, 10, PROGRESS_FAILED },
		{ "restarting late", "restarting", 4, true, false, 0, 0, 10, PROGRESS_FAILED },
		{ "failure", "failure", 4, true, false, 0, 0, 0, PROGRESS_FAILED },
		{ "paused", "paused", 4, true, false, 0, 0, 0, PROGRESS_PAUSED },
		{ "stopped", "running", 4, true, true, 0, 0, 0, PROGRESS_PAUSED },
		{ "not seen yet", "running", 3, true, false, 1, 1, 0, PROGRESS_WAITING },
		{ "somebody else's", "running", 5, true, false, 1, 1, 0, PROGRESS_SUPERSEDED },
		{ "deleted", "", 0, false, false, 0, 0, 0, PROGRESS_SUPERSEDED },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct deployed now = { .exists = rows[i].exists,
			.version = rows[i].version,
			.state = str_of(rows[i].state),
			.stopped = rows[i].stopped,
			.workers_wanted = rows[i].wanted,
			.workers_up = rows[i].up };

		ok(progress_of(&now, 4, rows[i].shaky_ms, 10) == rows[i].progress, "%s",
		    rows[i].name);
	}
}

static void
test_job_progress__states(void)
{
	static const struct {
		const char *state;
		enum progress progress;
	} rows[] = {
		{ "created", PROGRESS_WAITING },
		{ "starting", PROGRESS_WAITING },
		{ "running", PROGRESS_WAITING },
		{ "egressing", PROGRESS_WAITING },
		{ "success", PROGRESS_UP },
		{ "failure", PROGRESS_FAILED },
		{ "unrunnable", PROGRESS_FAILED },
		{ "killed", PROGRESS_SUPERSEDED },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct job job = { .state = str_of(rows[i].state) };

		ok(job_progress(job.state) == rows[i].progress, "%s", rows[i].state);
	}
}

int
main(void)
{
	test_progress_of__states();
	test_job_progress__states();
	return done();
}
