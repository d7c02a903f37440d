#include "secret/sealed.h"

#include <sodium.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "secret/base64.h"
#include "secret/payload.h"
#include "secret/secret.h"

static const char prefix[] = "pachup1:";

enum {
	PREFIX_LEN = sizeof(prefix) - 1,
	KEY_BYTES = sizeof(struct public_key),
	CONTENT_KEY_BYTES = crypto_generichash_KEYBYTES,
	STANZA_BYTES = KEY_BYTES + CONTENT_KEY_BYTES + crypto_box_SEALBYTES,
	NONCE_BYTES = crypto_secretbox_NONCEBYTES,
	MIN_BOX_BYTES = crypto_secretbox_MACBYTES + 1,
	MAX_BINARY = 1 + MAX_RECIPIENTS * STANZA_BYTES + NONCE_BYTES + crypto_secretbox_MACBYTES
	             + MAX_PAYLOAD_BYTES,
	MAX_TEXT = PREFIX_LEN + (MAX_BINARY * 4 + 2) / 3,
};

/* The parts of a sealed token, views into its bytes. */
struct parts {
	struct str header, nonce, box;
	size_t count; /* recipients */
};

/* What must be wiped. */
struct scratch {
	unsigned char content_key[CONTENT_KEY_BYTES], box_key[crypto_secretbox_KEYBYTES];
	char payload[MAX_PAYLOAD_BYTES];
};

bool
is_sealed(struct str text)
{
	return str_take(&text, "pachup") && str_digits(text) > 0;
}

struct str
sealed_line(struct str file)
{
	struct str line;

	while (str_split(&file, '\n', &line)) {
		line = str_trim(line);
		if (line.len == 0 || line.ptr[0] == '#')
			continue;
		return is_sealed(line) ? line : STR("");
	}
	return STR("");
}

static struct scratch *
scratch_new(struct err *err)
{
	return secret_room(sizeof(struct scratch), "a token", err);
}

static void
derive_box_key(struct scratch *s, struct str header)
{
	crypto_generichash_state state;

	(void)crypto_generichash_init(
	    &state, s->content_key, CONTENT_KEY_BYTES, sizeof(s->box_key));
	(void)crypto_generichash_update(&state, (const unsigned char *)prefix, PREFIX_LEN);
	(void)crypto_generichash_update(
	    &state, (const unsigned char *)header.ptr, (unsigned long long)header.len);
	(void)crypto_generichash_final(&state, s->box_key, sizeof(s->box_key));
	sodium_memzero(&state, sizeof(state));
}

static int
check_recipients(const struct recipients *to, struct err *err)
{
	if (to->count == 0) {
		(void)err_set(err, ERR_USAGE, "no recipient is given for the sealed token");
		return err_hint(err, "give the public key that 'pachup token keygen' printed: "
		                     "--recipient pachup-pub1:...");
	}
	if (to->count > MAX_RECIPIENTS)
		return err_set(err, ERR_USAGE, "%zu recipients are given, at most %d can be",
		    to->count, MAX_RECIPIENTS);
	return 0;
}

/* Count and stanzas. */
static int
write_header(
    const struct scratch *s, const struct recipients *to, unsigned char *out, struct err *err)
{
	*out++ = (unsigned char)to->count;
	for (size_t i = 0; i < to->count; i++, out += STANZA_BYTES) {
		memcpy(out, to->list[i].bytes, KEY_BYTES);
		if (crypto_box_seal(
		        out + KEY_BYTES, s->content_key, CONTENT_KEY_BYTES, to->list[i].bytes)
		    == 0)
			continue;
		(void)err_set(err, ERR_USAGE, "recipient %zu is not a point of the curve", i + 1);
		return err_hint(err, "make a key pair with 'pachup token keygen'");
	}
	return 0;
}

int
sealed_make(struct arena *a, const struct secret *token, const struct sealed_facts *facts,
    const struct recipients *to, struct str *out, struct err *err)
{
	size_t header_len = 1 + to->count * STANZA_BYTES, len = 0;
	struct scratch *s;
	unsigned char *bytes, *nonce;
	struct str text;
	int rc = -1;

	if (check_recipients(to, err) < 0 || !(s = scratch_new(err)))
		return -1;
	bytes = arena_alloc(a, MAX_BINARY);
	nonce = bytes + header_len;
	randombytes_buf(s->content_key, sizeof(s->content_key));
	if (payload_write(token, facts, s->payload, &len, err) == 0
	    && write_header(s, to, bytes, err) == 0) {
		derive_box_key(s, (struct str){ (char *)bytes, header_len });
		randombytes_buf(nonce, NONCE_BYTES);
		(void)crypto_secretbox_easy(
		    nonce + NONCE_BYTES, (unsigned char *)s->payload, len, nonce, s->box_key);
		len += header_len + NONCE_BYTES + crypto_secretbox_MACBYTES;
		text = base64_text(a, (struct str){ (char *)bytes, len }, BASE64_URL);
		*out = arena_fmt(a, "%s%.*s", prefix, STR_FMT(text));
		rc = 0;
	}
	sodium_free(s);
	return rc;
}

