#include "data/unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/limits.h"
#include "data/settle.h"
#include "files/beneath.h"
#include "files/dotgit.h"
#include "files/fence.h"
#include "process/stop_wait.h"

enum { PATH_ROOM = 8192, MAX_CLEANING_MS = 700 };

struct unpack {
	struct arena *arena;
	const char *dest, *fence;
	int dest_fd;    /* the destination; -1: it is not there yet */
	struct spot at; /* where it will be then */
	char stage[BENEATH_STAGE_ROOM];
	int stage_fd; /* the directory of ours, in dest_fd or at.dir */
	int fd;       /* of the file that is written; -1: none */
	struct settling all;
	int64_t given_up_ms; /* when cleaning ends after a signal; 0: there was none */
};

static int
cannot(const struct unpack *u, const char *what, const char *name, struct err *err)
{
	int code = errno;

	(void)err_set(err, ERR_SYSTEM, "cannot %s '%s': %s", what, name, strerror(code));
	if (code == ENOSPC || code == EDQUOT)
		return err_hint(err, "make room on the disk; '%s' is as it was", u->dest);
	return err_hint(
	    err, "check the destination '%s', and that this user may write there", u->dest);
}

static int
in_git(struct str path, struct err *err)
{
	(void)err_set(err, ERR_REFUSED, "cannot write '%.*s': it leads into a git directory",
	    STR_FMT(str_head(path, 200)));
	return err_hint(err, "nothing was written, for git runs commands that such files name; "
	                     "get another path, or name another destination");
}

/* The destination itself, with its links resolved. */
static int
check_dest(const struct unpack *u, struct err *err)
{
	const char *real = path_real(u->arena, u->dest);

	return path_enters_git(str_of(real)) || path_enters_git(str_of(u->dest))
	           ? in_git(str_of(u->dest), err)
	           : 0;
}

/* Opens the destination, or where it will be. */
static int
open_dest(struct unpack *u, struct err *err)
{
	struct stat st;

	u->dest_fd = fence_open(u->dest, u->fence, O_RDONLY | O_DIRECTORY, err);
	if (u->dest_fd >= 0)
		return 0;
	if (errno == ENOTDIR) {
		(void)err_set(err, ERR_SYSTEM, "'%s' is not a directory", u->dest);
		return err_hint(err, "name a directory, or one that is not there yet");
	}
	if (errno != ENOENT)
		return errno ? cannot(u, "write to", u->dest, err) : -1;
	if (spot_open(u->arena, u->dest, u->fence, &u->at, err) < 0)
		return errno ? cannot(u, "write to", u->dest, err) : -1;
	if (fstatat(u->at.dir, u->at.name, &st, AT_SYMLINK_NOFOLLOW) == 0) {
		(void)err_set(
		    err, ERR_SYSTEM, "'%s' is a symbolic link that leads nowhere", u->dest);
		return err_hint(err, "take it away, or name another destination");
	}
	return 0;
}

static int
base_of(const struct unpack *u)
{
	return u->dest_fd >= 0 ? u->dest_fd : u->at.dir;
}

static int
make_stage(struct unpack *u, struct err *err)
{
	int rc;

	do {
		beneath_stage_name(u->stage);
		rc = mkdirat(base_of(u), u->stage, 0700);
	} while (rc < 0 && errno == EEXIST);
	if (rc < 0) {
		u->stage[0] = '\0';
		return cannot(u, "write to", u->dest, err);
	}
	u->stage_fd = beneath_open(base_of(u), u->stage, O_RDONLY | O_DIRECTORY, 0);
	return u->stage_fd < 0 ? cannot(u, "open", u->stage, err) : 0;
}

struct unpack *
unpack_open(struct arena *a, const char *dest, const char *fence, int stop_fd, struct err *err)
{
	struct unpack *u = ARENA_NEW(a, struct unpack);

	*u = (struct unpack){ .arena = a,
		.dest = dest,
		.fence = fence,
		.dest_fd = -1,
		.at.dir = -1,
		.stage_fd = -1,
		.fd = -1,
		.all = { .arena = a, .dest = dest, .stop_fd = stop_fd } };
	if (check_dest(u, err) < 0 || open_dest(u, err) < 0 || make_stage(u, err) < 0) {
		(void)unpack_close(u); /* still empty */
		return NULL;
	}
	u->all.stage = u->stage_fd;
	return u;
}

static int
outside(struct str path, struct err *err)
{
	(void)err_set(err, ERR_REFUSED,
	    "the server names a file '%.*s', which would not lie below "
	    "the destination",
	    STR_FMT(str_head(path, 200)));
	return err_hint(err, "nothing was written; find out who has put such a file there");
}

