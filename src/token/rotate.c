#include "token/rotate.h"

#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/moment.h"
#include "pachd/auth/tokens.h"
#include "pachd/pachd.h"
#include "process/watch.h"
#include "secret/secret.h"
#include "session/connect.h"
#include "session/run.h"
#include "token/store.h"

struct rotation {
	struct run *run;
	struct pachd *old_way, *new_way; /* the cluster, with the old and with the new token */
	struct secret *token;            /* the new one */
	struct str robot;
	int64_t ttl_s;
	struct sealed_facts facts; /* of the new one */
	struct stores stores;
	size_t stored;
};

/* Whether the old token is the same robot's, so that the new one replaces it. */
static bool
is_replaced(const struct rotation *r)
{
	return str_eq(pachd_facts(r->old_way)->user, r->robot);
}

static int
read_inputs(struct rotation *r, struct err *err)
{
	struct run *run = r->run;

	if (!run->token) {
		(void)err_set(err, ERR_USAGE, "no token is given that could be renewed");
		return err_hint(err, "give the old one: --token-file, or PACHYDERM_TOKEN");
	}
	r->ttl_s = run->opt.ttl_ms / 1000;
	return stores_open(run, &r->stores, err);
}

/* Only tokens of robots can be made: people log in. */
static int
choose_robot(struct rotation *r, struct err *err)
{
	const char *given = r->run->opt.robot;
	struct str name = given ? str_of(given) : pachd_facts(r->old_way)->user;

	if (given && !str_starts(name, "robot:"))
		name = arena_fmt(r->run->arena, "robot:%s", given);
	r->robot = name;
	if (!str_starts(name, "robot:")) {
		(void)err_set(err, ERR_USAGE,
		    "the token is of '%.*s', and only tokens of robots can be renewed",
		    STR_FMT(name));
		return err_hint(err, "name the robot to make a token for: --robot NAME");
	}
	if (name.len > strlen("robot:") && name.len <= MAX_FACT_BYTES
	    && str_find(str_tail(name, strlen("robot:")), ':') == name.len - strlen("robot:"))
		return 0;
	(void)err_set(
	    err, ERR_USAGE, "'%.*s' is not a name of a robot", STR_FMT(str_head(name, 100)));
	return err_hint(err, "write it without a colon, for example --robot ci");
}

static int
read_old_token(struct rotation *r, struct err *err)
{
	const struct pachd_facts *facts;

	r->old_way = connect_open(r->run, err);
	if (!r->old_way || pachd_probe(r->old_way, NULL, 0, NULL, err) < 0)
		return -1;
	facts = pachd_facts(r->old_way);
	if (!facts->has_login) {
		(void)err_set(err, ERR_REFUSED, "authentication is off at %s: there are no tokens",
		    r->run->opt.cluster);
		return err_hint(err, "remove the token from CI, or activate authentication");
	}
	connect_log_server(r->run, facts); /* that the old token expires is why we are here */
	return choose_robot(r, err);
}

static void
print_plan(struct rotation *r)
{
	struct run *run = r->run;

	ci_out(&run->ci, "would make a token for %.*s that lives %s (%lld hours)",
	    STR_FMT(r->robot), value_text(&run->in, IN_TTL), (long long)(r->ttl_s / HOUR_S));
	for (size_t i = 0; i < r->stores.count; i++)
		ci_out(&run->ci, "would store it in %s", store_title(store_at(&r->stores, i)));
	if (is_replaced(r) && !run->opt.keep_old)
		ci_out(&run->ci, "would then revoke the old token");
}

static int
make_token(struct rotation *r, struct err *err)
{
	struct run *run = r->run;

	r->token = pachd_new_token(r->old_way, r->robot, r->ttl_s, err);
	if (!r->token) {
		(void)err_wrap(err, "no new token was made for %.*s", STR_FMT(r->robot));
		if (err->kind == ERR_INTERRUPTED || err->kind == ERR_NETWORK
		    || err->kind == ERR_TIMEOUT)
			ci_note(&run->ci, "the old token still works; a new one that nobody knows "
			                  "may have been made, "
			                  "and expires by itself");
		return -1;
	}
	watch_hint(run->watch, "  hint: the old token still works; a new one may have been made "
	                       "and not stored everywhere: run this again\n");
	return ci_mask(&run->ci, r->token, true, err);
}

