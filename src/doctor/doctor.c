/* Checks the address, the connection, the server, the login and the rights, with a hint for each failure. */
#include "doctor/doctor.h"

#include <time.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/moment.h"
#include "format/json_builder.h"
#include "inputs/exit_code.h"
#include "inputs/naming.h"
#include "net/peer.h"
#include "net/url.h"
#include "pachd/health.h"
#include "pachd/license.h"
#include "pachd/pachd.h"
#include "pachd/preflight.h"
#include "session/config.h"
#include "session/connect.h"
#include "session/run.h"

enum { SOON_S = 14 * DAY_S, SKEW_S = 60 };

static const char *const levels[] = { [FINDING_OK] = "ok",
	[FINDING_WARNING] = "warning",
	[FINDING_FAILED] = "failed",
	[FINDING_UNKNOWN] = "unknown" };

void
doctor_find(struct doctor *d, enum finding_level level, const char *topic, struct str text,
    const char *hint)
{
	d->list = arena_grow(d->run->arena, d->list, d->count, &d->room, sizeof(*d->list));
	d->list[d->count++] = (struct finding){ level, topic, text, hint };
	d->failed += level == FINDING_FAILED;
}

/* A wrong clock makes tokens and certificates look expired, or not valid yet. */
static void
check_clock(struct doctor *d, const struct peer *peer)
{
	int64_t ahead = peer->our_s - peer->server_s, size = ahead < 0 ? -ahead : ahead;

	if (peer->server_s == 0) {
		doctor_find(
		    d, FINDING_UNKNOWN, "clock", STR("the server does not send its time"), NULL);
		return;
	}
	doctor_find(d, size > SKEW_S ? FINDING_WARNING : FINDING_OK, "clock",
	    size <= 1 ? STR("same as the server's")
	              : arena_fmt(d->run->arena, "%lld seconds %s the server's", (long long)size,
	                  ahead < 0 ? "behind" : "ahead of"),
	    size > SKEW_S ? "correct the clock of this machine or of the server" : NULL);
}

static void
check_plaintext(struct doctor *d, const struct url *url)
{
	doctor_find(d, url->is_loopback ? FINDING_OK : FINDING_WARNING, "connection",
	    arena_fmt(d->run->arena, "HTTP/2 without TLS%s",
	        url->is_loopback ? ", on this machine only" : ""),
	    url->is_loopback ? NULL
	                     : "use grpcs:// so that nobody on the network can read the traffic");
}

static void
check_certificate(struct doctor *d, const struct certificate *one, bool is_first)
{
	struct arena *a = d->run->arena;
	int64_t left = one->until - d->now_s;
	struct str until = moment_text(a, one->until);

	if (one->until == 0)
		return;
	doctor_find(d, left < SOON_S ? FINDING_WARNING : FINDING_OK,
	    is_first ? "certificate" : "issuer",
	    arena_fmt(a, "%.*s, issued by %.*s, until %.*s (%.*s)", STR_FMT(one->subject),
	        STR_FMT(one->issuer), STR_FMT(until), STR_FMT(moment_distance(a, left))),
	    left < SOON_S
	        ? "renew the certificate before it expires; no client can connect afterwards"
	        : NULL);
}

static void
check_connection(struct doctor *d, const struct url *url, const struct peer *peer)
{
	if (!url->tls) {
		check_plaintext(d, url);
		return;
	}
	doctor_find(
	    d, FINDING_OK, "connection", STR("HTTP/2 over TLS, the certificate is trusted"), NULL);
	for (size_t i = 0; i < peer->count; i++)
		check_certificate(d, &peer->chain[i], i == 0);
}

static void
check_server(struct doctor *d, const struct pachd_facts *facts)
{
	struct arena *a = d->run->arena;

	doctor_find(d, facts->is_newer ? FINDING_WARNING : FINDING_OK, "server",
	    arena_fmt(a, "pachd %.*s: %s%s%s", STR_FMT(facts->text),
	        facts->transactions ? "all pipelines in one transaction"
	                            : "pipelines are changed one by one, without a transaction",
	        facts->projects ? ", projects" : "",
	        facts->defaults ? ", specs as JSON with the cluster's defaults" : ""),
	    facts->is_newer ? "upgrade pachup: this version supports pachd up to 2.12" : NULL);
}

