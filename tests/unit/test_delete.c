/* What is said of deleting pipelines, repos and projects: pachd/pps/delete.c, pachd/pfs/pfs_delete.c, against stand-ins of
 * several releases (tests/net/clusters.py). */
#include "../net/servers.h"
#include "../net/token.h"

#include "net/url.h"
#include "pachd/pachd.h"
#include "pachd/pfs/pfs.h"
#include "pachd/pps/delete.h"
#include "pachd/pps/poll.h"
#include "pachd/pps/stop.h"
#include "pipeline/deployed.h"
#include "wire/release.h"

static const char *const releases[] = { "1.10.0", "1.13.4", "2.0.8", "2.5.9", "2.8.10", "2.11.6" };
static const struct pachd_target target_a = { { "default", 7 }, { "a", 1 } };
static const struct pachd_target target_b = { { "default", 7 }, { "b", 1 } };
static const struct pachd_target target_c = { { "default", 7 }, { "c", 1 } };

/* A client after its first questions; owned by the test. */
static struct pachd *
client_of(struct arena *a, const struct servers *all, const char *name, const struct secret *token)
{
	struct channel_opts opts = { .token = token,
		.user_agent = "pachup/test",
		.connect_ms = 5000,
		.deadline_ms = clock_ms() + 20000,
		.stop_fd = -1 };
	struct err err = { 0 };
	struct deployed live;
	struct pachd *p = NULL;

	if (url_parse(a, arena_fmt(a, "grpc://127.0.0.1:%u", port_of(all, name)), &opts.url, &err)
	        < 0
	    || !(p = pachd_open(a, &opts, &err)) || pachd_probe(p, &target_a, 1, &live, &err) < 0) {
		printf("Bail out! %s: %s\n", name, err.text);
		exit(1);
	}
	return p;
}

static const char *
name_of(struct arena *a, const char *kind, const char *release)
{
	return arena_fmt(a, "%s-%s", kind, release).ptr;
}

static bool
is_there(struct pachd *p, struct arena *a, const struct pachd_target *target, bool stopped)
{
	struct deployed now;
	struct err err = { 0 };

	return pachd_inspect(p, a, target, 1, &now, &err) == 0 && now.exists
	       && now.stopped == stopped;
}

static bool
has_repo(struct pachd *p, struct arena *a, const char *name)
{
	struct pfs_ref at = { STR("default"), str_of(name), STR("master") };
	struct pfs_branch branch;
	struct err err = { 0 };

	return pfs_branch(p, a, &at, &branch, &err) == 0 && branch.has_repo;
}

/* b reads a: a server does not delete a's repo then. 2.x has stopped a before it says so. */
static void
refused_below_a_reader(struct arena *a, struct pachd *p, const char *release)
{
	bool stops_first = !pachd_is_1x(pachd_facts(p));
	struct pps_deletion gone;
	struct err err = { 0 };
	int rc = pps_delete(p, &target_a, false, &gone, &err);

	ok(rc < 0 && !gone.is_gone && !gone.is_unknown && gone.is_stopped == stops_first
	        && is_there(p, a, &target_a, stops_first),
	    "%s: refused below a reader, %s: %s", release, stops_first ? "stopped" : "running",
	    err.text);
	if (!stops_first)
		return;
	rc = pachd_start(p, &target_a, &err);
	ok(rc == 0 && is_there(p, a, &target_a, false), "%s: it runs again", release);
}

static void
readers_of_a(struct arena *a, struct pachd *p, const char *release)
{
	struct pfs_ref at = { STR("default"), STR("a"), STR("") }, *readers;
	struct err err = { 0 };
	size_t count;
	int rc = pfs_readers(p, a, &at, &readers, &count, &err);

	ok(rc == 0 && count == 1 && str_is(readers[0].repo, "b"), "%s: b reads a", release);
	at.repo = STR("nothing");
	rc = pfs_readers(p, a, &at, &readers, &count, &err);
	ok(rc == 0 && count == 0, "%s: nobody reads what is not there", release);
}

