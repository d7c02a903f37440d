/* token.h: a token that may go to a host. */
#ifndef TESTS_NET_TOKEN_H
#define TESTS_NET_TOKEN_H

#include "secret/audience.h"
#include "secret/secret.h"

/* NULL: it is not taken. End it with secret_free(). */
static inline struct secret *
token_for(enum audience to, struct str bytes)
{
	struct err err = { 0 };
	struct secret *token = secret_new(bytes, "the token", &err);

	if (token)
		secret_set_audience(token, to);
	return token;
}

#endif