static void
check_cluster(struct doctor *d, const struct pachd_health *health)
{
	if (health->id.len > 0 || health->is_paused)
		doctor_find(d, health->is_paused ? FINDING_FAILED : FINDING_OK, "cluster",
		    arena_fmt(d->run->arena, "%.*s, %s", STR_FMT(health->id),
		        health->is_paused ? "paused" : "not paused"),
		    health->is_paused ? "unpause the cluster: pachctl enterprise unpause" : NULL);
	for (size_t i = 0; i < health->warning_count; i++)
		doctor_find(d, FINDING_WARNING, "cluster", health->warnings[i], NULL);
}

static void
check_token(struct doctor *d, const struct pachd_facts *facts, const struct pachd_health *health)
{
	struct arena *a = d->run->arena;
	int64_t left = health->expires_s - d->now_s;

	if (!health->has_login) {
		doctor_find(d, FINDING_OK, "login",
		    d->run->token ? STR("authentication is off; the token is not needed")
		                  : STR("authentication is off"),
		    NULL);
		return;
	}
	doctor_find(d, FINDING_OK, "login",
	    arena_fmt(a, "%.*s%s", STR_FMT(facts->user),
	        health->is_admin ? ", cluster administrator" : ""),
	    NULL);
	if (health->expires_s == 0) {
		doctor_find(d, FINDING_OK, "token", STR("does not expire"), NULL);
		return;
	}
	doctor_find(d, left < SOON_S ? FINDING_WARNING : FINDING_OK, "token",
	    arena_fmt(a, "expires %.*s (%.*s)", STR_FMT(moment_text(a, health->expires_s)),
	        STR_FMT(moment_distance(a, left))),
	    left < SOON_S ? "create a new token before that: pachctl auth get-robot-token" : NULL);
}

/* The limits of the Community Edition, where the release has them. */
static int
check_license(struct doctor *d, struct pachd *cluster, struct err *err)
{
	struct pachd_license license;
	bool is_full;

	if (pachd_license(cluster, &license, err) < 0)
		return -1;
	if (!license.is_limited)
		return 0;
	is_full = license.pipelines >= COMMUNITY_PIPELINES;
	doctor_find(d, is_full ? FINDING_WARNING : FINDING_OK, "license",
	    arena_fmt(d->run->arena, "%s: %zu of %d pipelines exist%s",
	        license.is_expired ? "the enterprise license has expired" : "Community Edition",
	        license.pipelines, COMMUNITY_PIPELINES, is_full ? "; pachd refuses new ones" : ""),
	    is_full ? arena_fmt(
	        d->run->arena, "delete pipelines that are not needed, or run: %s", license.remedy)
	                  .ptr
	            : NULL);
	return 0;
}

static void
print_text(struct doctor *d)
{
	for (size_t i = 0; i < d->count; i++) {
		const struct finding *one = &d->list[i];

		ci_out(&d->run->ci, "%-7s  %-11s  %.*s", levels[one->level], one->topic,
		    STR_FMT(one->text));
		if (one->hint && *one->hint)
			ci_out(&d->run->ci, "%-7s  %-11s  hint: %s", "", "", one->hint);
	}
}

static int
print_json(struct doctor *d, struct err *err)
{
	struct buf text = BUF_INIT(MAX_DOCTOR_BYTES);
	struct json j = JSON_TO(&text);

	json_open(&j, NULL, JSON_OBJECT);
	json_bool(&j, "healthy", !d->failed);
	json_open(&j, "findings", JSON_ARRAY);
	for (size_t i = 0; i < d->count; i++) {
		const struct finding *one = &d->list[i];

		json_open(&j, NULL, JSON_OBJECT);
		json_text(&j, "topic", one->topic);
		json_text(&j, "level", levels[one->level]);
		json_string(&j, "text", one->text);
		json_text(&j, "hint", one->hint);
		json_close(&j);
	}
	json_close(&j);
	json_close(&j);
	(void)json_line(&j);
	return ci_result_take(&d->run->ci, &text, "the list of findings", err);
}

