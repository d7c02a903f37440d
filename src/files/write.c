/* for O_TMPFILE */
#define _GNU_SOURCE

#include "files/write.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "files/attributes.h"
#include "files/beneath.h"
#include "files/fence.h"
#include "files/read.h"
#include "files/stale.h"

/* One replacement under way. */
struct writing {
	const char *path; /* as the user knows it */
	struct spot at;   /* where it goes, links followed */
	struct err *err;
	int fd;                         /* the new file */
	char stage[BENEATH_STAGE_ROOM]; /* its name until it is renamed; empty: it has none */
};

static int
cannot(const struct writing *w, const char *what, const char *hint)
{
	(void)err_set(w->err, ERR_SYSTEM, "cannot %s '%s': %s", what, w->path, strerror(errno));
	return err_hint(w->err, "%s; the file is unchanged", hint);
}

static int
open_named(struct writing *w)
{
	do {
		beneath_stage_name(w->stage);
		w->fd = openat(
		    w->at.dir, w->stage, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	} while (w->fd < 0 && errno == EEXIST);
	if (w->fd < 0) {
		w->stage[0] = '\0';
		return -1;
	}
	/* says that somebody is at work on it (files/stale.h); some file systems have no such lock */
	(void)flock(w->fd, LOCK_EX | LOCK_NB);
	return 0;
}

/* A file without a name goes with the process that is killed. It gets one through /proc. */
static int
open_beside(struct writing *w)
{
	w->stage[0] = '\0';
	w->fd = -1;
	if (access("/proc/self/fd", X_OK) == 0)
		w->fd = openat(w->at.dir, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	return w->fd >= 0 ? 0 : open_named(w);
}

static int
write_all(const struct writing *w, struct str text)
{
	while (text.len > 0) {
		ssize_t n = write(w->fd, text.ptr, text.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return cannot(w, "write the new", "free some disk space");
		text = str_tail(text, (size_t)n);
	}
	if (fsync(w->fd) < 0)
		return cannot(w, "write the new", "check the disk");
	return 0;
}

static int
open_old(const struct writing *w)
{
	int old = openat(
	    w->at.dir, w->at.name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW);

	return old < 0 ? cannot(w, "read", "make it readable") : old;
}

static int
take_attributes(const struct writing *w)
{
	int old = open_old(w), rc;

	if (old < 0)
		return -1;
	rc = attributes_copy(old, w->fd);
	if (rc < 0)
		rc = cannot(w, "keep the extended attributes of",
		    "run the command as a user who may set them");
	(void)close(old); /* only read from */
	return rc;
}

/* The owner first: changing it may take bits off the mode. Then the access control list, whose mask the mode
 * has; until the mode is set nobody else may open the file. */
static int
take_over(const struct writing *w, const struct stat *old)
{
	struct stat now;

	if (fstat(w->fd, &now) < 0
	    || ((now.st_uid != old->st_uid || now.st_gid != old->st_gid)
	        && fchown(w->fd, old->st_uid, old->st_gid) < 0))
		return cannot(w, "keep the owner of", "run the command as the owner of the file");
	if (take_attributes(w) < 0)
		return -1;
	if (fchmod(w->fd, old->st_mode & 07777) < 0)
		return cannot(w, "keep the mode of", "run the command as the owner of the file");
	return 0;
}

static int
check_unchanged(struct arena *a, const struct writing *w, struct str before)
{
	int fd = open_old(w), rc;
	struct str now;

	if (fd < 0)
		return -1;
	rc = fd_read(a, fd, w->path, before.len + 1, &now, w->err);
	(void)close(fd); /* only read from */
	if (rc == 0 && str_eq(now, before))
		return 0;
	(void)err_set(w->err, ERR_SYSTEM, "'%s' changed while it was being edited", w->path);
	return err_hint(w->err, "run the command again when no other program writes the file");
}

/* A rename is kept only when the directory is. */
static int
sync_directory(const struct writing *w)
{
	int rc = fsync(w->at.dir);

	/* some file systems have no such thing, and one that cannot be read cannot be synced */
	return rc < 0 && errno != EINVAL && errno != EBADF
	           ? cannot(w, "sync the directory of", "check the disk")
	           : 0;
}

/* Gives an unnamed file a name of ours: only rename() replaces. */
static int
name_it(struct writing *w)
{
	char link[32];
	int rc;

	if (w->stage[0])
		return 0;
	(void)snprintf(link, sizeof(link), "/proc/self/fd/%d", w->fd);
	do {
		beneath_stage_name(w->stage);
		rc = linkat(AT_FDCWD, link, w->at.dir, w->stage, AT_SYMLINK_FOLLOW);
	} while (rc < 0 && errno == EEXIST);
	if (rc < 0)
		w->stage[0] = '\0';
	return rc;
}

/* Ends the writing: the new file takes its place, or goes. */
static int
commit(struct writing *w, int rc)
{
	if (rc == 0 && name_it(w) < 0)
		rc = cannot(w, "write beside", "make its directory writable");
	if (close(w->fd) < 0 && rc == 0)
		rc = cannot(w, "write the new", "check the disk");
	if (rc == 0 && renameat(w->at.dir, w->stage, w->at.dir, w->at.name) < 0)
		rc = cannot(w, "replace", "make its directory writable");
	if (rc == 0)
		return sync_directory(w);
	if (w->stage[0])
		(void)unlinkat(w->at.dir, w->stage, 0);
	return -1;
}

static int
replace(
    struct arena *a, struct writing *w, const struct stat *old, struct str before, struct str text)
{
	int rc;

	if (open_beside(w) < 0)
		return cannot(w, "write beside", "make its directory writable");
	rc = write_all(w, text);
	if (rc == 0)
		rc = take_over(w, old);
	if (rc == 0)
		rc = check_unchanged(a, w, before);
	return commit(w, rc);
}

static int
check_old(const struct writing *w, const struct stat *old)
{
	if (file_is_regular(w->path, old->st_mode, w->err) < 0)
		return -1;
	if (old->st_nlink == 1)
		return 0;
	(void)err_set(w->err, ERR_SYSTEM, "'%s' has %ju hard links, which an edit would separate",
	    w->path, (uintmax_t)old->st_nlink);
	return err_hint(w->err, "replace the hard link by a copy: cp FILE COPY && mv COPY FILE");
}

int
file_replace(struct arena *a, const char *path, const char *fence, struct str before,
    struct str text, struct err *err)
{
	struct writing w = { .path = path, .err = err };
	struct stat old;
	int rc;

	if (spot_open(a, path, fence, &w.at, err) < 0)
		return errno ? cannot(&w, "find", "check the name") : -1;
	if (fstatat(w.at.dir, w.at.name, &old, AT_SYMLINK_NOFOLLOW) < 0)
		rc = cannot(&w, "find", "check the name");
	else
		rc = check_old(&w, &old);
	if (rc == 0)
		rc = replace(a, &w, &old, before, text);
	spot_close(&w.at);
	return rc;
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
no_place(const char *path, struct err *err)
{
	(void)err_set(err, ERR_SYSTEM, "cannot write '%s': %s", path, strerror(errno));
	return err_hint(err, "use a file in an existing, writable directory");
}

/* A device or a directory is not renamed over. */
static int
put(struct writing *w, struct str text)
{
	struct stat old;
	bool is_there =
	    fstatat(w->at.dir, w->at.name, &old, AT_SYMLINK_NOFOLLOW) == 0 && !S_ISLNK(old.st_mode);
	int rc;

	if (is_there && file_is_regular(w->path, old.st_mode, w->err) < 0)
		return -1;
	stale_remove(w->at.dir);
	if (open_beside(w) < 0)
		return no_place(w->path, w->err);
	rc = write_all(w, text);
	if (rc == 0 && is_there)
		rc = take_over(w, &old);
	else if (rc == 0 && fchmod(w->fd, mode_of_new()) < 0)
		rc = cannot(w, "write", "check the disk");
	return commit(w, rc);
}

int
file_put(struct arena *a, const char *path, const char *fence, struct str text, struct err *err)
{
	struct writing w = { .path = path, .err = err };
	int rc;

	if (spot_open(a, path, fence, &w.at, err) < 0)
		return errno ? no_place(path, err) : -1;
	rc = put(&w, text);
	spot_close(&w.at);
	return rc;
}

static int
cannot_create(const char *path, struct err *err)
{
	(void)err_set(err, ERR_SYSTEM, "cannot create '%s': %s", path, strerror(errno));
	return err_hint(err, errno == EEXIST ? "name a new file, or move the old one away"
	                                     : "name a file in a directory that can be written");
}

int
file_create(struct arena *a, const char *path, const char *fence, struct str text, struct err *err)
{
	struct writing w = { .path = path, .err = err };
	int rc;

	if (spot_open(a, path, fence, &w.at, err) < 0)
		return errno ? cannot_create(path, err) : -1;
	w.fd =
	    openat(w.at.dir, w.at.name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	rc = w.fd < 0 ? cannot_create(path, err) : write_all(&w, text);
	if (w.fd >= 0) {
		if (close(w.fd) < 0 && rc == 0)
			rc = cannot(&w, "write", "check the disk");
		if (rc < 0)
			(void)unlinkat(w.at.dir, w.at.name, 0);
	}
	spot_close(&w.at);
	return rc;
}
