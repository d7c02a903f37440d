#include "files/read.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/fd.h"

/* What is read at once when the size is not known. */
enum { FIRST_ROOM = 64 << 10 };

/* Spares the files of /proc, which have no size, from being read byte by byte. */
enum { LEAST_ROOM = 512 };

const char *
file_kind_name(mode_t mode)
{
	if (S_ISDIR(mode))
		return "a directory";
	if (S_ISFIFO(mode))
		return "a FIFO or pipe";
	if (S_ISSOCK(mode))
		return "a socket";
	if (S_ISLNK(mode))
		return "a symbolic link";
	return S_ISCHR(mode) || S_ISBLK(mode) ? "a device" : "a special file";
}

int
file_is_regular(const char *name, mode_t mode, struct err *err)
{
	if (S_ISREG(mode))
		return 0;
	(void)err_set(
	    err, ERR_SYSTEM, "'%s' is %s, not a regular file", name, file_kind_name(mode));
	return err_hint(err, "name a regular file, or '-' for standard input");
}

static int
too_large(const char *name, size_t has, size_t max, struct err *err)
{
	(void)err_set(err, ERR_SYSTEM, "'%s' is too large: at least %zu bytes, the limit is %zu",
	    name, has, max);
	return err_hint(err, "check the file name, or split the file");
}

/* Reads to the end of `fd`; `room` bytes at first, so that a file of the expected size takes one
 * piece of memory. */
static int
read_all(struct arena *a, int fd, const char *name, size_t room, size_t max, struct str *out,
    struct err *err)
{
	char *to = arena_alloc(a, room + 1), *bigger;
	size_t len = 0;

	for (;;) {
		ssize_t n = fd_some(fd, to + len, room - len);

		if (n < 0)
			return err_set(
			    err, ERR_SYSTEM, "cannot read '%s': %s", name, strerror(errno));
		if (n == 0)
			break;
		len += (size_t)n;
		if (len > max)
			return too_large(name, len, max, err);
		if (len < room)
			continue;
		room = room > max / 2 ? max + 1 : room * 2;
		bigger = arena_alloc(a, room + 1);
		memcpy(bigger, to, len);
		to = bigger;
	}
	to[len] = '\0';
	*out = (struct str){ to, len };
	return 0;
}

int
fd_read(struct arena *a, int fd, const char *name, size_t max, struct str *out, struct err *err)
{
	if (max > SIZE_MAX - 2)
		max = SIZE_MAX - 2;
	return read_all(a, fd, name, max < FIRST_ROOM ? max + 1 : FIRST_ROOM, max, out, err);
}

/* Opens without waiting for a FIFO's writer or a terminal's line. */
static int
open_to_read(const char *path, const char *fence, struct err *err)
{
	int fd, cause;

	errno = 0;
	do
		fd = fence_open(path, fence, O_RDONLY | O_NONBLOCK | O_NOCTTY, err);
	while (fd < 0 && errno == EINTR);
	cause = errno;
	if (fd >= 0 || cause == 0)
		return fd;
	if (cause == ENXIO) /* a socket, or a device that is not there */
		return err_set(err, ERR_SYSTEM, "'%s' is not a regular file", path);
	(void)err_set(err, ERR_SYSTEM, "cannot open '%s': %s", path, strerror(cause));
	if (cause == ENOENT)
		return err_hint(
		    err, "check the name; relative paths start at the working directory");
	return -1;
}

static int
open_regular(const char *path, const char *fence, struct stat *st, struct err *err)
{
	int fd = open_to_read(path, fence, err);

	if (fd < 0)
		return -1;
	if (fstat(fd, st) != 0)
		(void)err_set(err, ERR_SYSTEM, "cannot read '%s': %s", path, strerror(errno));
	else if (file_is_regular(path, st->st_mode, err) == 0)
		return fd;
	(void)close(fd);
	return -1;
}

int
file_open_in(const char *path, const char *fence, struct err *err)
{
	struct stat st;

	return open_regular(path, fence, &st, err);
}

int
file_read_in(struct arena *a, const char *path, const char *fence, size_t max, struct str *out,
    struct err *err)
{
	struct stat st;
	int fd = open_regular(path, fence, &st, err), rc = -1;
	size_t size;

	if (fd < 0)
		return -1;
	if (max > SIZE_MAX - 2)
		max = SIZE_MAX - 2;
	size = st.st_size > 0 ? (size_t)st.st_size : 0;
	if (size > max) {
		rc = too_large(path, size, max, err);
		goto out;
	}
	if (size < LEAST_ROOM)
		size = max < LEAST_ROOM ? max : LEAST_ROOM;
	rc = read_all(a, fd, path, size + 1, max, out, err);
out:
	(void)close(fd); /* nothing was written: closing cannot lose anything */
	return rc;
}

int
file_read(struct arena *a, const char *path, size_t max, struct str *out, struct err *err)
{
	return file_read_in(a, path, NULL, max, out, err);
}
