/* registry/docker_config.h: the files of docker and podman. */
#include "tap.h"

#include <string.h>

#include "base/arena.h"
#include "registry/docker_config.h"
#include "secret/audience.h"
#include "secret/secret.h"

static int
copy(void *ctx, struct str bytes)
{
	(void)snprintf(ctx, 100, "%.*s", STR_FMT(bytes));
	return 0;
}

static const char *
secret_of(const struct login *one)
{
	static char text[100];

	text[0] = '\0';
	if (one && one->secret && secret_audience(one->secret) == AUDIENCE_REGISTRY)
		(void)secret_lend(one->secret, copy, text);
	return text;
}

static void
test_docker_config_read__logins(struct arena *a)
{
	static const char text[] =
	    "{\"auths\": {\"https://index.docker.io/v1/\": {\"auth\": \"YWRhOnB3\"},\n"
	    " \"ghcr.io\": {\"username\": \"bob\", \"password\": \"s3:cret\"},\n"
	    " \"x.azurecr.io\": {\"auth\": \"MDA6\", \"identitytoken\": \"eyJ0\"},\n"
	    " \"quay.io/team\": {\"auth\": \"dGVhbTox\"}, \"quay.io\": {\"auth\": \"YWxsOjE=\"},\n"
	    " \"Desktop.example\": {}},\n"
	    " \"credHelpers\": {\"1.dkr.ecr.eu.amazonaws.com\": \"ecr-login\"}, \"credsStore\": "
	    "\"desktop\"}";
	static const struct {
		const char *host, *repo, *secret;
		bool is_identity;
	} rows[] = {
		{ "docker.io", "library/ubuntu", "ada:pw", false },
		{ "ghcr.io", "team/edges", "bob:s3:cret", false },
		{ "x.azurecr.io", "a", "eyJ0", true },
		{ "quay.io", "team/edges", "team:1", false },
		{ "quay.io", "team", "team:1", false },
		{ "quay.io", "teams/edges", "all:1", false },
		{ "desktop.example", "a", "", false },
		{ "other.example", "a", "", false },
		{ "1.dkr.ecr.eu.amazonaws.com", "a", "", false },
	};
	struct logins logins = { .store = STR("") };
	struct err err = { 0 };
	const struct login *one;

	ok(docker_config_read(&logins, a, str_of(text), "config.json", &err) == 0, "read: %s",
	    err.text);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		one = logins_find(&logins, str_of(rows[i].host), str_of(rows[i].repo));
		ok(strcmp(secret_of(one), rows[i].secret) == 0
		        && (!one || !one->secret || one->is_identity == rows[i].is_identity),
		    "%s/%s", rows[i].host, rows[i].repo);
	}
	one = logins_find(&logins, STR("1.dkr.ecr.eu.amazonaws.com"), STR("a"));
	ok(one && str_is(one->helper, "ecr-login"), "the helper of a host");
	ok(str_is(logins.store, "desktop"), "the helper of all others");
	ok(docker_config_read(&logins, a, STR("{\"auths\":{\"ghcr.io\":{\"auth\":\"YTpi\"}}}"), "2",
	       &err) == 0
	        && strcmp(secret_of(logins_find(&logins, STR("ghcr.io"), STR("x"))), "bob:s3:cret")
	               == 0,
	    "an earlier file counts");
	ok(docker_config_read(&logins, a,
	       STR("{\"auths\":{\"1.dkr.ecr.eu.amazonaws.com\":{\"auth\":\"YTpi\"}}}"), "3",
	       &err) == 0
	        && strcmp(
	               secret_of(logins_find(&logins, STR("1.dkr.ecr.eu.amazonaws.com"), STR("x"))),
	               "a:b")
	               == 0,
	    "a login counts more than a helper");
	logins_free(&logins);
}

static void
test_docker_config_read__mistakes(struct arena *a)
{
	static const char *const bad[] = { "", "[]", "{", "{\"auths\":{\"x\":{\"auth\":\"!\"}}}",
		"{\"auths\":{\"x\":{\"auth\":\"bm9jb2xvbg==\"}}}",
		"{\"auths\":{\"x\":{\"auth\":\"YW\\u0052hOnB3\"}}}",
		"{\"auths\":{\"x\":{\"identitytoken\":\"a b\"}}}" };
	static const char *const empty[] = { "{}", "{\"auths\":null}", "{\"auths\":[]}",
		"{\"auths\":{\"x\":null}}", "{\"auths\":{\"x\":{\"auth\":\"\"}}}",
		"{\"auths\":{\"x\":{\"auth\":7,\"password\":\"p\"}}}",
		"{\"credHelpers\":{\"x\":7}}" };

	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct logins logins = { .store = STR("") };
		struct err err = { 0 };

		ok(docker_config_read(&logins, a, str_of(bad[i]), "config.json", &err) < 0
		        && err.kind == ERR_SPEC && err.hint[0],
		    "%s: %s", bad[i], err.text);
		logins_free(&logins);
	}
	for (size_t i = 0; i < COUNT_OF(empty); i++) {
		struct logins logins = { .store = STR("") };
		struct err err = { 0 };

		ok(docker_config_read(&logins, a, str_of(empty[i]), "config.json", &err) == 0
		        && logins.count == 0,
		    "%s: %s", empty[i], err.text);
		logins_free(&logins);
	}
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);
	struct err err = { 0 };

	if (secret_guard_process(&err) < 0)
		return 1;
	test_docker_config_read__logins(a);
	test_docker_config_read__mistakes(a);
	arena_free(a);
	return done();
}
