/*
 * credential.h: what in a spec looks like a password, a token or a key. Specs should hold none, and some do:
 * what is shown of them to others than their readers leaves these out.
 */
#ifndef PIPELINE_CREDENTIAL_H
#define PIPELINE_CREDENTIAL_H

#include <stdbool.h>

#include "base/str.h"

struct arena;

/* Whether an environment variable of this name is taken for one: PASSWORD, TOKEN, SECRET and the like
 * anywhere in it, in either case of letters. */
bool credential_is_name(struct str name);

/* Whether the text itself has the form of one: a token of a well-known maker, a private key, an address
 * with a password. */
bool credential_is_text(struct str text);

/* The text with "***" for the user and password of each "scheme://user:password@host" in it; in `a` where it
 * has one, else `text` itself. */
struct str credential_hide_users(struct arena *a, struct str text);

#endif
