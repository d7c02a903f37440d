#include "tap.h"

#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "secret/key.h"
#include "secret/secret.h"

static int
copy(void *out, struct str bytes)
{
	memcpy(out, bytes.ptr, bytes.len);
	((char *)out)[bytes.len] = '\0';
	return 0;
}

/* The secret key's text in the clear, which only a test may have. */
static void
text_of(const struct key *k, char out[100])
{
	struct err err = { 0 };
	struct secret *text = k ? key_text(k, &err) : NULL;

	out[0] = '\0';
	if (text)
		(void)secret_lend(text, copy, out);
	secret_free(text);
}

static struct key *
read_key(const char *text, struct err *err)
{
	struct secret *secret = secret_of_bytes(str_of(text), "input 'token-key'", err);
	struct key *k = secret ? key_read(secret, "input 'token-key'", err) : NULL;

	secret_free(secret);
	return k;
}

static void
test_key_make__text_and_back(struct arena *a)
{
	struct err err = { 0 };
	struct key *k = key_make(&err), *other = key_make(&err), *again;
	struct public_key half;
	struct str shown;
	char text[100], spaced[110];

	text_of(k, text);
	ok(k && strlen(text) == 60 && strncmp(text, "pachup-key1:", 12) == 0, "one word of 60");
	ok(k && other && !public_key_eq(key_public(k), key_public(other)), "each is another one");
	(void)snprintf(spaced, sizeof(spaced), "  %s\n", text);
	again = read_key(spaced, &err);
	ok(again && public_key_eq(key_public(k), key_public(again)),
	    "read back with blanks around");
	shown = public_key_text(a, key_public(k));
	ok(str_starts(shown, "pachup-pub1:") && shown.len == 60, "the public one likewise");
	ok(public_key_read(shown, &half, &err) == 0 && public_key_eq(&half, key_public(k)),
	    "and back");
	key_free(k);
	key_free(other);
	key_free(again);
	key_free(NULL);
}

static void
test_key_read__refuses(struct arena *a)
{
	struct err err = { 0 };
	struct key *k = key_make(&err), *bad;
	char text[100], changed[100];
	size_t refused = 0, reported = 0;

	text_of(k, text);
	for (size_t i = 0; text[i]; i++) {
		memcpy(changed, text, sizeof(text));
		changed[i] = changed[i] == 'A' ? 'B' : 'A';
		bad = read_key(changed, &err);
		refused += !bad && err.kind == ERR_USAGE && strstr(err.text, "input 'token-key'");
		reported += strstr(err.text, text + 12) || strstr(err.text, changed + 12);
		key_free(bad);
	}
	ok(refused == 60, "any changed character is refused (%zu)", refused);
	ok(reported == 0, "and the key is in no message");
	memcpy(changed, text, sizeof(text));
	changed[40] = '\0';
	bad = read_key(changed, &err);
	ok(!bad && strstr(err.text, "has 40 characters, a key has 60"), "cut off: %s", err.text);
	memcpy(changed, text, sizeof(text));
	changed[10] = '2';
	bad = read_key(changed, &err);
	ok(!bad && strstr(err.text, "not a key of version 1"), "of a newer version: %s", err.text);
	bad = read_key(public_key_text(a, key_public(k)).ptr, &err);
	ok(!bad && strstr(err.text, "is a public key"), "the public one: %s", err.text);
	bad = read_key("hunter2", &err);
	ok(!bad && !strstr(err.text, "hunter2") && strstr(err.text, "is not a key"),
	    "something else: %s", err.text);
	key_free(k);
}

static void
test_public_key_read__refuses(void)
{
	struct err err = { 0 };
	struct key *k = key_make(&err);
	struct public_key half;
	char text[100];

	text_of(k, text);
	ok(public_key_read(str_of(text), &half, &err) < 0 && strstr(err.text, "is a secret key")
	        && !strstr(err.text, text + 12),
	    "the secret one, which is not repeated: %s", err.text);
	ok(public_key_read(STR("age1abc"), &half, &err) < 0 && strstr(err.text, "'age1abc'"),
	    "something else: %s", err.text);
	ok(public_key_read(STR(""), &half, &err) < 0 && err.kind == ERR_USAGE, "nothing: %s",
	    err.text);
	key_free(k);
}

static struct key *
from_phrase(const char *phrase, const char *salt, struct err *err)
{
	struct secret *s = secret_of_bytes(str_of(phrase), "the passphrase", err);
	struct key *k = s ? key_from_phrase(s, str_of(salt), err) : NULL;

	secret_free(s);
	return k;
}

static void
test_key_from_phrase__the_same_each_time(struct arena *a)
{
	struct err err = { 0 };
	struct key *one = from_phrase("correct horse battery staple", "team", &err);
	struct key *two = from_phrase("correct horse battery staple", "team", &err);
	struct key *salted = from_phrase("correct horse battery staple", "other team", &err);
	struct key *cut = from_phrase("correct horse b", "team", &err);

	ok(one && two && public_key_eq(key_public(one), key_public(two)), "one phrase, one key");
	ok(one && salted && !public_key_eq(key_public(one), key_public(salted)),
	    "another salt, another key");
	ok(!cut && err.kind == ERR_USAGE && strstr(err.text, "shorter than 16"), "too short: %s",
	    err.text);
	/* worked out by argon2id of another implementation: tests/interop */
	ok(one
	        && str_is(public_key_text(a, key_public(one)),
	            "pachup-pub1:Porny5EPWPErFnpgTC4Jo6AV4_b8NT5x1R1FhuxF73ByGX2h"),
	    "the key that it has been since version 1: %s",
	    one ? public_key_text(a, key_public(one)).ptr : "");
	key_free(one);
	key_free(two);
	key_free(salted);
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);
	struct err err = { 0 };

	if (secret_guard_process(&err) < 0)
		return 1;
	test_key_make__text_and_back(a);
	test_key_read__refuses(a);
	test_public_key_read__refuses();
	test_key_from_phrase__the_same_each_time(a);
	arena_free(a);
	return done();
}
