/*
 * Input: a config.json of docker or an auth.json of podman. What is read has a host without capitals and for each secret
 * its audience; what is refused has a kind, a sentence and what to do.
 */
#include <string.h>

#include "base/arena.h"
#include "registry/docker_config.h"
#include "secret/audience.h"
#include "secret/secret.h"

#include "fuzz.h"

static int
check_pair(void *ctx, struct str bytes)
{
	const struct login *one = ctx;

	must(bytes.len > 0);
	must(one->is_identity || str_find(bytes, ':') < bytes.len);
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static bool is_guarded;
	struct arena *a = arena_new(no_memory);
	struct str text = { (const char *)data, len };
	struct logins logins = { .store = STR("") };
	struct err err = { 0 };

	if (!is_guarded)
		must(secret_guard_process(&err) == 0);
	is_guarded = true;
	if (docker_config_read(&logins, a, text, "x", &err) < 0)
		must(err.text[0] && err.kind != ERR_NONE && err.hint[0]);
	for (size_t i = 0; i < logins.count; i++) {
		struct login *one = &logins.list[i];

		must(str_eq(one->host, arena_lower(a, one->host)));
		must(one->secret || one->helper.len > 0);
		if (!one->secret)
			continue;
		must(secret_audience(one->secret) == AUDIENCE_REGISTRY);
		must(secret_lend(one->secret, check_pair, one) == 0);
		must(logins_find(&logins, one->host, one->path) != NULL);
	}
	logins_free(&logins);
	arena_free(a);
	return 0;
}
