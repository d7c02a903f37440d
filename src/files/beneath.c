/* for O_PATH, renameat2() and syscall() */
#define _GNU_SOURCE

#include "files/beneath.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "files/stale.h"

enum { TRIES = 100 }; /* openat2 gives EAGAIN when something is renamed while it looks */

/* The length of the first part of `path`, which does not begin with '/'. */
static size_t
part_len(const char *path)
{
	return strcspn(path, "/");
}

static int
is_up(const char *part, size_t len)
{
	return len == 2 && part[0] == '.' && part[1] == '.';
}

/* Opens the part, a link excepted. */
static int
open_part(int dir, const char *part, size_t len, int flags, mode_t mode)
{
	char name[NAME_MAX + 1];

	if (len > NAME_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(name, part, len);
	name[len] = '\0';
	return openat(dir, name, flags | O_NOFOLLOW | O_CLOEXEC, mode);
}

int
beneath_open_by_parts(int dir, const char *path, int flags, mode_t mode)
{
	int at = dir, next, cause;

	if (*path == '/' || *path == '\0') {
		errno = *path ? EXDEV : ENOENT;
		return -1;
	}
	for (;;) {
		size_t len = part_len(path), slashes = strspn(path + len, "/");

		if (is_up(path, len)) {
			errno = EXDEV;
			next = -1;
			break;
		}
		if (path[len + slashes] == '\0') {
			if (slashes > 0)
				flags |= O_DIRECTORY;
			next = open_part(at, path, len, flags, mode);
			break;
		}
		next = open_part(at, path, len, O_PATH | O_DIRECTORY, 0);
		if (next < 0)
			break;
		if (at != dir)
			(void)close(at);
		at = next;
		path += len + slashes;
	}
	cause = errno;
	if (at != dir)
		(void)close(at);
	errno = cause;
	return next;
}

int
beneath_open(int dir, const char *path, int flags, mode_t mode)
{
	struct open_how how = { .flags = (unsigned)flags | O_CLOEXEC,
		.mode = flags & O_CREAT ? mode : 0,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS };
	long fd = -1;

	for (int i = 0; i < TRIES; i++) {
		fd = syscall(SYS_openat2, dir, path, &how, sizeof(how));
		if (fd >= 0 || (errno != EAGAIN && errno != EINTR))
			break;
	}
	if (fd >= 0)
		return (int)fd;
	/* a sandbox that does not know the call says EPERM, and so may a file: the other way decides */
	if (errno != ENOSYS && errno != EPERM && errno != EAGAIN && errno != ENAMETOOLONG)
		return -1;
	return beneath_open_by_parts(dir, path, flags, mode);
}

int
beneath_rename_new(int from, const char *name, int to, const char *new_name)
{
	struct stat st;

	if (renameat2(from, name, to, new_name, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -1;
	if (fstatat(to, new_name, &st, AT_SYMLINK_NOFOLLOW) == 0) {
		errno = EEXIST;
		return -1;
	}
	return errno == ENOENT ? renameat(from, name, to, new_name) : -1;
}

int
beneath_exchange(int a, const char *name_a, int b, const char *name_b)
{
	return renameat2(a, name_a, b, name_b, RENAME_EXCHANGE);
}

void
beneath_stage_name(char out[BENEATH_STAGE_ROOM])
{
	static const char letters[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	unsigned char random[STALE_RANDOM];
	struct timespec now;

	if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random)) {
		/* whoever uses the name makes it with O_EXCL: a bad one costs another try */
		(void)clock_gettime(CLOCK_MONOTONIC, &now);
		for (size_t i = 0; i < sizeof(random); i++)
			random[i] = (unsigned char)(now.tv_nsec >> (i * 5));
	}
	(void)snprintf(out, BENEATH_STAGE_ROOM, "%s", STALE_NAME);
	for (size_t i = 0; i < sizeof(random); i++)
		out[strlen(STALE_NAME) + i] = letters[random[i] % (sizeof(letters) - 1)];
	out[strlen(STALE_NAME) + sizeof(random)] = '\0';
}

/* A directory that was entered: what it is called in the one above, and what that one is, for the way back. */
struct level {
	char name[256];
	dev_t dev;
	ino_t ino;
};

/* The directory that is being emptied, and the way to it. */
struct emptying {
	int fd;
	struct level *way;
	size_t depth, room;
	bool (*goes_on)(void *ctx);
	void *ctx;
	bool is_over; /* something stays */
};

static int
open_directory(int dir, const char *name)
{
	return openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* Enters the directory of that name; false when it cannot. */
static bool
enter(struct emptying *e, const char *name)
{
	struct level level;
	struct stat st;
	int below;

	if (strlen(name) >= sizeof(level.name) || fstat(e->fd, &st) < 0)
		return false;
	if (e->depth == e->room) {
		size_t room = e->room ? 2 * e->room : 64;
		struct level *way = realloc(e->way, room * sizeof(*way));

		if (!way)
			return false;
		e->way = way;
		e->room = room;
	}
	below = open_directory(e->fd, name);
	if (below < 0)
		return false;
	(void)snprintf(level.name, sizeof(level.name), "%s", name);
	level.dev = st.st_dev;
	level.ino = st.st_ino;
	e->way[e->depth++] = level;
	(void)close(e->fd);
	e->fd = below;
	return true;
}

/* Back to the directory above, if it is still the one that was left, where the one that is left goes; false: somebody
 * moved it, or it cannot be removed. */
static bool
leave(struct emptying *e)
{
	const struct level *level = &e->way[--e->depth];
	int above = open_directory(e->fd, "..");
	struct stat st;

	if (above < 0)
		return false;
	(void)close(e->fd);
	e->fd = above;
	return fstat(above, &st) == 0 && st.st_dev == level->dev && st.st_ino == level->ino
	       && unlinkat(above, level->name, AT_REMOVEDIR) == 0;
}

/* Removes one entry, or enters it where it is a directory that is not empty; true: it was entered. */
static bool
remove_or_enter(struct emptying *e, const char *name)
{
	if (e->goes_on && !e->goes_on(e->ctx)) {
		e->is_over = true;
		return false;
	}
	return unlinkat(e->fd, name, 0) < 0 && enter(e, name);
}

/* Removes the files of the directory up to the first directory in it, which it enters. */
static bool
descend(struct emptying *e)
{
	int own = open_directory(e->fd, ".");
	DIR *dir = own < 0 ? NULL : fdopendir(own);
	struct dirent *entry;
	bool has_entered = false;

	if (!dir && own >= 0)
		(void)close(own);
	while (dir && !has_entered && !e->is_over && (entry = readdir(dir)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			has_entered = remove_or_enter(e, entry->d_name);
	if (dir)
		(void)closedir(dir);
	return has_entered;
}

bool
beneath_empty(int dir, bool (*goes_on)(void *ctx), void *ctx)
{
	struct emptying e = { .fd = open_directory(dir, "."), .goes_on = goes_on, .ctx = ctx };

	e.is_over = e.fd < 0;
	while (!e.is_over)
		if (!descend(&e) && !e.is_over) {
			if (e.depth == 0)
				break;
			e.is_over = !leave(&e);
		}
	if (e.fd >= 0)
		(void)close(e.fd);
	free(e.way);
	return !e.is_over;
}
