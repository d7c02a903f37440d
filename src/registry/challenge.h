/* challenge.h: the header WWW-Authenticate: how a registry wants to be logged in to (RFC 9110, 11.6.1; the distribution
 * project's "Token authentication"). */
#ifndef REGISTRY_CHALLENGE_H
#define REGISTRY_CHALLENGE_H

#include "base/base.h"
#include "base/str.h"

struct arena;

enum challenge_scheme { CHALLENGE_NONE, CHALLENGE_BASIC, CHALLENGE_BEARER };

struct challenge {
	enum challenge_scheme scheme;
	struct str realm;   /* of Bearer: the URL that gives tokens */
	struct str service; /* empty: not given */
	struct str scope;   /* empty: not given */
};

/* The best of the header's challenges: Bearer with a realm, else Basic, else none. A challenge that cannot be read
 * ends the list. Texts live in `a`, NUL-ended, and hold printable ASCII only. */
struct challenge challenge_read(struct arena *a, struct str header);

#endif