/* Notes a failure of the calls as a finding of `topic`; before a release is known it is about the server or the
 * connection. False: the run was interrupted. */
static bool
note_failure(
    struct doctor *d, const struct pachd_facts *facts, const char *topic, const struct err *why)
{
	struct err shown = *why;
	struct arena *a = d->run->arena;

	if (why->kind == ERR_INTERRUPTED)
		return false;
	err_name_inputs(&d->run->in, &shown);
	doctor_find(d, FINDING_FAILED,
	    facts->release        ? topic
	    : facts->text.len > 0 ? "server"
	                          : "connection",
	    arena_str(a, str_of(shown.text)), arena_cstr(a, str_of(shown.hint)));
	return true;
}

/* The topic of the first call that failed. */
static const char *
failed_topic(const struct pachd_facts *facts, const struct subject *subject)
{
	return facts->login_failed || subject->work.count == 0 ? "login" : "pipelines";
}

/* Asks for the pipelines and what they need. */
static bool
ask_cluster(struct pachd *cluster, struct subject *subject, struct err *err)
{
	return pachd_probe(cluster, subject->targets, subject->work.count, subject->live, err) == 0
	       && pachd_preflight(cluster, &subject->needs.preflight, err) == 0;
}

/* The license, and the rights that a push or a preview needs. */
static int
check_rights(struct doctor *d, struct pachd *cluster, struct subject *subject, struct err *err)
{
	const struct pachd_facts *facts = pachd_facts(cluster);

	if (check_license(d, cluster, err) < 0 && !note_failure(d, facts, "license", err))
		return -1;
	if (!d->run->target || !d->run->target->preview) {
		doctor_rights(d, facts, subject);
		return 0;
	}
	return doctor_preview(d, cluster, subject, err) < 0
	               && !note_failure(d, facts, "preview", err)
	           ? -1
	           : 0;
}

static int
examine(struct doctor *d, struct pachd *cluster, const struct peer *peer, struct subject *subject,
    struct err *err)
{
	const struct pachd_facts *facts = pachd_facts(cluster);
	const struct url *url = pachd_url(cluster);
	struct pachd_health health = { .expires_s = 0 };
	bool has_health = false;
	bool answers = ask_cluster(cluster, subject, err);

	doctor_find(d, FINDING_OK, "address", str_of(url->text), NULL);
	if (facts->text.len > 0)
		check_connection(d, url, peer);
	if (facts->release)
		check_server(d, facts);
	if (!answers && !note_failure(d, facts, failed_topic(facts, subject), err))
		return -1;
	if (facts->release) {
		has_health = pachd_health(cluster, d->now_s, &health, err) == 0;
		if (!has_health && !note_failure(d, facts, "cluster", err))
			return -1;
	}
	check_cluster(d, &health);
	if (answers && has_health)
		check_token(d, facts, &health);
	if (answers && check_rights(d, cluster, subject, err) < 0)
		return -1;
	if (facts->release)
		check_clock(d, peer);
	return 0;
}

int
doctor_run(struct run *run, struct err *err)
{
	struct peer *peer = ARENA_NEW(run->arena, struct peer);
	struct doctor d = { .run = run, .now_s = (int64_t)time(NULL) };
	struct subject subject;
	struct pachd *cluster;
	int rc;

	if (subject_read(run, &subject, err) < 0)
		return -1;
	connect_drop_token(run);
	peer->arena = run->arena;
	run->peer = peer;
	cluster = connect_open(run, err);
	if (!cluster)
		return -1;
	rc = examine(&d, cluster, peer, &subject, err);
	pachd_close(cluster);
	if (rc < 0)
		return -1;
	if (!output_is_json(&run->in))
		print_text(&d);
	else if (print_json(&d, err) < 0)
		return -1;
	if (d.failed == 0)
		return EXIT_DONE;
	return err_set(err, ERR_REFUSED, "%zu of %zu checks failed", d.failed, d.count);
}
