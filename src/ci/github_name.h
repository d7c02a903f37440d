/* github_name.h: names that GitHub can have given, before they become a part of a URL's path. */
#ifndef CI_GITHUB_NAME_H
#define CI_GITHUB_NAME_H

#include <stdbool.h>

#include "base/str.h"

/* A user or an organization: letters, digits, '-' and, of managed users, '_'; none of these two at an end of the
 * name, 39 characters without the '_' and what is behind it. GitHub Docs, "Username considerations for external
 * authentication". */
bool github_is_owner(struct str name);

/* "OWNER/REPO"; REPO is 1 to 100 of letters, digits, '-', '_' and '.', and neither "." nor "..", which would be
 * taken as a direction in a path. */
bool github_is_repository(struct str name);

/* An environment: 1 to 255 bytes of UTF-8 without control characters, and neither "." nor "..". */
bool github_is_environment(struct str name);

#endif
