#include "files/attributes.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/xattr.h>

/* Linux's own limits of all names and of one value (linux/limits.h). */
enum { MAX_NAMES = 65536, MAX_VALUE = 65536 };

/* The names of a file's attributes, each ended by a NUL. */
struct names {
	char *list;
	size_t len;
};

struct copying {
	int from, to;
	struct names has, wanted;
	char *value, *old; /* room for one value each */
};

/* A file system without attributes has none of them. */
static int
read_names(int fd, struct names *out)
{
	ssize_t len;

	out->list = malloc(MAX_NAMES);
	if (!out->list)
		return -1;
	len = flistxattr(fd, out->list, MAX_NAMES);
	if (len < 0 && errno != ENOTSUP)
		return -1;
	out->len = len > 0 ? (size_t)len : 0;
	return 0;
}

static const char *
next_name(const struct names *names, const char *name)
{
	name = name ? name + strlen(name) + 1 : names->list;
	return name < names->list + names->len ? name : NULL;
}

static bool
is_among(const struct names *names, const char *wanted)
{
	for (const char *name = NULL; (name = next_name(names, name)) != NULL;)
		if (strcmp(name, wanted) == 0)
			return true;
	return false;
}

/* Leaves alone what is the same already: some attributes only the kernel sets. */
static int
copy_one(const struct copying *c, const char *name)
{
	ssize_t len = fgetxattr(c->from, name, c->value, MAX_VALUE), old;

	if (len < 0)
		return -1;
	old = fgetxattr(c->to, name, c->old, MAX_VALUE);
	if (old == len && memcmp(c->value, c->old, (size_t)len) == 0)
		return 0;
	return fsetxattr(c->to, name, c->value, (size_t)len, 0);
}

static int
copy_all(struct copying *c)
{
	if (read_names(c->from, &c->wanted) < 0 || read_names(c->to, &c->has) < 0)
		return -1;
	for (const char *name = NULL; (name = next_name(&c->has, name)) != NULL;)
		if (!is_among(&c->wanted, name) && fremovexattr(c->to, name) < 0)
			return -1;
	for (const char *name = NULL; (name = next_name(&c->wanted, name)) != NULL;)
		if (copy_one(c, name) < 0)
			return -1;
	return 0;
}

int
attributes_copy(int from, int to)
{
	struct copying c = {
		.from = from, .to = to, .value = malloc(MAX_VALUE), .old = malloc(MAX_VALUE)
	};
	int rc = c.value && c.old ? copy_all(&c) : -1, cause = errno;

	free(c.value);
	free(c.old);
	free(c.has.list);
	free(c.wanted.list);
	errno = cause;
	return rc;
}
