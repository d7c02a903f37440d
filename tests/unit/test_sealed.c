#include "tap.h"

#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/limits.h"
#include "secret/payload.h"
#include "secret/sealed.h"
#include "secret/secret.h"

struct world {
	struct arena *a;
	struct key *key, *second, *stranger;
	struct secret *token;
	struct str sealed;     /* for the first two keys */
	struct str sealed_one; /* for the first alone */
};

static const struct sealed_facts facts = {
	.cluster = { "grpcs://pachd.example:443", 25 },
	.target = { "prod", 4 },
	.project = { "etl", 3 },
	.label = { "production", 10 },
	.principal = { "robot:ci", 8 },
	.expires_s = 1796083200,
};

static int
compare(void *ctx, struct str bytes)
{
	return str_is(bytes, ctx);
}

static bool
holds(const struct secret *s, const char *text)
{
	char copy[64];

	(void)snprintf(copy, sizeof(copy), "%s", text);
	return s && secret_lend(s, compare, copy) == 1;
}

static struct str
seal_for(const struct world *w, struct public_key *list, size_t count)
{
	struct err err = { 0 };
	struct str out = STR("");

	if (sealed_make(w->a, w->token, &facts, &(struct recipients){ list, count }, &out, &err)
	    < 0)
		ok(false, "sealing: %s", err.text);
	return out;
}

static void
make(struct world *w)
{
	struct err err = { 0 };
	struct public_key list[2];

	w->key = key_make(&err);
	w->second = key_make(&err);
	w->stranger = key_make(&err);
	w->token = secret_new(STR("hunter2-token"), "t", &err);
	list[0] = *key_public(w->key);
	list[1] = *key_public(w->second);
	w->sealed = seal_for(w, list, 2);
	w->sealed_one = seal_for(w, list, 1);
}

/* Opens and compares token and facts; false with *err set when it cannot be opened. */
static bool
opens(const struct world *w, struct str text, const struct key *key, struct err *err)
{
	struct arena *scratch = arena_like(w->a);
	struct sealed_facts got = { .expires_s = 0 };
	struct secret *token = sealed_open(scratch, text, "the token", key, &got, err);
	bool good = token && holds(token, "hunter2-token") && str_eq(got.cluster, facts.cluster)
	            && str_eq(got.target, facts.target) && str_eq(got.project, facts.project)
	            && str_eq(got.label, facts.label) && str_eq(got.principal, facts.principal)
	            && got.expires_s == facts.expires_s;

	if (token && !good)
		ok(false, "what comes out is what went in");
	secret_free(token);
	arena_free(scratch);
	return good;
}

static void
test_sealed_open__each_recipient(const struct world *w)
{
	struct err err = { 0 };
	struct recipients to;

	ok(is_sealed(w->sealed) && str_find(w->sealed, '\n') == w->sealed.len, "one line: %.20s...",
	    w->sealed.ptr);
	ok(!str_holds(w->sealed, STR("hunter2")), "the token cannot be seen");
	ok(opens(w, w->sealed, w->key, &err), "the first key opens it");
	ok(opens(w, w->sealed, w->second, &err), "the second one too");
	ok(opens(w, arena_fmt(w->a, " %s \n", w->sealed.ptr), w->key, &err), "with blanks around");
	ok(sealed_recipients(w->a, w->sealed, "it", &to, &err) == 0 && to.count == 2
	        && public_key_eq(&to.list[0], key_public(w->key))
	        && public_key_eq(&to.list[1], key_public(w->second)),
	    "for whom it is can be seen");
	ok(!opens(w, w->sealed, w->stranger, &err) && err.kind == ERR_USAGE
	        && strstr(err.text, "not sealed for this key") && strstr(err.hint, "--recipient"),
	    "no other key does: %s", err.text);
}

static void
test_sealed_open__any_changed_bit(const struct world *w)
{
	struct err err = { 0 };
	char text[2000];
	size_t good = 0, opened = 0, unsaid = 0, len = w->sealed.len;

	memcpy(text, w->sealed.ptr, len);
	for (size_t i = 0; i < len; i++)
		for (int bit = 0; bit < 8; bit++) {
			text[i] = (char)(text[i] ^ 1 << bit);
			err = (struct err){ 0 };
			opened += opens(w, (struct str){ text, len }, w->key, &err);
			good += err.kind == ERR_SPEC || err.kind == ERR_USAGE;
			unsaid += !err.text[0] || !err.hint[0];
			text[i] = (char)(text[i] ^ 1 << bit);
		}
	ok(opened == 0 && good == len * 8, "%zu of %zu changed bits are refused", good, len * 8);
	ok(unsaid == 0, "each with a sentence and what to do");
}

