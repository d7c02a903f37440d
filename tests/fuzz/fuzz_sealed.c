/*
 * Sealed tokens: any text, any change to a good one, and any payload. Nothing but the good text opens;
 * what is refused has a sentence and what to do; what a payload holds comes back the same.
 */
#include <string.h>

#include "base/arena.h"
#include "secret/payload.h"
#include "secret/sealed.h"
#include "secret/secret.h"

#include "fuzz.h"

static void
must_say(const struct err *err)
{
	must(err->kind != ERR_NONE && err->kind != ERR_SYSTEM && err->text[0]);
}

/* Made once: keys are slow to make. */
static struct world {
	struct arena *a;
	struct key *key;
	struct secret *token;
	struct str good;
} world;

static void
make_world(void)
{
	const struct sealed_facts facts = { .cluster = STR("grpc://x:1"), .label = STR("l") };
	struct recipients to = { NULL, 1 };
	struct err err = { 0 };

	must(secret_guard_process(&err) == 0);
	world.a = arena_new(no_memory);
	world.key = key_make(&err);
	world.token = secret_new(STR("token"), "t", &err);
	must(world.key && world.token);
	to.list = ARENA_NEW(world.a, struct public_key);
	to.list[0] = *key_public(world.key);
	must(sealed_make(world.a, world.token, &facts, &to, &world.good, &err) == 0);
}

/* True when it opens. */
static bool
try_text(struct arena *a, struct str text)
{
	struct sealed_facts facts;
	struct recipients to;
	struct err err = { 0 };
	struct secret *token = sealed_open(a, text, "it", world.key, &facts, &err);

	if (!token)
		must_say(&err);
	if (sealed_recipients(a, text, "it", &to, &err) == 0)
		must(to.count > 0 && to.count <= MAX_RECIPIENTS);
	else
		must(!token && err.kind == ERR_SPEC);
	secret_free(token);
	return token != NULL;
}

/* Three bytes for each change of the good text: where, and what with. */
static void
try_changes(struct arena *a, struct str edits)
{
	char *text = arena_cstr(a, world.good);
	bool is_same;

	for (; edits.len >= 3; edits = str_tail(edits, 3)) {
		size_t at = (unsigned char)edits.ptr[0] * 256U + (unsigned char)edits.ptr[1];

		text[at % world.good.len] = (char)(text[at % world.good.len] ^ edits.ptr[2]);
	}
	is_same = str_eq(str_trim((struct str){ text, world.good.len }), world.good);
	must(try_text(a, (struct str){ text, world.good.len }) == is_same);
}

static int
compare(void *ctx, struct str bytes)
{
	const struct str *payload = ctx;

	return str_holds(*payload, bytes) ? 1 : 0;
}

static void
try_payload(struct arena *a, struct str payload)
{
	static char again[MAX_PAYLOAD_BYTES];
	struct sealed_facts facts, same;
	struct err err = { 0 };
	struct secret *token = payload_read(a, payload, "it", &facts, &err), *back;
	size_t len;

	if (!token) {
		must_say(&err);
		return;
	}
	must(secret_lend(token, compare, &payload) == 1);
	must(payload_write(token, &facts, again, &len, &err) == 0 && len <= sizeof(again));
	back = payload_read(a, (struct str){ again, len }, "it", &same, &err);
	must(back && str_eq(facts.cluster, same.cluster) && str_eq(facts.label, same.label)
	     && str_eq(facts.principal, same.principal) && facts.expires_s == same.expires_s);
	secret_free(back);
	secret_free(token);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct str rest = { (const char *)data + 1, len > 0 ? len - 1 : 0 };
	struct public_key half;
	struct err err = { 0 };
	struct arena *a;

	if (!world.a)
		make_world();
	a = arena_new(no_memory);
	if (len > 0 && data[0] == 'c') {
		try_changes(a, rest);
	} else if (len > 0 && data[0] == 'p') {
		try_payload(a, rest);
	} else if (len > 0) {
		struct str line = sealed_line(rest);

		must(line.len == 0 || is_sealed(line));
		(void)try_text(a, rest);
		(void)try_text(a, line);
		if (public_key_read(rest, &half, &err) == 0)
			must(str_eq(public_key_text(a, &half), rest));
		else
			must_say(&err);
	}
	arena_free(a);
	return 0;
}
