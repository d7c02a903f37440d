/* Which jobs say how a push does: deploy/wait/judge.c. */
#include "tap.h"

#include "base/arena.h"
#include "deploy/wait/judge.h"
#include "deploy/wait/waiter.h"

/* A push of transaction "t2" to `edges`, which has left `montage` as it was. */
struct scene {
	struct run run;
	struct plan plan;
	struct spec specs[2];
	struct step steps[2];
	struct deployed live;
	struct waiter w;
};

static void
set_up(struct scene *s, struct arena *a, const char *kept_last_job)
{
	*s = (struct scene){ .run = { .arena = a } };
	s->specs[0] = (struct spec){ .project = STR("default"), .name = STR("montage") };
	s->specs[1] = (struct spec){ .project = STR("default"), .name = STR("edges") };
	s->live = (struct deployed){ .exists = true,
		.version = 3,
		.state = STR("running"),
		.last_job = str_of(kept_last_job) };
	s->steps[0] =
	    (struct step){ .spec = &s->specs[0], .action = ACTION_KEEP, .live = &s->live };
	s->steps[1] = (struct step){
		.spec = &s->specs[1], .action = ACTION_UPDATE, .live = &s->live, .new_version = 4
	};
	s->plan = (struct plan){ .steps = s->steps, .count = 2, .updated = 1, .kept = 1 };
	s->w = (struct waiter){ .run = &s->run, .plan = &s->plan, .jobs = true };
	s->w.sets = ARENA_ARRAY(a, 2, struct job_set);
	s->w.sets[0] = (struct job_set){ .id = STR("t1") };
	s->w.sets[1] = (struct job_set){ .id = STR("t2"), .is_ours = true };
	s->w.set_count = 2;
	waiter_prepare(&s->w);
	s->w.awaited[0].now = s->live;
	s->w.awaited[1].now = s->live;
	s->w.awaited[1].now.version = 4;
}

static struct job
job_of(const char *pipeline, const char *id, const char *state, int64_t started_ns)
{
	return (struct job){ .project = STR("default"),
		.pipeline = str_of(pipeline),
		.id = str_of(id),
		.state = str_of(state),
		.started_ns = started_ns };
}

static void
test_judge_keep_counting__only_what_tells(struct arena *a)
{
	static const struct {
		const char *name, *pipeline, *id, *state, *kept_last_job;
		bool is_1x, counts;
	} rows[] = {
		{ "the push's own job", "edges", "t2", "running", "success", false, true },
		{ "an earlier job of what was pushed", "edges", "t1", "failure", "success", false,
		    false },
		{ "in 1.x each job of what was pushed", "edges", "t1", "failure", "success", true,
		    true },
		{ "an old job where a good one followed", "montage", "t1", "failure", "success",
		    false, false },
		{ "the last job of what was left", "montage", "t1", "failure", "failure", false,
		    true },
		{ "an old job while another one runs", "montage", "t1", "failure", "running", false,
		    false },
		{ "a job further down, of this push", "alien", "t2", "failure", "", false, true },
		{ "a job further down that was killed", "alien", "t2", "killed", "", false, false },
		{ "a job further down, of another push", "alien", "t1", "failure", "", false,
		    false },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct job job = job_of(rows[i].pipeline, rows[i].id, rows[i].state, 1);
		struct jobs jobs = { &job, 1 };
		struct scene s;

		set_up(&s, a, rows[i].kept_last_job);
		s.w.is_1x = rows[i].is_1x;
		judge_keep_counting(&s.w, &jobs);
		ok((jobs.count == 1) == rows[i].counts, "%s", rows[i].name);
	}
}

static void
test_judge_keep_counting__last_job_alone(struct arena *a)
{
	struct job list[] = { job_of("montage", "t0", "failure", 1),
		job_of("montage", "t1", "killed", 2) };
	struct jobs jobs = { list, 2 };
	struct scene s;

	set_up(&s, a, "killed");
	judge_keep_counting(&s.w, &jobs);
	ok(jobs.count == 1 && str_is(jobs.list[0].id, "t1"),
	    "of two old jobs the later one counts");
}

