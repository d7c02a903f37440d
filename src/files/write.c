/* for realpath(), which POSIX.1-2008 has in its XSI part */
#define _XOPEN_SOURCE 700

#include "files/write.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "files/attributes.h"
#include "files/read.h"
#include "files/stale.h"

/* One replacement under way. */
struct writing {
	const char *name;   /* as the user knows it */
	const char *path;   /* with all links resolved */
	const char *beside; /* the new file, until it is renamed */
	struct err *err;
};

static int
cannot(const struct writing *w, const char *what, const char *hint)
{
	(void)err_set(w->err, ERR_SYSTEM, "cannot %s '%s': %s", what, w->name, strerror(errno));
	return err_hint(w->err, "%s; the file is unchanged", hint);
}

/* The directory that holds `path`, with its '/', and what is behind it. */
static size_t
dir_len(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? (size_t)(slash - path) + 1 : 0;
}

static int
open_beside(struct arena *a, struct writing *w)
{
	size_t dir = dir_len(w->path);
	/* without the old name, which may be as long as a name can be */
	char *name = arena_cstr(a, arena_fmt(a, "%.*s" STALE_NAME "XXXXXX", (int)dir, w->path));
	int fd = mkstemp(name);

	if (fd < 0)
		return cannot(w, "write beside", "make its directory writable");
	w->beside = name;
	/* says that somebody is at work on it (files/stale.h); some file systems have no such lock */
	(void)flock(fd, LOCK_EX | LOCK_NB);
	return fd;
}

static int
write_all(const struct writing *w, int fd, struct str text)
{
	while (text.len > 0) {
		ssize_t n = write(fd, text.ptr, text.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return cannot(w, "write the new", "free some disk space");
		text = str_tail(text, (size_t)n);
	}
	return 0;
}

static int
take_attributes(const struct writing *w, int fd)
{
	int old = open(w->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), rc;

	if (old < 0)
		return cannot(w, "read", "make it readable");
	rc = attributes_copy(old, fd);
	if (rc < 0)
		rc = cannot(w, "keep the extended attributes of",
		    "run the command as a user who may set them");
	(void)close(old); /* only read from */
	return rc;
}

/* The owner first: changing it may take bits off the mode. Then the access control list, whose mask the mode
 * has; until the mode is set nobody else may open the file. */
static int
take_over(const struct writing *w, int fd, const struct stat *old)
{
	struct stat now;

	if (fstat(fd, &now) < 0
	    || ((now.st_uid != old->st_uid || now.st_gid != old->st_gid)
	        && fchown(fd, old->st_uid, old->st_gid) < 0))
		return cannot(w, "keep the owner of", "run the command as the owner of the file");
	if (take_attributes(w, fd) < 0)
		return -1;
	if (fchmod(fd, old->st_mode & 07777) < 0)
		return cannot(w, "keep the mode of", "run the command as the owner of the file");
	return 0;
}

static int
check_unchanged(struct arena *a, const struct writing *w, struct str before)
{
	struct str now;

	if (file_read(a, w->path, before.len + 1, &now, w->err) == 0 && str_eq(now, before))
		return 0;
	(void)err_set(w->err, ERR_SYSTEM, "'%s' changed while it was being edited", w->name);
	return err_hint(w->err, "run the command again when no other program writes the file");
}

/* A rename is kept only when the directory is. */
static int
sync_directory(struct arena *a, const struct writing *w)
{
	size_t len = dir_len(w->path);
	const char *dir = len ? arena_cstr(a, (struct str){ w->path, len }) : ".";
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), rc;

	if (fd < 0)
		return 0; /* it can be searched and written, but not read */
	rc = fsync(fd);
	(void)close(fd);
	/* some file systems have no such thing */
	return rc < 0 && errno != EINVAL ? cannot(w, "sync the directory of", "check the disk") : 0;
}

static int
replace(
    struct arena *a, struct writing *w, const struct stat *old, struct str before, struct str text)
{
	int fd = open_beside(a, w), rc;

