/*
 * credential.h: what in a spec looks like a password, a token or a key. Specs should hold none, but some do:
 * pages, logs and comments, which more people can see than the specs, leave them out.
 */
#ifndef PIPELINE_CREDENTIAL_H
#define PIPELINE_CREDENTIAL_H

#include <stdbool.h>

#include "base/str.h"

struct arena;

/* Whether an environment variable of this name is taken for a credential: PASSWORD, TOKEN, SECRET and the like
 * anywhere in the name; case does not count. */
bool credential_is_name(struct str name);

/* Whether the text has the form of a credential: a token of a well-known maker, a private key, an address with a
 * password. */
bool credential_is_text(struct str text);

/* The text with "***" for the user and password of each "scheme://user:password@host" in it; in `a`, or `text`
 * itself where it has no such address. */
struct str credential_hide_users(struct arena *a, struct str text);

#endif
