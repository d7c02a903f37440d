#include "net/rest_group.h"

#include <stdlib.h>

#include "base/clock.h"
#include "net/call.h"
#include "net/multi_wait.h"
#include "net/rest_call.h"
#include "process/stop_wait.h"
#include "process/watch.h"

enum { MOST_AT_ONCE = 16 };

struct rest_group {
	CURLM *multi;
};

/* A place for one request in flight; free while it has no turn. */
struct flying {
	struct rest_turn *turn;
	struct rest_attempt attempt;
};

/* Why a turn ends without an answer. */
typedef int end_reason(const struct rest *r, struct err *err);

struct sending {
	struct rest_group *group;
	struct rest_turn *turns;
	size_t count, next, flown;
	struct flying places[MOST_AT_ONCE];
	size_t most;
};

struct rest_group *
rest_group_new(struct err *err)
{
	struct rest_group *g = calloc(1, sizeof(*g));

	if (g && curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK) {
		g->multi = curl_multi_init();
		if (g->multi)
			return g;
		curl_global_cleanup();
	}
	free(g);
	(void)rest_no_memory(err);
	return NULL;
}

void
rest_group_free(struct rest_group *g)
{
	sigset_t before;

	if (!g)
		return;
	sigpipe_hold(&before);
	(void)curl_multi_cleanup(g->multi);
	curl_global_cleanup();
	sigpipe_release(&before);
	free(g);
}

void *
rest_group_multi(struct rest_group *g)
{
	return g->multi;
}

/* Puts the next turns into the free places. */
static void
begin_turns(struct sending *s)
{
	for (size_t i = 0; i < s->most; i++) {
		while (!s->places[i].turn && s->next < s->count) {
			struct rest_turn *turn = &s->turns[s->next++];
			struct flying *f = &s->places[i];

			*f = (struct flying){ .attempt = {
				                  .rest = turn->rest, .request = &turn->request } };
			turn->rest->is_begun = false;
			turn->rc = rest_aim(turn->rest, &turn->request, &turn->err);
			if (turn->rc == 0)
				turn->rc = rest_begin(&f->attempt, &turn->err);
			if (turn->rc == 0) {
				f->turn = turn;
				s->flown++;
			}
		}
	}
}

/* Collects the requests that have ended. */
static void
end_turns(struct sending *s)
{
	int left;
	bool is_transient;

	for (struct CURLMsg *note; (note = curl_multi_info_read(s->group->multi, &left)) != NULL;) {
		CURL *easy = note->easy_handle;
		CURLcode code = note->data.result;

		if (note->msg != CURLMSG_DONE)
			continue;
		for (size_t i = 0; i < s->most; i++) {
			struct rest_turn *turn = s->places[i].turn;

			if (!turn || turn->rest->easy != easy)
				continue;
			turn->rc = rest_end(&s->places[i].attempt, code, &is_transient, &turn->err);
			if (turn->rc == 0)
				rest_fill_reply(turn->rest, false, &turn->reply);
			s->places[i].turn = NULL;
			s->flown--;
		}
	}
}

static void
fail_turn(struct rest_turn *turn, end_reason *why)
{
	turn->rc = why(turn->rest, &turn->err);
}

/* Ends all turns that are left, for the same reason. */
static void
end_all_turns(struct sending *s, end_reason *why)
{
	for (size_t i = 0; i < s->most; i++)
		if (s->places[i].turn) {
			rest_forget(&s->places[i].attempt);
			fail_turn(s->places[i].turn, why);
		}
	while (s->next < s->count)
		fail_turn(&s->turns[s->next++], why);
	s->flown = 0;
}

/* Lets libcurl work once and waits for more to do. Returns why all must end; NULL: they go on. */
static end_reason *
run_step(struct sending *s)
{
	const struct rest_opts *o = &s->turns[0].rest->opts;
	int64_t left = o->deadline_ms ? o->deadline_ms - clock_ms() : 1000;
	int running;

	if (left <= 0)
		return rest_too_late;
	watch_enter(o->watch, o->deadline_ms, true);
	(void)curl_multi_perform(s->group->multi, &running);
	if (watch_leave(o->watch) && stop_is_set(o->stop_fd))
		return rest_interrupted;
	if (running == (int)s->flown
	    && multi_wait(s->group->multi, o->stop_fd, left < 1000 ? left : 1000))
		return rest_interrupted;
	return NULL;
}

void
rest_group_send(struct rest_group *g, struct rest_turn *turns, size_t count, size_t most)
{
	struct sending s = { .group = g, .turns = turns, .count = count, .most = most };
	end_reason *why = NULL;
	sigset_t before;

	if (count == 0)
		return;
	if (s.most > MOST_AT_ONCE)
		s.most = MOST_AT_ONCE;
	sigpipe_hold(&before);
	watch_hold(turns[0].rest->opts.watch);
	begin_turns(&s);
	while (!why && s.flown > 0) {
		why = run_step(&s);
		if (!why) {
			end_turns(&s);
			begin_turns(&s);
		}
	}
	if (why)
		end_all_turns(&s, why);
	watch_release(turns[0].rest->opts.watch);
	sigpipe_release(&before);
}
