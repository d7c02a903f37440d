/* for O_PATH */
#define _GNU_SOURCE

#include "files/descent.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"

enum { WAY = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC };

struct str
path_dir(struct str path)
{
	size_t slash = str_rfind(path, '/');

	return slash == path.len ? str_head(path, 0) : str_head(path, slash);
}

struct str
path_name(struct str path)
{
	size_t slash = str_rfind(path, '/');

	return slash == path.len ? path : str_tail(path, slash + 1);
}

static int
step_of(int fd, struct descent_step *out)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -1;
	*out = (struct descent_step){ st.st_dev, st.st_ino };
	return 0;
}

static void
move_to(struct descent *d, int fd)
{
	(void)close(d->fd);
	d->fd = fd;
}

int
descent_begin(struct descent *d, struct arena *a, int root)
{
	*d = (struct descent){ .a = a, .root = root, .at = STR("") };
	d->fd = openat(root, ".", WAY);
	if (d->fd < 0)
		return -1;
	d->steps = arena_grow(a, d->steps, 0, &d->room, sizeof(*d->steps));
	if (step_of(d->fd, &d->steps[0]) == 0)
		return 0;
	descent_end(d);
	return -1;
}

void
descent_end(struct descent *d)
{
	if (d->fd >= 0)
		(void)close(d->fd);
	d->fd = -1;
}

/* Up to the root at once, without a look at what is between. */
static int
go_home(struct descent *d)
{
	int fd = openat(d->root, ".", WAY);

	if (fd < 0)
		return -1;
	move_to(d, fd);
	d->at = str_head(d->at, 0);
	d->depth = 0;
	return 0;
}

static int
go_up(struct descent *d)
{
	struct descent_step now, *wanted = &d->steps[d->depth - 1];
	int fd = openat(d->fd, "..", WAY);

	if (fd < 0)
		return -1;
	if (step_of(fd, &now) < 0 || now.dev != wanted->dev || now.ino != wanted->ino) {
		(void)close(fd);
		errno = ESTALE;
		return -1;
	}
	move_to(d, fd);
	d->at = path_dir(d->at);
	d->depth--;
	return 0;
}

static int
open_or_make(struct descent *d, const char *name, struct str path)
{
	int fd = openat(d->fd, name, WAY);

	if (fd >= 0 || errno != ENOENT || !d->made)
		return fd;
	if (mkdirat(d->fd, name, 0777) < 0) {
		if (errno != EEXIST)
			return -1;
	} else if (d->made(d->ctx, path) < 0) {
		errno = ECANCELED;
		return -1;
	}
	return openat(d->fd, name, WAY);
}

/* Into the directory of the part that ends `path`, which is one part longer than d->at. */
static int
go_down(struct descent *d, struct str path)
{
	struct str part = path_name(path);
	struct descent_step step;
	char name[NAME_MAX + 1];
	int fd;

	if (part.len > NAME_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(name, part.ptr, part.len);
	name[part.len] = '\0';
	fd = open_or_make(d, name, path);
	if (fd < 0)
		return -1;
	if (step_of(fd, &step) < 0) {
		(void)close(fd);
		return -1;
	}
	move_to(d, fd);
	d->steps = arena_grow(d->a, d->steps, d->depth + 1, &d->room, sizeof(*d->steps));
	d->steps[++d->depth] = step;
	d->at = path;
	return 0;
}

/* How much of both, in whole parts, is the same. */
static size_t
common(struct str a, struct str b)
{
	size_t most = a.len < b.len ? a.len : b.len, i = 0, parts = 0;

	for (; i < most && a.ptr[i] == b.ptr[i]; i++)
		if (a.ptr[i] == '/')
			parts = i;
	if (i == most && (i == a.len || a.ptr[i] == '/') && (i == b.len || b.ptr[i] == '/'))
		return i;
	return parts;
}

int
descent_go(struct descent *d, struct str path)
{
	size_t shared = common(d->at, path);

	if (shared == 0 && d->depth > 0 && go_home(d) < 0)
		return -1;
	while (d->at.len > shared)
		if (go_up(d) < 0)
			return -1;
	while (d->at.len < path.len) {
		size_t start = d->at.len > 0 ? d->at.len + 1 : 0;
		size_t end = start + str_find(str_tail(path, start), '/');

		if (go_down(d, str_head(path, end)) < 0)
			return -1;
	}
	return 0;
}
