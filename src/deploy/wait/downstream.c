/* The jobs of pipelines that read from what was pushed, and that the push does not know (2.x). */
#include "deploy/wait/downstream.h"

#include "base/arena.h"
#include "base/buf.h"
#include "deploy/wait/waiter.h"
#include "inputs/run.h"
#include "pachd/pachd.h"

/* A pipeline that reads from what was pushed and is not in the plan. */
struct outsider {
	struct str project, pipeline;
	struct str job; /* the last state seen of its job */
	bool endless;   /* a service or a spout: its job never ends; or it stands still */
};

static struct outsider *
find_outsider(const struct waiter *w, const struct job *job)
{
	for (size_t i = 0; i < w->outsider_count; i++)
		if (str_eq(w->outsiders[i].pipeline, job->pipeline)
		    && str_eq(w->outsiders[i].project, job->project))
			return &w->outsiders[i];
	return NULL;
}

bool
outside_is_endless(const struct waiter *w, const struct job *job)
{
	struct outsider *outsider = find_outsider(w, job);

	if (outsider)
		outsider->job = arena_str(w->run->arena, job->state);
	return outsider && outsider->endless;
}

/* Jobs do not say what kind of pipeline is theirs: asks for that of those that were not seen before. */
int
outside_learn(struct waiter *w, struct arena *scratch, const struct jobs *jobs, struct err *err)
{
	size_t first = w->outsider_count, count;
	struct pachd_target *targets;
	struct live *live;

	for (size_t i = 0; i < jobs->count; i++) {
		const struct job *job = &jobs->list[i];

		if (waiter_step_of(w, job) < w->plan->count || !waiter_owns(w, job)
		    || find_outsider(w, job))
			continue;
		w->outsiders = arena_grow(w->run->arena, w->outsiders, w->outsider_count,
		    &w->outsider_room, sizeof(*w->outsiders));
		w->outsiders[w->outsider_count++] =
		    (struct outsider){ .project = arena_str(w->run->arena, job->project),
			    .pipeline = arena_str(w->run->arena, job->pipeline) };
	}
	count = w->outsider_count - first;
	if (count == 0)
		return 0;
	targets = ARENA_ARRAY(scratch, count, struct pachd_target);
	live = ARENA_ARRAY(scratch, count, struct live);
	for (size_t i = 0; i < count; i++)
		targets[i] = (struct pachd_target){ w->outsiders[first + i].project,
			w->outsiders[first + i].pipeline };
	if (pachd_poll(w->cluster, scratch, targets, count, live, err) < 0) {
		w->outsider_count = first; /* the next look asks again */
		return -1;
	}
	for (size_t i = 0; i < count; i++)
		w->outsiders[first + i].endless = live[i].endless || live[i].stopped;
	return 0;
}

size_t
outside_missing(const struct waiter *w, struct buf *names, size_t before)
{
	size_t count = 0;

	for (size_t i = 0; i < w->outsider_count; i++) {
		const struct outsider *one = &w->outsiders[i];

		if (one->endless || one->job.len == 0 || job_progress(one->job) != PROGRESS_WAITING)
			continue;
		if (before + count++ < MISSING_NAMED)
			buf_fmt(names, "%s'%.*s' (further down, job %.*s)",
			    before + count > 1 ? ", " : "",
			    STR_FMT(spec_title(w->run->arena, one->project, one->pipeline)),
			    STR_FMT(one->job));
	}
	return count;
}
