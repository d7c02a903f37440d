/* The jobs of pipelines that read from what was pushed, and that the push does not know (2.x). */
#include "deploy/wait/downstream.h"

#include "base/arena.h"
#include "base/buf.h"
#include "deploy/wait/waiter.h"
#include "pachd/pachd.h"
#include "pachd/pps/poll.h"
#include "session/run.h"

/* A pipeline that reads from what was pushed and is not in the plan. */
struct downstream {
	struct str project, pipeline;
	struct str job; /* the last state seen of its job */
	bool endless;   /* a service or a spout: its job never ends; or it does not run */
};

static struct downstream *
find_downstream(const struct waiter *w, const struct job *job)
{
	for (size_t i = 0; i < w->downstream_count; i++)
		if (str_eq(w->downstream[i].pipeline, job->pipeline)
		    && str_eq(w->downstream[i].project, job->project))
			return &w->downstream[i];
	return NULL;
}

bool
downstream_is_endless(const struct waiter *w, const struct job *job)
{
	struct downstream *outsider = find_downstream(w, job);

	if (outsider && !str_eq(outsider->job, job->state))
		outsider->job = arena_str(w->run->arena, job->state);
	return outsider && outsider->endless;
}

/* Jobs do not say what kind of pipeline is theirs: asks for that of those that were not seen before. */
int
downstream_inspect(
    struct waiter *w, struct arena *scratch, const struct jobs *jobs, struct err *err)
{
	size_t first = w->downstream_count, count;
	struct pachd_target *targets;
	struct deployed *live;

	for (size_t i = 0; i < jobs->count; i++) {
		const struct job *job = &jobs->list[i];

		if (waiter_step_of(w, job) < w->plan->count || !waiter_owns(w, job)
		    || find_downstream(w, job))
			continue;
		w->downstream = arena_grow(w->run->arena, w->downstream, w->downstream_count,
		    &w->downstream_room, sizeof(*w->downstream));
		w->downstream[w->downstream_count++] =
		    (struct downstream){ .project = arena_str(w->run->arena, job->project),
			    .pipeline = arena_str(w->run->arena, job->pipeline) };
	}
	count = w->downstream_count - first;
	if (count == 0)
		return 0;
	targets = ARENA_ARRAY(scratch, count, struct pachd_target);
	live = ARENA_ARRAY(scratch, count, struct deployed);
	for (size_t i = 0; i < count; i++)
		targets[i] = (struct pachd_target){ w->downstream[first + i].project,
			w->downstream[first + i].pipeline };
	if (pachd_poll(w->cluster, scratch, targets, count, live, err) < 0) {
		w->downstream_count = first; /* the next look asks again */
		return -1;
	}
	for (size_t i = 0; i < count; i++)
		w->downstream[first + i].endless = live[i].endless || live[i].stopped;
	return 0;
}

size_t
downstream_missing(const struct waiter *w, struct buf *names, size_t before)
{
	size_t count = 0;

	for (size_t i = 0; i < w->downstream_count; i++) {
		const struct downstream *one = &w->downstream[i];

		if (one->endless || one->job.len == 0 || job_progress(one->job) != PROGRESS_WAITING)
			continue;
		if (before + count++ < MISSING_NAMED)
			buf_fmt(names, "%s'%.*s' (downstream, job %.*s)",
			    before + count > 1 ? ", " : "",
			    STR_FMT(spec_title(w->run->arena, one->project, one->pipeline)),
			    STR_FMT(one->job));
	}
	return count;
}