/* Cron repos go in 2.x, whatever is asked for; the repo that stays can be deleted by itself. */
static void
kept_and_not_kept(struct arena *a, struct pachd *p, const char *release)
{
	struct pfs_ref at = { STR("default"), STR("b"), STR("") };
	struct pps_deletion gone;
	enum pfs_deleted what;
	struct err err = { 0 };
	int rc = pps_delete(p, &target_b, true, &gone, &err);

	ok(rc == 0 && gone.is_gone && has_repo(p, a, "b"), "%s: deleted, repo kept", release);
	rc = pps_delete(p, &target_c, true, &gone, &err);
	ok(rc == 0 && has_repo(p, a, "c")
	        && has_repo(p, a, "c_tick") == pachd_is_1x(pachd_facts(p)),
	    "%s: cron repo", release);
	rc = pfs_delete_repo(p, &at, &what, &err);
	ok(rc == 0 && what == PFS_DELETED && !has_repo(p, a, "b"), "%s: repo deleted", release);
	rc = pfs_delete_repo(p, &at, &what, &err);
	ok(rc == 0 && what == PFS_WAS_GONE, "%s: and it was gone then", release);
	rc = pps_delete(p, &target_a, false, &gone, &err);
	ok(rc == 0 && !has_repo(p, a, "a"), "%s: deleted with its repo", release);
	rc = pps_delete(p, &target_a, false, &gone, &err);
	ok(rc == 0 && gone.is_gone, "%s: what is not there is gone: %s", release, err.text);
}

static void
test_pps_delete__says_what_became_of_it(struct arena *a, const struct servers *all)
{
	for (size_t i = 0; i < COUNT_OF(releases); i++) {
		struct pachd *p = client_of(a, all, name_of(a, "plain", releases[i]), NULL);

		ok(pps_can_keep_repo(pachd_facts(p)), "%s keeps repos", releases[i]);
		readers_of_a(a, p, releases[i]);
		refused_below_a_reader(a, p, releases[i]);
		kept_and_not_kept(a, p, releases[i]);
		pachd_close(p);
	}
}

static void
test_pps_delete__looks_again(struct arena *a, const struct servers *all)
{
	for (size_t i = 0; i < COUNT_OF(releases); i++) {
		struct pachd *p = client_of(a, all, name_of(a, "lost", releases[i]), NULL);
		struct pps_deletion gone;
		struct err err = { 0 };
		int rc = pps_delete(p, &target_b, true, &gone, &err);

		ok(rc == 0 && gone.is_gone, "%s: the answer was lost, it is gone: %s", releases[i],
		    err.text);
		pachd_close(p);
		p = client_of(a, all, name_of(a, "cut", releases[i]), NULL);
		rc = pps_delete(p, &target_b, true, &gone, &err);
		ok(rc < 0 && !gone.is_gone && !gone.is_unknown && is_there(p, a, &target_b, false),
		    "%s: the connection was cut, it is there", releases[i]);
		pachd_close(p);
	}
}

/* From 2.8 on DeleteRepo answers OK to somebody who may not, with `deleted: false`. */
static void
test_pfs_delete_repo__reads_deleted(struct arena *a, const struct servers *all)
{
	for (size_t i = 0; i < COUNT_OF(releases); i++) {
		struct err err = { 0 };
		struct secret *token = token_for(AUDIENCE_PACHD, STR("t0ken"));
		struct pachd *p = client_of(a, all, name_of(a, "reader", releases[i]), token);
		bool says = pachd_facts(p)->release >= RELEASE(2, 8, 0);
		struct pfs_ref at = { STR("default"), STR("images"), STR("") };
		struct pps_deletion gone;
		enum pfs_deleted what;
		int rc = pfs_delete_repo(p, &at, &what, &err);

		ok(says ? rc == 0 && what == PFS_KEPT : rc < 0 && err.kind == ERR_REFUSED,
		    "%s: a reader deletes no repo: %s", releases[i], err.text);
		rc = pps_delete(p, &target_b, false, &gone, &err);
		ok(rc < 0 && err.kind == ERR_REFUSED && is_there(p, a, &target_b, false),
		    "%s: nor a pipeline, and it is not stopped: %s", releases[i], err.text);
		pachd_close(p);
		secret_free(token);
	}
}

static void
test_pfs_delete_project__is_refused_unless_empty(struct arena *a, const struct servers *all)
{
	struct pachd *p = client_of(a, all, "projects", NULL);
	enum pfs_deleted what;
	struct err err = { 0 };
	int rc = pfs_delete_project(p, STR("try"), &what, &err);

	ok(rc == 0 && what == PFS_DELETED, "the answer was lost, it is gone: %s", err.text);
	rc = pfs_delete_project(p, STR("try"), &what, &err);
	ok(rc == 0 && what == PFS_WAS_GONE, "it was gone: %s", err.text);
	rc = pfs_delete_project(p, STR("full"), &what, &err);
	ok(rc < 0 && strstr(err.text, "repo full/data still exists"), "full: %s", err.text);
	pachd_close(p);
}

static void
run_all(struct arena *a, const struct servers *all)
{
	test_pps_delete__says_what_became_of_it(a, all);
	test_pps_delete__looks_again(a, all);
	test_pfs_delete_repo__reads_deleted(a, all);
	test_pfs_delete_project__is_refused_unless_empty(a, all);
}

int
main(void)
{
	return with_script("tests/net/clusters.py", "import grpc, google.protobuf", run_all);
}
