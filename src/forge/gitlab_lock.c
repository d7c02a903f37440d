/*
 * The lock of a branch. GitLab Docs, "Labels API": a name that exists is answered with 409. A label starts no pipeline, as a
 * branch or a tag would. Its description names its run, and when it ends.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/clock.h"
#include "ci/record.h"
#include "forge/gitlab.h"
#include "format/doc.h"
#include "process/stop_wait.h"
#include "secret/digest.h"

enum {
	NAME_DIGITS = 12,
	LEASE_S = 120, /* more than a run needs, and than clocks of runners differ */
	PAUSE_MS = 400,
	LAST_MS = 5000 /* for taking it away when the run is over */
};

/* The number behind "until " in a label's description: seconds since 1970; 0: there is none. */
static int64_t
end_of(struct str text)
{
	const char *word = strstr(text.ptr ? text.ptr : "", "until ");

	return word ? strtoll(word + strlen("until "), NULL, 10) : 0;
}

/* Reads the label: sets lock->id where it is ours; deletes that of another run whose time is over. */
static int
look_at_label(struct repository *r, struct gitlab_lock *lock, struct str run, struct err *err)
{
	const char *path;
	struct str text;
	struct node *n;

	if (call_get(r, "read the lock of the branch", &n, err, "/labels/%s", lock->title) < 0)
		return r->is_gone ? 0 : -1;
	text = arena_str(r->arena, text_at(n, "description"));
	if (str_holds(text, run)) {
		lock->id = digits_at(n, "id");
		return 0;
	}
	if (end_of(text) >= (int64_t)time(NULL))
		return 0;
	/* by its number: the next one has another */
	path = arena_fmt(r->arena, "/labels/%.*s", STR_FMT(digits_at(n, "id"))).ptr;
	if (call_rest(r, "DELETE", path, NULL, "take a lock away", &n, err) < 0 && !r->is_gone)
		return -1;
	return 0;
}

/* Whether the run may ask nothing more: it was interrupted, or its time is over. */
static bool
is_over(const struct repository *r)
{
	const struct rest_opts *limits = &r->rest_opts;

	return stop_is_set(limits->stop_fd)
	       || (limits->deadline_ms != 0 && clock_ms() >= limits->deadline_ms);
}

/* A connection for what must still be taken away. */
static int
open_last(struct repository *r, struct repository *out)
{
	struct rest_opts rest = r->rest_opts;
	struct err unheard;

	rest.stop_fd = -1;
	rest.watch = NULL;
	rest.deadline_ms = clock_ms() + LAST_MS;
	*out = *r;
	out->rest = api_open(&r->opts, &rest, gitlab_base(r->env), GITLAB_BASE, &unheard);
	return out->rest ? 0 : -1;
}

static void
delete_label(struct repository *r, struct str id)
{
	const char *path = arena_fmt(r->arena, "/labels/%.*s", STR_FMT(id)).ptr;
	struct err unheard;
	struct node *n;

	(void)(call_rest(r, "DELETE", path, NULL, "unlock the branch", &n, &unheard) < 0);
}

/* The run is over, and whether the lock was made is not known. */
static void
give_up(struct repository *r, struct gitlab_lock *lock, struct str run)
{
	struct repository last;
	struct err unheard;

	if (open_last(r, &last) < 0)
		return;
	if (look_at_label(&last, lock, run, &unheard) == 0 && lock->id.len > 0)
		delete_label(&last, lock->id);
	rest_close(last.rest);
}

/* Makes the label. Where there is one already (409), or no answer says whether it was made, the label says whose it is. */
static int
try_lock(struct repository *r, struct gitlab_lock *lock, struct str run, struct str mine,
    struct err *err)
{
	struct node *n;
	struct call c;

	call_begin(&c);
	json_text(&c.json, "name", lock->title);
	json_text(&c.json, "color", "#808080");
	json_string(&c.json, "description", mine);
	if (call_rest(r, "POST", "/labels", &c, "lock the branch", &n, err) == 0) {
		lock->id = digits_at(n, "id");
		return 0;
	}
	if (err->kind == ERR_NETWORK || r->status == 409 || r->status == 400)
		return look_at_label(r, lock, run, err);
	if (err->kind == ERR_INTERRUPTED || err->kind == ERR_TIMEOUT)
		give_up(r, lock, run);
	return -1;
}

int
gitlab_lock(struct repository *r, const char *branch, struct gitlab_lock *lock, struct err *err)
{
	const struct rest_opts *limits = &r->rest_opts;
	char id[RECORD_ID_LEN + 1];
	struct str mine;

	if (record_id(id, err) < 0)
		return -1;
	lock->title = arena_fmt(
	    r->arena, "pachup-%.*s", NAME_DIGITS, digest_hex(r->arena, str_of(branch)).ptr)
	                  .ptr;
	lock->id = STR("");
	for (unsigned i = 0;; i++) {
		int64_t noise = clock_ms() % PAUSE_MS;

		mine = arena_fmt(r->arena, "pachup run %s writes branch '%s', until %lld", id,
		    branch, (long long)time(NULL) + LEASE_S);
		if (try_lock(r, lock, str_of(id), mine, err) < 0)
			return -1;
		if (lock->id.len > 0)
			return 0;
		if (stop_pause(limits->stop_fd, PAUSE_MS / 2 + noise, limits->deadline_ms))
			continue;
		if (stop_is_set(limits->stop_fd))
			return err_set(err, ERR_INTERRUPTED, "interrupted");
		(void)err_set(
		    err, ERR_TIMEOUT, "timed out: another run is writing branch '%s'", branch);
		return err_hint(err,
		    "run this again; a lock that a run has left behind ends "
		    "after %d minutes",
		    LEASE_S / 60);
	}
}

void
gitlab_unlock(struct repository *r, const struct gitlab_lock *lock)
{
	struct repository last;

	if (!is_over(r)) {
		delete_label(r, lock->id);
	} else if (open_last(r, &last) == 0) {
		delete_label(&last, lock->id);
		rest_close(last.rest);
	}
}
