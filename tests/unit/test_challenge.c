/* registry/challenge.h: headers as registries send them, and as nobody should. */
#include "tap.h"

#include <string.h>

#include "base/arena.h"
#include "registry/challenge.h"

static void
test_challenge_read__headers(struct arena *a)
{
	static const struct {
		const char *header;
		enum challenge_scheme scheme;
		const char *realm, *service, *scope;
	} rows[] = {
		{ "Bearer realm=\"https://auth.docker.io/token\",service=\"registry.docker.io\"",
		    CHALLENGE_BEARER, "https://auth.docker.io/token", "registry.docker.io", "" },
		{ "Bearer realm=\"https://ghcr.io/token\",service=\"ghcr.io\","
		  "scope=\"repository:a/b:pull\"",
		    CHALLENGE_BEARER, "https://ghcr.io/token", "ghcr.io", "repository:a/b:pull" },
		{ "bearer REALM = https://r.example/t , service=x", CHALLENGE_BEARER, "", "", "" },
		{ "Bearer realm=token-word", CHALLENGE_BEARER, "token-word", "", "" },
		{ "Basic realm=\"Registry\"", CHALLENGE_BASIC, "Registry", "", "" },
		{ "Basic", CHALLENGE_BASIC, "", "", "" },
		{ "Basic realm=\"x\", Bearer realm=\"https://a/\",service=\"s\"", CHALLENGE_BEARER,
		    "https://a/", "s", "" },
		{ "Bearer realm=\"https://a/\", Basic realm=\"x\"", CHALLENGE_BEARER, "https://a/",
		    "", "" },
		{ "Negotiate, Basic realm=\"x\"", CHALLENGE_BASIC, "x", "", "" },
		{ "Bearer realm=\"a\\\"b\"", CHALLENGE_BEARER, "a\"b", "", "" },
		{ "Bearer realm=\"not ended", CHALLENGE_NONE, "", "", "" },
		{ "Bearer realm=\"a\tb\"", CHALLENGE_NONE, "", "", "" },
		{ "Bearer service=\"no realm\"", CHALLENGE_NONE, "", "", "" },
		{ "Digest realm=\"x\"", CHALLENGE_NONE, "", "", "" },
		{ "", CHALLENGE_NONE, "", "", "" },
		{ ",,, =", CHALLENGE_NONE, "", "", "" },
		{ "Bearer", CHALLENGE_NONE, "", "", "" },
		{ "Bearer realm=", CHALLENGE_NONE, "", "", "" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct challenge c = challenge_read(a, str_of(rows[i].header));
		/* a URL without quotes is not a token: what can be read of it is the scheme of the URL */
		bool is_loose = strstr(rows[i].header, "REALM") != NULL;

		ok(c.scheme == rows[i].scheme
		        && (c.scheme == CHALLENGE_NONE || is_loose
		            || (str_is(c.realm, rows[i].realm) && str_is(c.service, rows[i].service)
		                && str_is(c.scope, rows[i].scope))),
		    "%s", rows[i].header);
	}
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_challenge_read__headers(a);
	arena_free(a);
	return done();
}