static void
test_sealed_open__cut_off(const struct world *w)
{
	struct err err = { 0 };
	size_t refused = 0;

	for (size_t len = 0; len < w->sealed.len; len++) {
		err = (struct err){ 0 };
		refused += !opens(w, str_head(w->sealed, len), w->key, &err) && err.kind == ERR_SPEC
		           && err.hint[0];
	}
	ok(refused == w->sealed.len, "every cut is refused (%zu): %s", refused, err.text);
}

/* Bytes of the one taken over into the other. */
static void
test_sealed_open__mixed(const struct world *w)
{
	struct err err = { 0 };
	struct public_key list[2] = { *key_public(w->key), *key_public(w->stranger) };
	struct str other = seal_for(w, list, 2);
	char text[2000];
	size_t half = 8 + (1 + 112 * 2) * 4 / 3;

	memcpy(text, other.ptr, half);
	memcpy(text + half, w->sealed.ptr + half, w->sealed.len - half);
	ok(!opens(w, (struct str){ text, w->sealed.len }, w->key, &err) && err.kind == ERR_SPEC,
	    "the recipients of one before the token of another: %s", err.text);
}

static void
test_sealed_open__other_versions(const struct world *w)
{
	static const struct {
		const char *text, *why;
	} rows[] = {
		{ "pachup2:AAAA", "this pachup reads only 'pachup1:'" },
		{ "pachup10:AAAA", "this pachup reads only 'pachup1:'" },
		{ "pachup1:", "cut off" },
		{ "pachup1:AAAA", "no recipients" },
		{ "pachup1:____", "no recipients" },
		{ "pachup1:AQAA", "cut off" },
		{ "pachup1:A+AA", "an invalid character" },
		{ "pachup1:AAAA=", "an invalid character" },
		{ "something", "does not begin with" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct err err = { 0 };

		ok(!opens(w, str_of(rows[i].text), w->key, &err) && strstr(err.text, rows[i].why)
		        && err.kind == ERR_SPEC,
		    "%s: %s", rows[i].text, err.text);
	}
}

static void
test_sealed_make__limits(const struct world *w)
{
	static char lots[MAX_TOKEN_BYTES], wide[MAX_FACT_BYTES + 1];
	struct err err = { 0 };
	struct public_key list[MAX_RECIPIENTS + 1], zero = { { 0 } };
	struct sealed_facts long_facts = { .cluster = { wide, MAX_FACT_BYTES },
		.label = { wide, MAX_FACT_BYTES },
		.principal = { wide, MAX_FACT_BYTES },
		.expires_s = 999999999999 };
	struct sealed_facts bad = facts, got;
	struct str out;
	struct secret *big, *back;

	memset(lots, 'x', sizeof(lots));
	memset(wide, 'w', sizeof(wide));
	big = secret_new((struct str){ lots, sizeof(lots) }, "t", &err);
	for (size_t i = 0; i < COUNT_OF(list); i++)
		list[i] = *key_public(w->key);
	list[MAX_RECIPIENTS - 1] = *key_public(w->second);
	ok(sealed_make(
	       w->a, big, &long_facts, &(struct recipients){ list, MAX_RECIPIENTS }, &out, &err)
	        == 0,
	    "the longest of everything");
	ok(out.len > 0 && out.len <= MAX_SECRET_BYTES, "fits the file that it is read from: %zu",
	    out.len);
	back = sealed_open(w->a, out, "it", w->second, &got, &err);
	ok(back && got.label.len == MAX_FACT_BYTES && got.expires_s == 999999999999, "comes back");
	secret_free(back);
	ok(sealed_make(w->a, big, &facts, &(struct recipients){ list, MAX_RECIPIENTS + 1 }, &out,
	       &err) < 0
	        && err.kind == ERR_USAGE,
	    "too many recipients: %s", err.text);
	ok(sealed_make(w->a, big, &facts, &(struct recipients){ list, 0 }, &out, &err) < 0
	        && strstr(err.hint, "--recipient"),
	    "none: %s", err.text);
	ok(sealed_make(w->a, big, &facts, &(struct recipients){ &zero, 1 }, &out, &err) < 0
	        && strstr(err.text, "curve"),
	    "an invalid key: %s", err.text);
	bad.label = (struct str){ wide, sizeof(wide) };
	ok(sealed_make(w->a, big, &bad, &(struct recipients){ list, 1 }, &out, &err) < 0,
	    "a fact that is too long: %s", err.text);
	bad.label = STR("two\nlines");
	ok(sealed_make(w->a, big, &bad, &(struct recipients){ list, 1 }, &out, &err) < 0,
	    "of two lines: %s", err.text);
	bad = facts;
	bad.cluster = STR("");
	ok(sealed_make(w->a, big, &bad, &(struct recipients){ list, 1 }, &out, &err) < 0,
	    "no cluster: %s", err.text);
	secret_free(big);
}

static void
test_payload_read__times(const struct world *w)
{
	static const struct {
		const char *time;
		int64_t expires_s; /* -1: refused */
	} rows[] = {
		{ "1796083200", 1796083200 },
		{ "999999999999", 999999999999 },
		{ "1000000000000", -1 },
		{ "99999999999999999999999999999999999999999999", -1 },
		{ "-1", -1 },
		{ "1e9", -1 },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct str payload =
		    arena_fmt(w->a, "cluster grpc://x:1\nexpires %s\ntoken abc\n", rows[i].time);
		struct sealed_facts got = { .expires_s = -1 };
		struct err err = { 0 };
		struct secret *token = payload_read(w->a, payload, "it", &got, &err);

		ok(rows[i].expires_s < 0 ? !token && err.text[0]
		                         : token && got.expires_s == rows[i].expires_s,
		    "expires %s", rows[i].time);
		secret_free(token);
	}
}

static void
test_sealed_line__of_a_file(void)
{
	static const struct {
		const char *file, *line;
	} rows[] = {
		{ "pachup1:abc\n", "pachup1:abc" },
		{ "# for ci\r\n\r\n  pachup1:abc \r\n", "pachup1:abc" },
		{ "# pachup1:no\n#x\npachup2:abc", "pachup2:abc" },
		{ "token\npachup1:abc\n", "" },
		{ "", "" },
		{ "# only\n", "" },
		{ "pachup-key1:abc", "" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		ok(str_is(sealed_line(str_of(rows[i].file)), rows[i].line), "row %zu", i);
}

/* A container often may lock no memory at all; as somebody else, for root may always. */
static void
test_sealed_open__without_locked_memory(const struct world *w)
{
	const struct rlimit none = { 0, 0 };
	struct err err = { 0 };
	int status = 1;
	pid_t child = fork();

	if (child == 0) {
		(void)setrlimit(RLIMIT_MEMLOCK, &none);
		if (getuid() == 0 && setuid(65534) < 0)
			_exit(3);
		_exit(opens(w, w->sealed, w->key, &err) ? 0 : 2);
	}
	ok(child > 0 && waitpid(child, &status, 0) == child && status == 0,
	    "works where memory cannot be locked (%d)", status);
}

static void
test_sealed_open__speed(const struct world *w)
{
	struct timespec from, to;
	struct err err = { 0 };
	double ms;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
	for (int i = 0; i < 20; i++)
		if (!opens(w, w->sealed_one, w->key, &err))
			ok(false, "opens");
	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
	ms = ((double)(to.tv_sec - from.tv_sec) * 1e3 + (double)(to.tv_nsec - from.tv_nsec) / 1e6)
	     / 20;
	if (getenv("SLOW"))
		skip("under valgrind time says nothing");
	else
		ok(ms < 5, "opening takes %.2f ms of processor time, under 5", ms);
}

int
main(void)
{
	struct world w = { .a = arena_new(no_memory) };
	struct err err = { 0 };

	if (secret_guard_process(&err) < 0)
		return 1;
	make(&w);
	test_sealed_open__each_recipient(&w);
	test_sealed_open__any_changed_bit(&w);
	test_sealed_open__cut_off(&w);
	test_sealed_open__mixed(&w);
	test_sealed_open__other_versions(&w);
	test_sealed_make__limits(&w);
	test_payload_read__times(&w);
	test_sealed_line__of_a_file();
	test_sealed_open__without_locked_memory(&w);
	test_sealed_open__speed(&w);
	secret_free(w.token);
	key_free(w.key);
	key_free(w.second);
	key_free(w.stranger);
	arena_free(w.a);
	return done();
}