/* Refuses absolute paths, and paths with parts that lead elsewhere. */
static int
check_path(struct str path, struct err *err)
{
	struct str rest = path, part;

	if (path.len == 0 || path.len >= PATH_ROOM || str_find(path, '\0') < path.len)
		return outside(path, err);
	while (str_split(&rest, '/', &part))
		if (part.len == 0 || str_is(part, ".") || str_is(part, ".."))
			return outside(path, err);
	return path_enters_git(path) ? in_git(path, err) : 0;
}

int
unpack_begin(struct unpack *u, struct str path, bool is_dir, struct err *err)
{
	char number[SETTLE_NAME];
	size_t i;

	if (check_path(path, err) < 0 || settle_add(&u->all, path, is_dir, &i, err) < 0)
		return -1;
	if (is_dir)
		return 0;
	settle_name(i, number);
	u->fd =
	    openat(u->stage_fd, number, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
	return u->fd < 0 ? cannot(u, "write", u->all.list[i].path.ptr, err) : 0;
}

static const char *
current(const struct unpack *u)
{
	return u->all.count ? u->all.list[u->all.count - 1].path.ptr : u->dest;
}

int
unpack_bytes(struct unpack *u, struct str bytes, struct err *err)
{
	while (bytes.len > 0) {
		ssize_t n = write(u->fd, bytes.ptr, bytes.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return cannot(u, "write", current(u), err);
		bytes = str_tail(bytes, (size_t)n);
	}
	return 0;
}

int
unpack_end(struct unpack *u, struct err *err)
{
	int fd = u->fd;

	u->fd = -1;
	if (fd >= 0 && close(fd) < 0)
		return cannot(u, "write", current(u), err);
	return 0;
}

/* The whole tree is made in the stage, and takes its place at once. */
static int
finish_new(struct unpack *u, struct err *err)
{
	static const char tree[] = "tree";
	int root, rc;

	if (mkdirat(u->stage_fd, tree, 0777) < 0)
		return cannot(u, "write", u->dest, err);
	root = beneath_open(u->stage_fd, tree, O_RDONLY | O_DIRECTORY, 0);
	if (root < 0)
		return cannot(u, "write", u->dest, err);
	rc = settle_into(&u->all, root, true, err);
	(void)close(root);
	if (rc == 0 && beneath_rename_new(u->stage_fd, tree, u->at.dir, u->at.name) < 0)
		rc = cannot(u, "write", u->dest, err);
	return rc;
}

/* -1: the path leads to another directory by now. */
static int
check_same(const struct unpack *u, struct err *err)
{
	int fd = fence_open(u->dest, u->fence, O_RDONLY | O_DIRECTORY, err);
	struct stat now = { 0 }, then = { 0 };
	bool same = fd >= 0 && fstat(fd, &now) == 0 && fstat(u->dest_fd, &then) == 0
	            && now.st_dev == then.st_dev && now.st_ino == then.st_ino;

	if (fd >= 0)
		(void)close(fd);
	if (same)
		return 0;
	(void)err_set(
	    err, ERR_SYSTEM, "'%s' was replaced while files were written for it", u->dest);
	return err_hint(err, "nothing was replaced; run this again when nothing else changes it");
}

int
unpack_finish(struct unpack *u, struct err *err)
{
	if (settle_sort(&u->all, err) < 0)
		return -1;
	if (u->dest_fd < 0)
		return finish_new(u, err);
	return check_same(u, err) < 0 ? -1 : settle_into(&u->all, u->dest_fd, false, err);
}

const struct str *
unpack_left(const struct unpack *u, size_t *count)
{
	*count = u->all.left.count;
	return u->all.left.list;
}

/* A runner kills a job some seconds after the signal. */
static bool
has_time(void *ctx)
{
	struct unpack *u = ctx;

	if (!stop_is_set(u->all.stop_fd))
		return true;
	if (u->given_up_ms == 0)
		u->given_up_ms = clock_ms() + MAX_CLEANING_MS;
	return clock_ms() < u->given_up_ms;
}

static const char *
path_of_stage(const struct unpack *u)
{
	struct str dest = str_of(u->dest);
	size_t slash;

	if (u->dest_fd >= 0)
		return arena_fmt(u->arena, "%s/%s", u->dest, u->stage).ptr;
	while (str_ends(dest, "/"))
		dest.len--;
	slash = str_rfind(dest, '/');
	return arena_fmt(
	    u->arena, "%.*s%s", STR_FMT(str_head(dest, slash < dest.len ? slash + 1 : 0)), u->stage)
	    .ptr;
}

const char *
unpack_close(struct unpack *u)
{
	const char *left = NULL;

	if (!u)
		return NULL;
	if (u->fd >= 0)
		(void)close(u->fd);
	if (u->stage_fd >= 0) {
		(void)beneath_empty(u->stage_fd, has_time, u);
		(void)close(u->stage_fd);
	}
	if (u->stage[0] && unlinkat(base_of(u), u->stage, AT_REMOVEDIR) < 0)
		left = path_of_stage(u);
	if (u->dest_fd >= 0)
		(void)close(u->dest_fd);
	spot_close(&u->at);
	return left;
}
