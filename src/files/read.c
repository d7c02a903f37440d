/* for realpath(), which POSIX.1-2008 has in its XSI part */
#define _XOPEN_SOURCE 700

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
open_to_read(const char *path, struct err *err)
{
	int fd, cause;

	do
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	while (fd < 0 && errno == EINTR);
	if (fd >= 0)
		return fd;
	cause = errno;
	if (cause == ENXIO) /* a socket, or a device that is not there */
		return err_set(err, ERR_SYSTEM, "'%s' is not a regular file", path);
	(void)err_set(err, ERR_SYSTEM, "cannot open '%s': %s", path, strerror(cause));
	if (cause == ENOENT)
		return err_hint(
		    err, "check the name; relative paths start at the working directory");
	return -1;
}

/* True when `path` is `dir` or lies in it; both are resolved. */
static bool
lies_in(const char *path, const char *dir)
{
	size_t len = strlen(dir);

	if (strcmp(dir, "/") == 0)
		return true;
	return strncmp(path, dir, len) == 0 && (path[len] == '/' || path[len] == '\0');
}

/* `path` with all links resolved, to be freed; NULL when it does not lie in `fence`. */
static char *
resolve_within(const char *path, const char *fence, struct err *err)
{
	char *real_fence = realpath(fence, NULL), *real = real_fence ? realpath(path, NULL) : NULL;

	if (!real) {
		(void)err_set(err, ERR_SYSTEM, "cannot resolve '%s': %s", real_fence ? path : fence,
		    strerror(errno));
	} else if (!lies_in(real, real_fence)) {
		(void)err_set(err, ERR_SYSTEM, "'%s' leads to '%s', outside the workspace '%s'",
		    path, real, real_fence);
		(void)err_hint(err,
		    "use a path inside the workspace; in CI other files are not read or written");
		free(real);
		real = NULL;
	}
	free(real_fence);
	return real;
}

int
path_fenced(const char *path, const char *fence, struct err *err)
{
	char *real = fence ? resolve_within(path, fence, err) : NULL;
	int rc = fence && !real ? -1 : 0;

	free(real);
	return rc;
}

/* Where an entry of that name lies or will lie, without slashes at its end. */
static const char *
parent_of(struct arena *a, const char *path)
{
	struct str text = str_of(path);
	size_t slash;

	while (text.len > 1 && text.ptr[text.len - 1] == '/')
		text = str_head(text, text.len - 1);
	slash = str_rfind(text, '/');
	if (slash == text.len)
		return ".";
	return arena_cstr(a, str_head(text, slash > 0 ? slash : 1));
}

int
path_fenced_new(struct arena *a, const char *path, const char *fence, struct err *err)
{
	bool is_there = access(path, F_OK) == 0; /* then a link may lead elsewhere */

	return path_fenced(is_there ? path : parent_of(a, path), fence, err);
}

/* The same for the file that was opened as `path`: a link may have been turned meanwhile. */
static int
fd_fenced(int fd, const char *path, const char *fence, struct err *err)
{
	char *real = resolve_within(path, fence, err);
	struct stat opened, inside;
	int rc = -1;

	if (!real)
		return -1;
	if (fstat(fd, &opened) == 0 && lstat(real, &inside) == 0 && opened.st_dev == inside.st_dev
	    && opened.st_ino == inside.st_ino)
		rc = 0;
	else
		(void)err_set(err, ERR_SYSTEM, "'%s' was replaced while it was opened", path);
	free(real);
	return rc;
}

static int
open_regular(const char *path, const char *fence, struct stat *st, struct err *err)
{
	int fd = open_to_read(path, err);

	if (fd < 0)
		return -1;
	if (fstat(fd, st) != 0)
		(void)err_set(err, ERR_SYSTEM, "cannot read '%s': %s", path, strerror(errno));
	else if (file_is_regular(path, st->st_mode, err) == 0
	         && (!fence || fd_fenced(fd, path, fence, err) == 0))
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