/* Logs in with the new token, and reads the facts that are stored with it. */
static int
test_token(struct rotation *r, struct err *err)
{
	struct run *run = r->run;
	const struct pachd_facts *facts;
	int64_t lives_s;

	r->new_way = connect_open_as(run, r->token, err);
	if (!r->new_way || pachd_probe(r->new_way, NULL, 0, NULL, err) < 0)
		return err_wrap(err, err->kind == ERR_REFUSED ? "the new token does not work"
		                                              : "the new token could not be tried");
	facts = pachd_facts(r->new_way);
	if (!str_eq(facts->user, r->robot))
		return err_set(err, ERR_FAILED, "the new token is of '%.*s', not of '%.*s'",
		    STR_FMT(facts->user), STR_FMT(r->robot));
	lives_s = facts->expires_s - (int64_t)time(NULL);
	if (facts->expires_s && lives_s < r->ttl_s - HOUR_S)
		ci_note(&run->ci, "the cluster lets the new token live %lld hours, not %lld",
		    (long long)((lives_s + HOUR_S / 2) / HOUR_S), (long long)(r->ttl_s / HOUR_S));
	if (run->sealed)
		r->facts = *run->sealed;
	if (run->opt.label)
		r->facts.label = str_of(run->opt.label);
	r->facts.cluster = str_of(pachd_url(r->new_way)->text);
	r->facts.principal = facts->user;
	r->facts.expires_s = facts->expires_s;
	return 0;
}

/* Revokes the new token, which is stored nowhere: all is then as before. */
static void
revoke_new(struct rotation *r)
{
	struct err why;

	pachd_grace(r->old_way, CLEANUP_MS);
	if (pachd_revoke_token(r->old_way, r->token, &why) == 0) {
		watch_hint(r->run->watch, NULL);
		ci_note(&r->run->ci, "the new token was taken back; the old one still works");
	} else {
		ci_warn(&r->run->ci,
		    "the old token still works; the new one was stored nowhere, could not be taken "
		    "back (%s), and expires by itself",
		    why.text);
	}
}

/* Reports that only some places have the new token, so that both must stay valid. */
static void
report_halves(struct rotation *r, bool may_be_done)
{
	struct run *run = r->run;

	for (size_t i = r->stored; i < r->stores.count; i++)
		ci_log(&run->ci, "%s %s",
		    i == r->stored && may_be_done ? "perhaps not stored in" : "not stored in",
		    store_title(store_at(&r->stores, i)));
	ci_warn(&run->ci,
	    "the old token was not revoked: both work. Run this again when the places "
	    "can be written");
}

static int
store_token(struct rotation *r, struct err *err)
{
	bool may_be_done = false;

	for (; r->stored < r->stores.count; r->stored++) {
		const char *title = store_title(store_at(&r->stores, r->stored));

		if (stores_write(&r->stores, r->stored, r->token, &r->facts, &may_be_done, err)
		    < 0) {
			(void)err_wrap(err,
			    may_be_done ? "it is not certain that the new token is stored in %s"
			                : "the new token was not stored in %s",
			    title);
			break;
		}
		ci_log(
		    &r->run->ci, "the new token of %.*s is stored in %s", STR_FMT(r->robot), title);
	}
	if (r->stored == r->stores.count)
		return 0;
	if (r->stored == 0 && !may_be_done)
		revoke_new(r);
	else
		report_halves(r, may_be_done);
	return -1;
}

/* Revokes the old token, with the new one, which proves once more that it works. A signal does not interrupt this. */
static int
revoke_old(struct rotation *r, struct err *err)
{
	struct run *run = r->run;

	if (!is_replaced(r)) {
		ci_note(&run->ci, "other tokens of %.*s, if there are any, stay valid",
		    STR_FMT(r->robot));
		return 0;
	}
	if (run->opt.keep_old) {
		ci_log(&run->ci, "the old token stays valid");
		return 0;
	}
	watch_hint(run->watch,
	    "  hint: the new token is stored and works; the old one may not be revoked\n");
	pachd_grace(r->new_way, CLEANUP_MS);
	if (pachd_revoke_token(r->new_way, run->token, err) < 0)
		return err_wrap(
		    err, "the new token is stored and works, and the old one was not revoked");
	ci_log(&run->ci, "the old token is revoked");
	return 0;
}

static int
rotate(struct rotation *r, struct err *err)
{
	struct arena *a = r->run->arena;

	if (make_token(r, err) < 0)
		return -1;
	if (test_token(r, err) < 0) {
		revoke_new(r);
		return -1;
	}
	if (store_token(r, err) < 0 || revoke_old(r, err) < 0)
		return -1;
	watch_hint(r->run->watch, NULL);
	if (r->facts.expires_s)
		ci_log(&r->run->ci, "it expires on %.*s (%.*s)",
		    STR_FMT(moment_text(a, r->facts.expires_s)),
		    STR_FMT(moment_distance(a, r->facts.expires_s - (int64_t)time(NULL))));
	else
		ci_warn(&r->run->ci, "the cluster made a token that never expires");
	return 0;
}

int
token_rotate(struct run *run, struct err *err)
{
	struct rotation r = { .run = run };
	bool planning = false;
	int rc = -1;

	if (connect_decide(run, &planning, err) == 0 && read_inputs(&r, err) == 0
	    && read_old_token(&r, err) == 0 && stores_prepare(&r.stores, err) == 0) {
		rc = 0;
		if (planning)
			print_plan(&r);
		else
			rc = rotate(&r, err);
	}
	pachd_close(r.new_way);
	pachd_close(r.old_way);
	secret_free(r.token);
	stores_close(&r.stores);
	return rc;
}