static int
damaged(const char *what, const char *why, struct err *err)
{
	(void)err_set(err, ERR_SPEC, "%s is damaged: %s", what, why);
	return err_hint(err,
	    "restore the line from where it was made, or seal the token again with "
	    "'pachup token seal'");
}

static int
check_prefix(struct str text, const char *what, struct err *err)
{
	if (str_starts(text, prefix))
		return 0;
	if (!is_sealed(text))
		return damaged(what, "it does not begin with pachup1:", err);
	(void)err_set(err, ERR_SPEC,
	    "%s has the form '%.*s', and this pachup reads only 'pachup1:'", what,
	    STR_FMT(str_head(text, 8)));
	return err_hint(err, "update pachup");
}

static int
split(struct arena *a, struct str text, const char *what, struct parts *out, struct err *err)
{
	unsigned char *bytes;
	struct str all = { NULL, 0 };
	size_t header_len;

	text = str_trim(text);
	if (check_prefix(text, what, err) < 0)
		return -1;
	if (text.len > MAX_TEXT)
		return damaged(what, "it is longer than any sealed token", err);
	bytes = arena_alloc(a, MAX_BINARY + 3);
	text = str_tail(text, PREFIX_LEN);
	if (!base64_read(text, BASE64_URL, bytes, MAX_BINARY + 3, &all.len))
		return damaged(what, "it contains an invalid character, or is truncated", err);
	all.ptr = (char *)bytes;
	out->count = all.len > 0 ? bytes[0] : 0;
	header_len = 1 + out->count * STANZA_BYTES;
	if (all.len > 0 && (out->count == 0 || out->count > MAX_RECIPIENTS))
		return damaged(what, "it names no recipients", err);
	if (all.len < header_len + NONCE_BYTES + MIN_BOX_BYTES)
		return damaged(what, "it is cut off", err);
	out->header = str_head(all, header_len);
	out->nonce = str_head(str_tail(all, header_len), NONCE_BYTES);
	out->box = str_tail(all, header_len + NONCE_BYTES);
	if (out->box.len > crypto_secretbox_MACBYTES + MAX_PAYLOAD_BYTES)
		return damaged(what, "it is longer than any sealed token", err);
	return 0;
}

static struct str
stanza(const struct parts *parts, size_t i)
{
	return str_head(str_tail(parts->header, 1 + i * STANZA_BYTES), STANZA_BYTES);
}

static void
list_recipients(struct arena *a, const struct parts *parts, struct recipients *out)
{
	out->list = ARENA_ARRAY(a, parts->count, struct public_key);
	out->count = parts->count;
	for (size_t i = 0; i < parts->count; i++)
		memcpy(out->list[i].bytes, stanza(parts, i).ptr, KEY_BYTES);
}

int
sealed_recipients(
    struct arena *a, struct str text, const char *what, struct recipients *out, struct err *err)
{
	struct parts parts = { .count = 0 };

	if (split(a, text, what, &parts, err) < 0)
		return -1;
	list_recipients(a, &parts, out);
	return 0;
}

static int
other_key(struct arena *a, const struct parts *parts, const char *what, const struct key *key,
    struct err *err)
{
	struct recipients to;

	list_recipients(a, parts, &to);
	(void)err_set(err, ERR_USAGE, "%s is not sealed for this key but for %.*s%s", what,
	    STR_FMT(public_key_text(a, &to.list[0])), to.count > 1 ? " and others" : "");
	return err_hint(err,
	    "give the key that belongs to it, or seal the token again with "
	    "--recipient %.*s",
	    STR_FMT(public_key_text(a, key_public(key))));
}

/* The content key, from the stanza that is the key's. */
static int
open_header(struct arena *a, const struct parts *parts, const char *what, const struct key *key,
    struct scratch *s, struct err *err)
{
	for (size_t i = 0; i < parts->count; i++) {
		struct str one = stanza(parts, i);

		if (memcmp(one.ptr, key_public(key)->bytes, KEY_BYTES) != 0)
			continue;
		if (key_open_box(key, str_tail(one, KEY_BYTES), s->content_key))
			return 0;
		return damaged(what, "its bytes have changed since it was sealed", err);
	}
	return other_key(a, parts, what, key, err);
}

struct secret *
sealed_open(struct arena *a, struct str text, const char *what, const struct key *key,
    struct sealed_facts *out, struct err *err)
{
	struct secret *token = NULL;
	struct parts parts = { .count = 0 };
	struct scratch *s;

	if (split(a, text, what, &parts, err) < 0 || !(s = scratch_new(err)))
		return NULL;
	if (open_header(a, &parts, what, key, s, err) == 0) {
		derive_box_key(s, parts.header);
		if (crypto_secretbox_open_easy((unsigned char *)s->payload,
		        (const unsigned char *)parts.box.ptr, parts.box.len,
		        (const unsigned char *)parts.nonce.ptr, s->box_key)
		    < 0)
			(void)damaged(what, "its bytes have changed since it was sealed", err);
		else
			token = payload_read(a,
			    (struct str){ s->payload, parts.box.len - crypto_secretbox_MACBYTES },
			    what, out, err);
	}
	sodium_free(s);
	return token;
}
