/* What people see while a push is waited for: deploy/wait/live.c. */
#include "capture.h"

#include "base/utf8.h"
#include "deploy/wait/live.h"
#include "deploy/wait/waiter.h"

enum { PIPELINES = 5, STARTED_MS = 1000000 };

struct scene {
	struct run run;
	struct capture mouth;
	struct plan plan;
	struct spec specs[PIPELINES];
	struct step steps[PIPELINES];
	struct waiter w;
};

static const char *const names[PIPELINES] = { "edges", "montage-of-all-the-images-of-a-day", "c",
	"train", "infer" };

/* Two that run; three that start. The run has 10 minutes. */
static void
set_up(struct scene *s, struct arena *a)
{
	static const char *const none[] = { NULL };
	bool waits[PIPELINES] = { true, true, false, true, false };

	*s = (struct scene){ .run = { .arena = a } };
	capture_open(&s->mouth, a, none);
	s->run.ci = s->mouth.ci;
	s->run.opt.timeout_ms = 600000;
	s->run.deadline_ms = STARTED_MS + 600000;
	for (size_t i = 0; i < PIPELINES; i++) {
		s->specs[i] = (struct spec){ .project = STR("default"), .name = str_of(names[i]) };
		s->steps[i] = (struct step){ .spec = &s->specs[i],
			.action = ACTION_UPDATE,
			.new_version = 12,
			.state = waits[i] ? STR("starting") : STR("running") };
	}
	s->plan = (struct plan){ .steps = s->steps, .count = PIPELINES, .updated = PIPELINES };
	s->w = (struct waiter){
		.run = &s->run, .plan = &s->plan, .started_ms = STARTED_MS, .said_ms = STARTED_MS
	};
	waiter_prepare(&s->w);
	for (size_t i = 0; i < PIPELINES; i++) {
		s->w.awaited[i].now =
		    (struct deployed){ .exists = true, .version = 12, .state = s->steps[i].state };
		s->w.awaited[i].lag = (struct lag){ .is_waiting = waits[i], .workers_wanted = 2 };
	}
	s->w.awaited[0].now.reason = STR("ImagePullBackOff");
}

/* What the log says. The scene is over. */
static struct str
tear_down(struct scene *s, struct arena *a)
{
	struct str said;

	s->mouth.ci = s->run.ci;
	capture_close(&s->mouth);
	said = arena_str(a, str_of(s->mouth.log));
	capture_free(&s->mouth);
	return said;
}

static void
test_live_table__fits(struct arena *a)
{
	static const struct {
		size_t columns;
		const char *lines[4];
	} rows[] = {
		{ 120, { "waiting for 1m12s of 10m: 2 of 5 pipelines are ready",
		           "  edges                               version 12  starting, 0 of 2 "
		           "workers: "
		           "ImagePullBackOff",
		           "  montage-of-all-the-images-of-a-day  version 12  starting, 0 of 2 "
		           "workers",
		           "  train                               version 12  starting, 0 of 2 "
		           "workers" } },
		{ 60, { "waiting for 1m12s of 10m: 2 of 5 pipelines are ready",
		          "  edges                 version 12  starting, 0 of 2 workers: "
		          "ImagePullBackOff",
		          "  montage-of-all-the-…  version 12  starting, 0 of 2 workers",
		          "  train                 version 12  starting, 0 of 2 workers" } },
		{ 45, { "waiting for 1m12s of 10m: 2 of 5 pipelines are ready",
		          "  edges              starting, 0 of 2 workers: ImagePullBackOff",
		          "  montage-of-all-t…  starting, 0 of 2 workers",
		          "  train              starting, 0 of 2 workers" } },
		{ 20, { "waiting for 1m12s of 10m: 2 of 5 pipelines are ready",
		          "  e…  starting, 0 of 2 workers: ImagePullBackOff",
		          "  m…  starting, 0 of 2 workers", "  t…  starting, 0 of 2 workers" } },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct scene s;
		struct str *lines;
		size_t count;

		set_up(&s, a);
		s.run.arena =
		    NULL; /* a table is drawn each second: nothing of it stays with the run */
		count = live_table(&s.w, a, rows[i].columns, STARTED_MS + 72500, &lines);
		ok(count == 4, "%zu columns: a head and three rows", rows[i].columns);
		for (size_t k = 0; k < count && k < 4; k++)
			ok(str_is(lines[k], rows[i].lines[k]), "%zu columns: %.*s", rows[i].columns,
			    STR_FMT(lines[k]));
		(void)tear_down(&s, a);
	}
}

static void
test_live_beat__every_30_s(struct arena *a)
{
	struct scene s;

	set_up(&s, a);
	live_beat(&s.w, a, STARTED_MS + 24999, STARTED_MS + 29999);
	ok(s.w.said_ms == STARTED_MS, "nothing before it is due");
	live_beat(&s.w, a, STARTED_MS + 25000, STARTED_MS + 30000);
	live_beat(&s.w, a, STARTED_MS + 50000, STARTED_MS + 54999);
	s.w.awaited[0].lag.is_waiting = s.w.awaited[1].lag.is_waiting = false;
	s.steps[0].state = s.steps[1].state = STR("running");
	live_beat(&s.w, a, STARTED_MS + 150000, STARTED_MS + 155000);
	s.w.awaited[3].lag.is_waiting = false;
	s.steps[3].state = STR("running");
	live_beat(&s.w, a, STARTED_MS + 200000, STARTED_MS + 205000);
	ok(str_is(tear_down(&s, a),
	       "still waiting: edges (starting, 0 of 2 workers, ImagePullBackOff), "
	       "montage-of-all-the-images-of-a-day (starting, 0 of 2 workers), "
	       "train (starting, 0 of 2 workers), 25s of 10m\n"
	       "still waiting: train (starting, 0 of 2 workers), 2m30s of 10m\n"
	       "still waiting: jobs further down, 3m20s of 10m\n"),
	    "what is missing, and for how long");
}

static void
test_live_beat__names_three(struct arena *a)
{
	struct scene s;

	set_up(&s, a);
	for (size_t i = 0; i < PIPELINES; i++) {
		s.specs[i].name = str_head(STR("abcde"), i + 1);
		s.w.awaited[i].lag = (struct lag){ .is_waiting = true };
		s.steps[i].state = STR("starting");
	}
	s.w.awaited[0].now.reason = STR("0123456789012345678901234567890123456789"
	                                "0123456789012345678901234567890123456789 and more");
	live_beat(&s.w, a, STARTED_MS + 30000, STARTED_MS + 35000);
	ok(str_is(tear_down(&s, a),
	       "still waiting: a (starting, 0123456789012345678901234567890123456789"
	       "012345678901234567890123456789012345678…), ab (starting), abc (starting) "
	       "and 2 more, 30s of 10m\n"),
	    "three, and how many more");
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_live_table__fits(a);
	test_live_beat__every_30_s(a);
	test_live_beat__names_three(a);
	arena_free(a);
	return done();
}