	if (fd < 0)
		return -1;
	rc = write_all(w, fd, text);
	if (rc == 0)
		rc = take_over(w, fd, old);
	if (rc == 0 && fsync(fd) < 0)
		rc = cannot(w, "write the new", "check the disk");
	if (close(fd) < 0 && rc == 0)
		rc = cannot(w, "write the new", "check the disk");
	if (rc == 0)
		rc = check_unchanged(a, w, before);
	if (rc == 0 && rename(w->beside, w->path) < 0)
		rc = cannot(w, "replace", "make its directory writable");
	if (rc < 0) {
		(void)unlink(w->beside);
		return -1;
	}
	return sync_directory(a, w);
}

static const char *
resolve(struct arena *a, const char *path)
{
	char *real = realpath(path, NULL);
	const char *copy = real ? arena_cstr(a, str_of(real)) : NULL;

	free(real);
	return copy;
}

int
file_replace(struct arena *a, const char *path, struct str before, struct str text, struct err *err)
{
	struct writing w = { .name = path, .path = resolve(a, path), .err = err };
	struct stat old;

	if (!w.path || stat(w.path, &old) < 0)
		return cannot(&w, "find", "check the name");
	if (file_is_regular(path, old.st_mode, err) < 0)
		return -1;
	if (old.st_nlink > 1) {
		(void)err_set(err, ERR_SYSTEM,
		    "'%s' has %ju hard links, which an edit would separate", path,
		    (uintmax_t)old.st_nlink);
		return err_hint(
		    err, "replace the hard link by a copy: cp FILE COPY && mv COPY FILE");
	}
	return replace(a, &w, &old, before, text);
}

/* What a new file's mode would be; there is no way to ask without setting it. */
static mode_t
mode_of_new(void)
{
	mode_t mask = umask(0);

	(void)umask(mask);
	return 0666 & ~mask;
}

static int
put(struct writing *w, int fd, const struct stat *old, struct str text)
{
	int rc = write_all(w, fd, text);

	if (rc == 0 && old)
		rc = take_over(w, fd, old);
	else if (rc == 0 && fchmod(fd, mode_of_new()) < 0)
		rc = cannot(w, "write", "check the disk");
	if (rc == 0 && fsync(fd) < 0)
		rc = cannot(w, "write", "check the disk");
	if (close(fd) < 0 && rc == 0)
		rc = cannot(w, "write", "check the disk");
	if (rc == 0 && rename(w->beside, w->path) < 0)
		rc = cannot(w, "write", "make its directory writable");
	if (rc < 0)
		(void)unlink(w->beside);
	return rc;
}

int
file_put(struct arena *a, const char *path, struct str text, struct err *err)
{
	struct writing w = { .name = path, .path = path, .err = err };
	struct stat old;
	bool is_there = stat(path, &old) == 0;
	size_t dir;
	int fd;

	/* a device or a directory is not renamed over; a link is followed, as writing would */
	if (is_there) {
		if (file_is_regular(path, old.st_mode, err) < 0)
			return -1;
		w.path = resolve(a, path);
		if (!w.path)
			return cannot(&w, "find", "check the name");
	}
	dir = dir_len(w.path);
	stale_remove(dir ? arena_cstr(a, (struct str){ w.path, dir }) : ".");
	fd = open_beside(a, &w);
	if (fd < 0) {
		(void)err_set(err, ERR_SYSTEM, "cannot write '%s': %s", path, strerror(errno));
		return err_hint(err, "use a file in an existing, writable directory");
	}
	return put(&w, fd, is_there ? &old : NULL, text) < 0 ? -1 : sync_directory(a, &w);
}

int
file_create(const char *path, struct str text, struct err *err)
{
	struct writing w = { .name = path, .path = path, .err = err };
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600), rc;

	if (fd < 0) {
		(void)err_set(err, ERR_SYSTEM, "cannot create '%s': %s", path, strerror(errno));
		return err_hint(err, errno == EEXIST
		                         ? "name a new file, or move the old one away"
		                         : "name a file in a directory that can be written");
	}
	rc = write_all(&w, fd, text);
	if (rc == 0 && fsync(fd) < 0)
		rc = cannot(&w, "write", "check the disk");
	if (close(fd) < 0 && rc == 0)
		rc = cannot(&w, "write", "check the disk");
	if (rc < 0)
		(void)unlink(path);
	return rc;
}
