#include "registry/challenge.h"

#include <string.h>
#include <strings.h>

#include "base/arena.h"

static bool
is_token_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
	       || (c != '\0' && strchr("!#$%&'*+-.^_`|~", c));
}

/* What the header begins with, up to the first byte that no token holds. */
static struct str
take_token(struct str *rest)
{
	size_t len = 0;
	struct str token;

	while (len < rest->len && is_token_char(rest->ptr[len]))
		len++;
	token = str_head(*rest, len);
	*rest = str_tail(*rest, len);
	return token;
}

static void
skip(struct str *rest, const char *bytes)
{
	while (rest->len > 0 && rest->ptr[0] != '\0' && strchr(bytes, rest->ptr[0]))
		*rest = str_tail(*rest, 1);
}

/* A quoted string without its quotes and backslashes, or a token. False: it does not end, or holds a byte that no text
 * of ours may. */
static bool
take_value(struct arena *a, struct str *rest, struct str *out)
{
	char *text = arena_alloc(a, rest->len + 1);
	size_t i, len = 0;

	if (rest->len == 0 || rest->ptr[0] != '"') {
		*out = arena_str(a, take_token(rest));
		return out->len > 0;
	}
	for (i = 1; i < rest->len && rest->ptr[i] != '"'; i++) {
		if (rest->ptr[i] == '\\' && i + 1 < rest->len)
			i++;
		if (rest->ptr[i] < 0x20 || rest->ptr[i] > 0x7e)
			return false;
		text[len++] = rest->ptr[i];
	}
	if (i == rest->len)
		return false;
	*rest = str_tail(*rest, i + 1);
	*out = (struct str){ text, len };
	return true;
}

static bool
is_word(struct str word, const char *known)
{
	return word.len == strlen(known) && strncasecmp(word.ptr, known, word.len) == 0;
}

static void
put(struct challenge *c, struct str name, struct str value)
{
	if (is_word(name, "realm"))
		c->realm = value;
	else if (is_word(name, "service"))
		c->service = value;
	else if (is_word(name, "scope"))
		c->scope = value;
}

/* NAME=VALUE, …; false at the first text that is not one. A word without '=' is the next challenge's scheme. */
static bool
take_parameters(struct arena *a, struct str *rest, struct challenge *c)
{
	for (;;) {
		struct str at, name, value;

		skip(rest, ", \t");
		at = *rest;
		name = take_token(&at);
		skip(&at, " \t");
		if (name.len == 0 || at.len == 0 || at.ptr[0] != '=')
			return rest->len > 0;
		at = str_tail(at, 1);
		skip(&at, " \t");
		if (!take_value(a, &at, &value))
			return false;
		put(c, name, value);
		*rest = at;
	}
}

struct challenge
challenge_read(struct arena *a, struct str header)
{
	struct challenge best = { .scheme = CHALLENGE_NONE };
	bool goes_on = true;

	while (goes_on) {
		struct challenge c = { .realm = STR(""), .service = STR(""), .scope = STR("") };
		struct str scheme;

		skip(&header, ", \t");
		scheme = take_token(&header);
		if (scheme.len == 0 || (header.len > 0 && !strchr(" \t,", header.ptr[0])))
			break;
		goes_on = take_parameters(a, &header, &c);
		if (is_word(scheme, "Bearer") && c.realm.len > 0)
			c.scheme = CHALLENGE_BEARER;
		else if (is_word(scheme, "Basic"))
			c.scheme = CHALLENGE_BASIC;
		if (c.scheme > best.scheme)
			best = c;
	}
	return best;
}
