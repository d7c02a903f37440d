#include "secret/key.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "secret/base64.h"
#include "secret/secret.h"

enum {
	KEY_BYTES = sizeof(struct public_key),
	SUM_BYTES = 4,
	DIGITS = 48, /* of KEY_BYTES + SUM_BYTES in base64 */
	PREFIX_LEN = sizeof("pachup-key1:") - 1,
	TEXT_LEN = PREFIX_LEN + DIGITS,
	MIN_PHRASE = 16,        /* characters: 5 words, or what a password manager makes */
	ARGON_PASSES = 3,       /* RFC 9106, section 4: the second recommended option */
	ARGON_BYTES = 64 << 20, /* likewise */
};

static const char public_prefix[] = "pachup-pub1:", secret_prefix[] = "pachup-key1:";

struct key {
	struct public_key half;
	struct secret *secret; /* KEY_BYTES */
};

/* Bytes that are wiped when they are given back. */
struct scratch {
	unsigned char key[KEY_BYTES + SUM_BYTES], seed[crypto_box_SEEDBYTES];
	char text[TEXT_LEN + 1];
};

static struct scratch *
scratch_new(struct err *err)
{
	return secret_room(sizeof(struct scratch), "a key", err);
}

/* BLAKE2b of prefix and key, its first bytes. libsodium gives 16 bytes at least. */
static void
checksum(const char *prefix, const unsigned char *key, unsigned char out[SUM_BYTES])
{
	crypto_generichash_state state;
	unsigned char sum[crypto_generichash_BYTES_MIN];

	(void)crypto_generichash_init(&state, NULL, 0, sizeof(sum));
	(void)crypto_generichash_update(&state, (const unsigned char *)prefix, PREFIX_LEN);
	(void)crypto_generichash_update(&state, key, KEY_BYTES);
	(void)crypto_generichash_final(&state, sum, sizeof(sum));
	memcpy(out, sum, SUM_BYTES);
	sodium_memzero(&state, sizeof(state));
}

/* `s->key` as text, in s->text. */
static void
write_text(struct scratch *s, const char *prefix)
{
	checksum(prefix, s->key, s->key + KEY_BYTES);
	memcpy(s->text, prefix, PREFIX_LEN);
	base64_write(
	    s->text + PREFIX_LEN, (struct str){ (const char *)s->key, sizeof(s->key) }, BASE64_URL);
}

/* The digits behind a prefix, into s->key. */
static int
read_digits(
    struct str text, const char *prefix, const char *what, struct scratch *s, struct err *err)
{
	unsigned char sum[SUM_BYTES];
	size_t len = 0;

	if (text.len != TEXT_LEN)
		(void)err_set(err, ERR_USAGE, "%s has %zu characters, a key has %d", what, text.len,
		    TEXT_LEN);
	else if (!base64_read(str_tail(text, PREFIX_LEN), BASE64_URL, s->key, sizeof(s->key), &len)
	         || len != sizeof(s->key))
		(void)err_set(err, ERR_USAGE, "%s contains a character that no key has", what);
	else {
		checksum(prefix, s->key, sum);
		if (sodium_memcmp(sum, s->key + KEY_BYTES, SUM_BYTES) == 0)
			return 0;
		(void)err_set(
		    err, ERR_USAGE, "%s has a wrong checksum: a character was changed", what);
	}
	return err_hint(err, "copy the whole line that 'pachup token keygen' printed");
}

/* Whether it is "pachup-key" or "pachup-pub" of any version. */
static bool
is_kind(struct str text, const char *prefix)
{
	return str_eq(str_head(text, 10), (struct str){ prefix, 10 });
}

static int
read_text(struct str text, const char *prefix, const char *what, struct scratch *s, struct err *err)
{
	bool wants_secret = prefix == secret_prefix;

	if (str_starts(text, prefix))
		return read_digits(text, prefix, what, s, err);
	if (is_kind(text, prefix)) {
		(void)err_set(err, ERR_USAGE, "%s is not a key of version 1", what);
		return err_hint(err, "update pachup, or copy the key again");
	}
	if (is_kind(text, wants_secret ? public_prefix : secret_prefix)) {
		(void)err_set(err, ERR_USAGE, "%s is a %s key, and a %s key is needed", what,
		    wants_secret ? "public" : "secret", wants_secret ? "secret" : "public");
		return err_hint(err,
		    wants_secret
		        ? "give the line that begins with pachup-key1:"
		        : "give the line that begins with pachup-pub1:, and replace the secret key "
		          "if others could see it");
	}
	(void)err_set(err, ERR_USAGE, "%s is not a key: it does not begin with %s", what, prefix);
	return err_hint(err, "make a key pair with 'pachup token keygen'");
}

static struct key *
key_of(const unsigned char *secret, const struct public_key *half, struct err *err)
{
	struct key *k = calloc(1, sizeof(*k));

	if (!k) {
		(void)err_set(err, ERR_SYSTEM, "no memory to keep a key in");
		return NULL;
	}
	k->half = *half;
	k->secret =
	    secret_of_bytes((struct str){ (const char *)secret, KEY_BYTES }, "the key", err);
	if (k->secret)
		return k;
	free(k);
	return NULL;
}

struct key *
key_make(struct err *err)
{
	struct scratch *s = scratch_new(err);
	struct public_key half;
	struct key *k;

	if (!s)
		return NULL;
	(void)crypto_box_keypair(half.bytes, s->key);
	k = key_of(s->key, &half, err);
	sodium_free(s);
	return k;
}

struct phrase_job {
	unsigned char salt[crypto_pwhash_SALTBYTES];
	unsigned char *seed;
	size_t len;
};

