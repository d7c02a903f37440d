/* token_line.h: a header line that holds a secret. */
#ifndef NET_TOKEN_LINE_H
#define NET_TOKEN_LINE_H

#include "base/base.h"

struct secret;

/* `before` and the secret behind it, as one line. Owned: end it with token_line_free(), which wipes it and
 * takes NULL. NULL: no memory. */
char *token_line_new(const char *before, const struct secret *token) NODISCARD;
/* "Authorization: Basic …": the secret as the password of an empty user name (RFC 7617). */
char *token_line_basic(const struct secret *token) NODISCARD;
/* The same for a secret that is NAME:PASSWORD already. */
char *token_line_pair(const struct secret *token) NODISCARD;
void token_line_free(char *line);

#endif
