#include "token/status.h"

#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/moment.h"
#include "format/json_builder.h"
#include "inputs/exit_code.h"
#include "net/peer.h"
#include "pachd/pachd.h"
#include "secret/sealed.h"
#include "session/connect.h"
#include "session/run.h"

enum { MAX_JSON_BYTES = 16 << 10, SKEW_S = 60 };

struct status {
	struct run *run;
	const struct pachd_facts *facts;
	int64_t left_s; /* until it expires, by the server's clock where that is known */
	bool expires;
	bool is_soon; /* within input `warn` */
};

/* The present time by the server's clock where this machine's is wrong, as the token would else seem to be valid for
 * another time than it is. */
static int64_t
now_s(struct run *run, const struct peer *peer)
{
	int64_t ahead = peer->our_s - peer->server_s;

	if (peer->server_s == 0 || (ahead <= SKEW_S && ahead >= -SKEW_S))
		return (int64_t)time(NULL);
	ci_warn(&run->ci,
	    "this machine's clock is %lld seconds %s the server's, whose time counts here",
	    (long long)(ahead < 0 ? -ahead : ahead), ahead < 0 ? "behind" : "ahead of");
	return (int64_t)time(NULL) - ahead;
}

static void
print_line(struct status *s, const char *name, struct str value)
{
	if (value.len > 0)
		ci_out(&s->run->ci, "%-10s %.*s", name, STR_FMT(value));
}

static void
print_text(struct status *s)
{
	struct arena *a = s->run->arena;
	const struct sealed_facts *sealed = s->run->sealed;

	print_line(s, "cluster",
	    arena_fmt(a, "%s, pachd %.*s", s->run->opt.cluster, STR_FMT(s->facts->text)));
	print_line(
	    s, "principal", s->facts->has_login ? s->facts->user : STR("authentication is off"));
	if (!s->facts->has_login)
		return;
	if (sealed) {
		print_line(s, "label", sealed->label);
		print_line(s, "target", sealed->target);
		print_line(s, "project", sealed->project);
	}
	print_line(s, "expires",
	    s->expires ? arena_fmt(a, "%.*s (%.*s)", STR_FMT(moment_text(a, s->facts->expires_s)),
	        STR_FMT(moment_distance(a, s->left_s)))
	    : s->facts->says_expiry
	        ? STR("never")
	        : arena_fmt(a, "not known: pachd %.*s does not say", STR_FMT(s->facts->text)));
	print_line(s, "warn",
	    arena_fmt(a, "%s before (%lld hours)", value_text(&s->run->in, IN_WARN),
	        (long long)(s->run->warn_s / HOUR_S)));
}

static int
print_json(struct status *s, struct err *err)
{
	struct buf text = BUF_INIT(MAX_JSON_BYTES);
	struct json j = JSON_TO(&text);
	const struct sealed_facts *sealed = s->run->sealed;

	json_open(&j, NULL, JSON_OBJECT);
	json_text(&j, "cluster", s->run->opt.cluster);
	json_string(&j, "server_version", s->facts->text);
	json_bool(&j, "authentication", s->facts->has_login);
	json_string(&j, "principal", s->facts->user);
	json_string(&j, "label", sealed ? sealed->label : STR(""));
	json_bool(&j, "sealed", sealed != NULL);
	if (sealed && sealed->target.len > 0)
		json_string(&j, "target", sealed->target);
	if (sealed && sealed->project.len > 0)
		json_string(&j, "project", sealed->project);
	if (s->expires) {
		json_int(&j, "expires", s->facts->expires_s);
		json_int(&j, "seconds_left", s->left_s);
	} else {
		json_null(&j, "expires");
		json_null(&j, "seconds_left");
	}
	json_int(&j, "warn_seconds", s->run->warn_s);
	json_bool(&j, "expires_soon", s->is_soon);
	json_close(&j);
	return ci_raw_json(&s->run->ci, &j, "the status", err);
}

static int
show_status(struct status *s, struct err *err)
{
	struct run *run = s->run;

	if (!output_is_json(&run->in))
		print_text(s);
	else if (print_json(s, err) < 0)
		return -1;
	if (run->token && !s->facts->has_login)
		ci_note(&run->ci, "a token is given, and the cluster does not look at it");
	if (s->is_soon)
		(void)connect_warn_expiry(run, s->facts, s->left_s);
	return 0;
}

int
token_status(struct run *run, struct err *err)
{
	struct peer *peer = ARENA_NEW(run->arena, struct peer);
	struct status s = { .run = run };
	struct pachd *cluster;
	int rc;

	connect_drop_token(run);
	peer->arena = run->arena;
	run->peer = peer;
	cluster = connect_open(run, err);
	if (!cluster)
		return -1;
	rc = pachd_probe(cluster, NULL, 0, NULL, err);
	if (rc == 0) {
		s.facts = pachd_facts(cluster);
		s.expires = s.facts->has_login && s.facts->expires_s != 0;
		s.left_s = s.expires ? s.facts->expires_s - now_s(run, peer) : 0;
		s.is_soon = s.expires && s.left_s < run->warn_s;
		rc = show_status(&s, err);
	}
	pachd_close(cluster);
	if (rc < 0)
		return -1;
	return s.is_soon ? EXIT_EXPIRES : EXIT_DONE;
}
