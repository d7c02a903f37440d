/* What is known of pipelines that are waited for: deploy/wait/waiter.c. */
#include "tap.h"

#include "base/arena.h"
#include "deploy/wait/waiter.h"

enum { PIPELINES = 15, GRACE_MS = 30000 };

struct scene {
	struct run run;
	struct plan plan;
	struct spec specs[PIPELINES];
	struct step steps[PIPELINES];
	struct waiter w;
};

static void
set_up(struct scene *s, struct arena *a)
{
	*s = (struct scene){ .run = { .arena = a } };
	for (size_t i = 0; i < PIPELINES; i++) {
		s->specs[i] =
		    (struct spec){ .project = STR("default"), .name = arena_fmt(a, "p%02zu", i) };
		s->steps[i] = (struct step){
			.spec = &s->specs[i], .action = ACTION_UPDATE, .new_version = 2
		};
	}
	s->plan = (struct plan){ .steps = s->steps, .count = PIPELINES, .updated = PIPELINES };
	s->w = (struct waiter){ .run = &s->run, .plan = &s->plan };
	waiter_prepare(&s->w);
}

/* A look at `now_ms`: true when one of the pipelines counts as failed. */
static bool
fails_at(struct scene *s, const char *const *states, int64_t now_ms)
{
	bool failed = false;

	for (size_t i = 0; i < PIPELINES; i++)
		s->w.awaited[i].now =
		    (struct deployed){ .exists = true, .version = 2, .state = str_of(states[i]) };
	waiter_note_states(&s->w, now_ms);
	for (size_t i = 0; i < PIPELINES; i++) {
		int64_t shaky = waiter_shaky_ms(&s->w, i, now_ms);

		failed =
		    failed
		    || progress_of(&s->w.awaited[i].now, 2, shaky, GRACE_MS) == PROGRESS_FAILED;
		s->steps[i].state = s->w.awaited[i].now.state;
	}
	return failed;
}

/* pachd 1.13 takes 2 s for each: all go to RESTARTING, one after the other, then all to RUNNING. */
static void
test_waiter_shaky_ms__one_after_the_other(struct arena *a)
{
	const char *states[PIPELINES];
	struct scene s;
	bool failed = false;
	int64_t now_ms = 1000;

	set_up(&s, a);
	for (size_t i = 0; i < PIPELINES; i++)
		states[i] = "starting";
	for (size_t moved = 0; moved < (size_t)2 * PIPELINES; moved++, now_ms += 2000) {
		failed = failed || fails_at(&s, states, now_ms);
		states[moved % PIPELINES] = moved < PIPELINES ? "restarting" : "running";
	}
	ok(!failed && !fails_at(&s, states, now_ms), "15 good updates of 2 s each pass");
}

static void
test_waiter_shaky_ms__when_it_fails(struct arena *a)
{
	static const struct {
		const char *name, *first, *second, *third;
		int64_t second_ms, third_ms;
		bool failed;
	} rows[] = {
		{ "stuck in restarting", "starting", "restarting", "restarting", 60000, 90000,
		    true },
		{ "restarting for a while", "starting", "restarting", "restarting", 60000, 89999,
		    false },
		{ "crashing, counted from when it began", "running", "crashing", "crashing", 60000,
		    90000, true },
		{ "crashing late is not a failure at once", "starting", "starting", "crashing",
		    60000, 90000, false },
		{ "crashing again without having run", "crashing", "starting", "crashing", 10000,
		    40000, true },
		{ "crashing again after it has run", "crashing", "running", "crashing", 10000,
		    40000, false },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const char *states[PIPELINES];
		struct scene s;
		bool failed;

		set_up(&s, a);
		for (size_t k = 0; k < PIPELINES; k++)
			states[k] = "running";
		states[3] = rows[i].first;
		failed = fails_at(&s, states, 1);
		states[3] = rows[i].second;
		failed = failed || fails_at(&s, states, rows[i].second_ms);
		states[3] = rows[i].third;
		ok(!failed && fails_at(&s, states, rows[i].third_ms) == rows[i].failed, "%s",
		    rows[i].name);
	}
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_waiter_shaky_ms__one_after_the_other(a);
	test_waiter_shaky_ms__when_it_fails(a);
	arena_free(a);
	return done();
}
