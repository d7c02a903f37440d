#include "spec/credential.h"

#include <stddef.h>
#include <string.h>

#include "base/base.h"

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
	return str_ends(name, "_PASS") || str_ends(name, "_PW") || str_is(name, "PGPASS");
}

/* "scheme://user:password@host" */
static bool
has_password(struct str text)
{
	size_t at = 0;
	struct str rest, user;

	while (at + 3 <= text.len && memcmp(text.ptr + at, "://", 3) != 0)
		at++;
	rest = str_tail(text, at + 3);
	user = str_head(rest, str_find(rest, '/'));
	if (str_rfind(user, '@') == user.len)
		return false;
	user = str_head(user, str_rfind(user, '@'));
	return str_find(user, ':') < user.len;
}

bool
credential_is_text(struct str text)
{
	/* how the tokens of well-known makers begin, and JSON web tokens */
	static const char *const starts[] = { "ghp_", "gho_", "ghu_", "ghs_", "ghr_",
		("git"
		 "hub_pat_"),
		"glpat-", "xoxb-", "xoxp-", "xoxa-", "AKIA", "ASIA", "AIza", "ya29.", "sk_live_",
		"rk_live_", "eyJhbGci" };
	enum { LEAST = 16 }; /* shorter ones are words that begin alike */

	for (size_t i = 0; i < COUNT_OF(starts); i++)
		if (text.len >= LEAST && str_starts(text, starts[i]))
			return true;
	return str_holds(text, STR("PRIVATE KEY-----")) || has_password(text);
}
