#include "ci/github_name.h"

#include <string.h>

enum { MAX_OWNER = 39 + 1 + 8, MAX_REPO = 100, MAX_ENVIRONMENT = 255 };

#define ALPHANUMERIC "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

static bool
is_made_of(struct str text, const char *characters)
{
	for (size_t i = 0; i < text.len; i++)
		if (!text.ptr[i] || !strchr(characters, text.ptr[i]))
			return false;
	return true;
}

static bool
is_direction(struct str text)
{
	return str_is(text, ".") || str_is(text, "..");
}

bool
github_is_owner(struct str name)
{
	return name.len > 0 && name.len <= MAX_OWNER && is_made_of(name, ALPHANUMERIC "-_")
	       && !strchr("-_", name.ptr[0]) && !strchr("-_", name.ptr[name.len - 1]);
}

bool
github_is_repository(struct str name)
{
	struct str owner = str_head(name, str_find(name, '/'));
	struct str repo = str_tail(name, owner.len + 1);

	return github_is_owner(owner) && repo.len > 0 && repo.len <= MAX_REPO
	       && is_made_of(repo, ALPHANUMERIC "-_.") && !is_direction(repo);
}

bool
github_is_environment(struct str name)
{
	struct str rest = name, part;

	for (size_t i = 0; i < name.len; i++)
		if ((unsigned char)name.ptr[i] < 0x20 || name.ptr[i] == 0x7f)
			return false;
	/* a proxy may read "%2F" as '/' */
	while (str_split(&rest, '/', &part))
		if (is_direction(part))
			return false;
	return name.len > 0 && name.len <= MAX_ENVIRONMENT;
}
