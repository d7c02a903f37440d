#include "registry/challenge.h"

#include <string.h>

#include "base/arena.h"

/* Takes a token (RFC 9110, 5.6.2) off the front of *rest; it may be empty. */
static struct str
take_token(struct str *rest)
{
	struct str token = str_head(*rest, str_span(*rest, CHARS_ALNUM "!#$%&'*+-.^_`|~"));

	*rest = str_tail(*rest, token.len);
	return token;
}

static void
skip_bytes(struct str *rest, const char *bytes)
{
	*rest = str_tail(*rest, str_span(*rest, bytes));
}

/* A quoted string without its quotes and backslashes, or a token. False: it does not end, or holds a byte that is not
 * printable ASCII. */
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

static void
set_parameter(struct challenge *c, struct str name, struct str value)
{
	if (str_is_like(name, "realm"))
		c->realm = value;
	else if (str_is_like(name, "service"))
		c->service = value;
	else if (str_is_like(name, "scope"))
		c->scope = value;
}

/* Takes NAME=VALUE, …; false at the end, or at a value that cannot be read. A word without '=' is the next challenge's
 * scheme. */
static bool
take_parameters(struct arena *a, struct str *rest, struct challenge *c)
{
	for (;;) {
		struct str at, name, value;

		skip_bytes(rest, ", \t");
		at = *rest;
		name = take_token(&at);
		skip_bytes(&at, " \t");
		if (name.len == 0 || at.len == 0 || at.ptr[0] != '=')
			return rest->len > 0;
		at = str_tail(at, 1);
		skip_bytes(&at, " \t");
		if (!take_value(a, &at, &value))
			return false;
		set_parameter(c, name, value);
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

		skip_bytes(&header, ", \t");
		scheme = take_token(&header);
		if (scheme.len == 0 || (header.len > 0 && !strchr(" \t,", header.ptr[0])))
			break;
		goes_on = take_parameters(a, &header, &c);
		if (str_is_like(scheme, "Bearer") && c.realm.len > 0)
			c.scheme = CHALLENGE_BEARER;
		else if (str_is_like(scheme, "Basic"))
			c.scheme = CHALLENGE_BASIC;
		if (c.scheme > best.scheme)
			best = c;
	}
	return best;
}