static void
test_judge_keep_counting__believed_at_second_look(struct arena *a)
{
	struct scene s;

	set_up(&s, a, "running");
	for (int look = 0; look < 2; look++) {
		struct job job = job_of("montage", "t1", "failure", 1);
		struct jobs jobs = { &job, 1 };

		judge_keep_counting(&s.w, &jobs);
		ok(s.w.unsure == (look == 0), "look %d %s", look + 1,
		    look == 0 ? "is not believed" : "is");
	}
}

/* Two jobs, sorted by pipeline as they come. */
static void
test_judge_blame__who(struct arena *a)
{
	static const struct {
		const char *name, *first, *second, *culprit;
	} rows[] = {
		{ "all well", "success", "success", NULL },
		{ "one runs", "success", "running", NULL },
		{ "a failure counts at once", "running", "failure", "zoom" },
		{ "what fails is culprit, not what follows", "unrunnable", "failure", "zoom" },
		{ "a failure because of its inputs waits for its cause", "inputs failed: zoom",
		    "running", NULL },
		{ "and is not the culprit", "inputs failed: zoom", "failure", "zoom" },
		{ "unrunnable waits for its cause", "unrunnable", "running", NULL },
		{ "unrunnable alone is culprit", "unrunnable", "success", "edges" },
		{ "killed alone is culprit", "success", "killed", "zoom" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct job list[] = { job_of("edges", "t2", rows[i].first, 1),
			job_of("zoom", "t2", rows[i].second, 2) };
		bool inputs_failed = str_starts(list[0].state, "inputs failed");
		struct jobs jobs = { list, 2 };
		const struct job *culprit;
		struct scene s;

		if (inputs_failed) {
			list[0].reason = list[0].state;
			list[0].state = STR("failure");
		}
		set_up(&s, a, "success");
		s.specs[0].name = STR("zoom");
		s.steps[0].action = ACTION_UPDATE;
		s.steps[0].new_version = 4;
		s.plan.updated = 2;
		waiter_prepare(&s.w);
		culprit = judge_blame(&s.w, &jobs);
		ok(rows[i].culprit ? culprit && str_is(culprit->pipeline, rows[i].culprit)
		                   : culprit == NULL,
		    "%s", rows[i].name);
	}
}

static void
test_judge_blame__what_was_bad_before_is_kept(struct arena *a)
{
	struct job job = job_of("montage", "t1", "failure", 1);
	struct jobs jobs = { &job, 1 };
	struct scene s;

	set_up(&s, a, "failure");
	ok(!judge_blame(&s.w, &jobs) && s.w.old_job && str_is(s.w.old_job->id, "t1"),
	    "the older failure is not a fault of the push, and kept for the end");
	s.w.awaited[0].now.last_job = STR("success");
	ok(judge_is_past(&s.w, s.w.old_job), "and is past once a good job followed");
}

static void
test_judge_drop_ended__sets(struct arena *a)
{
	static const struct {
		const char *name, *old_state, *own_state;
		bool unsure, old_ended;
	} rows[] = {
		{ "an earlier set that ended", "failure", "success", false, true },
		{ "an earlier set that runs", "running", "success", false, false },
		{ "nothing while it is unsure", "failure", "success", true, false },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct job list[] = { job_of("edges", "t2", rows[i].own_state, 2),
			job_of("montage", "t1", rows[i].old_state, 1) };
		struct jobs jobs = { list, 2 };
		struct scene s;

		set_up(&s, a, "failure");
		s.w.unsure = rows[i].unsure;
		judge_drop_ended(&s.w, &jobs);
		ok(s.w.sets[0].ended == rows[i].old_ended && !s.w.sets[1].ended,
		    "%s; the push's own is asked for again", rows[i].name);
	}
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_judge_keep_counting__only_what_tells(a);
	test_judge_keep_counting__last_job_alone(a);
	test_judge_keep_counting__believed_at_second_look(a);
	test_judge_blame__who(a);
	test_judge_blame__what_was_bad_before_is_kept(a);
	test_judge_drop_ended__sets(a);
	arena_free(a);
	return done();
}