static int
derive(void *ctx, struct str phrase)
{
	struct phrase_job *job = ctx;

	job->len = phrase.len;
	if (phrase.len < MIN_PHRASE)
		return 0;
	return crypto_pwhash(job->seed, crypto_box_SEEDBYTES, phrase.ptr, phrase.len, job->salt,
	    ARGON_PASSES, ARGON_BYTES, crypto_pwhash_ALG_ARGON2ID13);
}

struct key *
key_from_phrase(const struct secret *phrase, struct str salt, struct err *err)
{
	struct scratch *s = scratch_new(err);
	struct phrase_job job = { .seed = s ? s->seed : NULL };
	struct public_key half;
	struct key *k = NULL;

	if (!s)
		return NULL;
	(void)crypto_generichash(
	    job.salt, sizeof(job.salt), (const unsigned char *)salt.ptr, salt.len, NULL, 0);
	if (secret_lend(phrase, derive, &job) < 0) {
		(void)err_set(err, ERR_SYSTEM, "no memory to derive a key: it takes %d MiB",
		    ARGON_BYTES >> 20);
	} else if (job.len < MIN_PHRASE) {
		(void)err_set(
		    err, ERR_USAGE, "the passphrase is shorter than %d characters", MIN_PHRASE);
		(void)err_hint(err,
		    "everybody who has the public key can try passphrases: use five "
		    "random words or more");
	} else {
		(void)crypto_box_seed_keypair(half.bytes, s->key, s->seed);
		k = key_of(s->key, &half, err);
	}
	sodium_free(s);
	return k;
}

struct read_job {
	const char *what;
	struct scratch *scratch;
	struct err *err;
};

static int
read_secret(void *ctx, struct str text)
{
	struct read_job *job = ctx;

	return read_text(str_trim(text), secret_prefix, job->what, job->scratch, job->err);
}

struct key *
key_read(const struct secret *text, const char *what, struct err *err)
{
	struct read_job job = { what, scratch_new(err), err };
	struct public_key half;
	struct key *k = NULL;

	if (!job.scratch)
		return NULL;
	(void)err_set(err, ERR_SYSTEM, "the memory of %s cannot be read", what);
	if (secret_lend(text, read_secret, &job) == 0) {
		(void)crypto_scalarmult_base(half.bytes, job.scratch->key);
		k = key_of(job.scratch->key, &half, err);
	}
	sodium_free(job.scratch);
	return k;
}

void
key_free(struct key *k)
{
	if (!k)
		return;
	secret_free(k->secret);
	free(k);
}

const struct public_key *
key_public(const struct key *k)
{
	return &k->half;
}

static int
copy_key(void *out, struct str bytes)
{
	memcpy(out, bytes.ptr, bytes.len);
	return 0;
}

struct secret *
key_text(const struct key *k, struct err *err)
{
	struct scratch *s = scratch_new(err);
	struct secret *text = NULL;

	if (!s)
		return NULL;
	if (secret_lend(k->secret, copy_key, s->key) == 0) {
		write_text(s, secret_prefix);
		text = secret_new(str_of(s->text), "the key", err);
	} else {
		(void)err_set(err, ERR_SYSTEM, "the memory of the key cannot be read");
	}
	sodium_free(s);
	return text;
}

struct box_job {
	const struct key *key;
	struct str box;
	unsigned char *out;
};

static int
open_box(void *ctx, struct str secret)
{
	const struct box_job *job = ctx;

	return crypto_box_seal_open(job->out, (const unsigned char *)job->box.ptr, job->box.len,
	    job->key->half.bytes, (const unsigned char *)secret.ptr);
}

bool
key_open_box(const struct key *k, struct str box, unsigned char *out)
{
	struct box_job job = { k, box, out };

	return secret_lend(k->secret, open_box, &job) == 0;
}

int
public_key_read(struct str text, struct public_key *out, struct err *err)
{
	struct scratch s;
	char what[80];

	if (is_kind(text, secret_prefix))
		(void)memcpy(what, "the recipient", sizeof("the recipient"));
	else
		(void)snprintf(what, sizeof(what), "recipient '%.*s'", STR_FMT(str_head(text, 60)));
	if (read_text(text, public_prefix, what, &s, err) < 0)
		return -1;
	memcpy(out->bytes, s.key, KEY_BYTES);
	return 0;
}

struct str
public_key_text(struct arena *a, const struct public_key *k)
{
	struct scratch s;

	memcpy(s.key, k->bytes, KEY_BYTES);
	write_text(&s, public_prefix);
	return arena_str(a, str_of(s.text));
}

struct seal_job {
	struct arena *arena;
	const struct public_key *key;
	struct str box; /* not base64 yet */
};

static int
seal(void *ctx, struct str secret)
{
	struct seal_job *job = ctx;
	unsigned char *out = arena_alloc(job->arena, secret.len + crypto_box_SEALBYTES);

	job->box = (struct str){ (char *)out, secret.len + crypto_box_SEALBYTES };
	return crypto_box_seal(out, (const unsigned char *)secret.ptr, secret.len, job->key->bytes);
}

struct str
public_key_seal(struct arena *a, const struct public_key *k, const struct secret *s)
{
	struct seal_job job = { .arena = a, .key = k };

	if (secret_lend(s, seal, &job) < 0)
		return STR("");
	return base64_text(a, job.box, BASE64_PADDED);
}

bool
public_key_eq(const struct public_key *one, const struct public_key *two)
{
	return memcmp(one->bytes, two->bytes, KEY_BYTES) == 0;
}
