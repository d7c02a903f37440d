#include "pipeline/credential.h"

#include <stddef.h>
#include <string.h>

#include "base/arena.h"
#include "base/base.h"
#include "base/buf.h"

/* ASCII capitals, so that "Db_Password" is one too. */
static bool
holds_word(struct str text, const char *word)
{
	size_t len = strlen(word);

	for (size_t i = 0; i + len <= text.len; i++) {
		size_t k = 0;

		while (k < len) {
			char c = text.ptr[i + k];

			if ((c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c) != word[k])
				break;
			k++;
		}
		if (k == len)
			return true;
	}
	return false;
}

static bool
ends_with(struct str text, const char *word)
{
	size_t len = strlen(word);

	return text.len >= len && holds_word(str_tail(text, text.len - len), word);
}

bool
credential_is_name(struct str name)
{
	/* "KEY" alone would hide PRIMARY_KEY and KEYSPACE; these are what keys are called */
	static const char *const words[] = { "PASSWORD", "PASSWD", "PASSPHRASE", "SECRET", "TOKEN",
		"CREDENTIAL", "APIKEY", "API_KEY", "ACCESS_KEY", "ACCESSKEY", "PRIVATE_KEY",
		"ACCOUNT_KEY", "SIGNING_KEY", "ENCRYPTION_KEY", "AUTH_KEY", "CONNECTION_STRING",
		"DSN" };

	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (holds_word(name, words[i]))
			return true;
	return ends_with(name, "_PASS") || ends_with(name, "_PW") || ends_with(name, "_PWD")
	       || str_is(name, "PGPASS");
}

/* "user:password", and not "host:80/path". */
static bool
is_user_and_password(struct str text)
{
	size_t colon = str_find(text, ':'), slash = str_find(text, '/');
	struct str port = str_tail(str_head(text, slash), colon + 1);
	bool is_port = slash < text.len && str_is_of(port, CHARS_DIGIT);

	return colon < slash && !is_port;
}

/* Where a blank or a quote ends what begins with the text; an address ends there. */
static size_t
word_len(struct str text)
{
	return str_cspan(text, " \t\n\"'");
}

/* The offset of the next "://" from `at`; text.len when there is none. */
static size_t
find_scheme_end(struct str text, size_t at)
{
	while (at + 3 <= text.len && memcmp(text.ptr + at, "://", 3) != 0)
		at++;
	return at + 3 <= text.len ? at : text.len;
}

/* Whether one of the "://" of a word is followed by "user:password@", which ends at the last '@' of the word. */
static bool
word_has_password(struct str word)
{
	size_t end = str_rfind(word, '@');

	word = str_head(word, end < word.len ? end : 0);
	for (size_t at = 0; (at = find_scheme_end(word, at)) < word.len; at++)
		if (is_user_and_password(str_tail(word, at + 3)))
			return true;
	return false;
}

/* "scheme://user:password@host" anywhere in the text. A password may hold what an address may not, so all
 * up to the last '@' before a blank counts. */
static bool
has_password(struct str text)
{
	while (text.len > 0) {
		size_t len = word_len(text);

		if (word_has_password(str_head(text, len)))
			return true;
		text = str_tail(text, len < text.len ? len + 1 : len);
	}
	return false;
}

/* How it begins, after what a name or a header has before it: "key=AKIA…", "Bearer …". */
static bool
begins_like_token(struct str text)
{
	/* how the tokens of well-known makers begin, and JSON web tokens */
	static const char *const starts[] = { "ghp_", "gho_", "ghu_", "ghs_", "ghr_",
		("git"
		 "hub_pat_"),
		"glpat-", "xoxb-", "xoxp-", "xoxa-", "AKIA", "ASIA", "AIza", "ya29.", "sk_live_",
		"rk_live_", "eyJhbGci", "Bearer ", "Basic " };
	enum { LEAST = 16 }; /* shorter ones are words that begin alike */

	for (size_t i = 0; i < COUNT_OF(starts); i++)
		if (text.len >= LEAST && str_starts(text, starts[i]))
			return true;
	return false;
}

bool
credential_is_text(struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((i == 0 || strchr(" =:,;\t\n\"'", text.ptr[i - 1]))
		    && begins_like_token(str_tail(text, i)))
			return true;
	return str_holds(text, STR("PRIVATE KEY-----")) || has_password(text);
}

/* The word with the user and password of its address as "***": what is between the first "://" and the last '@'.
 * True: it has one. */
static bool
add_hidden(struct buf *out, struct str word)
{
	size_t at = find_scheme_end(word, 0), end = str_rfind(word, '@');

	if (end == word.len || at + 3 >= end) {
		buf_add(out, word);
		return false;
	}
	buf_add(out, str_head(word, at + 3));
	buf_add(out, STR("***"));
	buf_add(out, str_tail(word, end));
	return true;
}

struct str
credential_hide_users(struct arena *a, struct str text)
{
	struct buf out = BUF_INIT(text.len + 8 + text.len);
	struct str hidden = text;
	bool found = false;

	for (struct str rest = text; rest.len > 0;) {
		size_t len = word_len(rest);

		found = add_hidden(&out, str_head(rest, len)) || found;
		rest = str_tail(rest, len);
		buf_add(&out, str_head(rest, rest.len > 0));
		rest = str_tail(rest, rest.len > 0);
	}
	if (found)
		hidden = buf_is_full(&out) ? STR("***") : buf_take(&out, a);
	buf_free(&out);
	return hidden;
}
