#include "pipeline/progress.h"

bool
state_is_shaky(struct str state)
{
	return str_is_one_of(state, "crashing|restarting");
}

enum progress
progress_of(const struct deployed *now, uint64_t wanted, int64_t shaky_ms, int64_t grace_ms)
{
	if (!now->exists || now->version > wanted)
		return PROGRESS_SUPERSEDED;
	if (now->version < wanted)
		return PROGRESS_WAITING;
	if (now->stopped || str_is(now->state, "paused"))
		return PROGRESS_PAUSED;
	if (str_is(now->state, "failure"))
		return PROGRESS_FAILED;
	if (state_is_shaky(now->state))
		return shaky_ms >= grace_ms ? PROGRESS_FAILED : PROGRESS_WAITING;
	if (str_is(now->state, "standby"))
		return PROGRESS_UP;
	if (!str_is(now->state, "running"))
		return PROGRESS_WAITING;
	return now->workers_up >= now->workers_wanted ? PROGRESS_UP : PROGRESS_WAITING;
}

bool
job_has_failed(struct str state)
{
	return str_is_one_of(state, "failure|unrunnable|killed");
}

bool
job_is_consequence(const struct job *job)
{
	return job_has_failed(job->state)
	       && (!str_is(job->state, "failure") || str_starts(job->reason, "inputs failed"));
}

enum progress
job_progress(struct str state)
{
	if (str_is(state, "success"))
		return PROGRESS_UP;
	if (str_is(state, "killed"))
		return PROGRESS_SUPERSEDED;
	return job_has_failed(state) ? PROGRESS_FAILED : PROGRESS_WAITING;
}
