#include "data/unpack.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/limits.h"

enum { PATH_ROOM = 8192 };

struct unpack {
	struct arena *arena;
	const char *dest;
	char *stage; /* the directory of ours */
	int stage_fd;
	bool is_new;    /* dest is not there yet: the stage becomes it */
	bool is_staged; /* the stage is there */
	int fd;         /* of the file that is written; -1: none */
	size_t moved;
	char path[PATH_ROOM]; /* of the present entry, NUL-ended */
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

static char *
stage_name(struct arena *a, const char *dest, bool inside)
{
	struct str text = str_of(dest);
	size_t slash;

	while (text.len > 1 && text.ptr[text.len - 1] == '/')
		text = str_head(text, text.len - 1);
	if (inside)
		return arena_cstr(a, arena_fmt(a, "%.*s/.pachup-XXXXXX", STR_FMT(text)));
	slash = str_rfind(text, '/');
	if (slash == text.len)
		return arena_cstr(a, STR(".pachup-XXXXXX"));
	return arena_cstr(a, arena_fmt(a, "%.*s/.pachup-XXXXXX", STR_FMT(str_head(text, slash))));
}

struct unpack *
unpack_open(struct arena *a, const char *dest, struct err *err)
{
	struct unpack *u = ARENA_NEW(a, struct unpack);
	struct stat st;

	*u = (struct unpack){ .arena = a, .dest = dest, .stage_fd = -1, .fd = -1 };
	if (stat(dest, &st) == 0 && !S_ISDIR(st.st_mode)) {
		(void)err_set(err, ERR_SYSTEM, "'%s' is no directory", dest);
		(void)err_hint(err, "name a directory, or one that is not there yet");
		return NULL;
	}
	u->is_new = stat(dest, &st) < 0;
	u->stage = stage_name(a, dest, !u->is_new);
	if (!mkdtemp(u->stage)) {
		(void)cannot(u, "write to", dest, err);
		return NULL;
	}
	u->is_staged = true;
	u->stage_fd = open(u->stage, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (u->stage_fd < 0) {
		(void)cannot(u, "open", u->stage, err);
		unpack_close(u);
		return NULL;
	}
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

/* Neither absolute, nor with parts that lead elsewhere; the copy ends with a NUL. */
static int
take_path(struct unpack *u, struct str path, struct err *err)
{
	struct str rest = path, part;

	if (path.len == 0 || path.len >= sizeof(u->path) || str_find(path, '\0') < path.len)
		return outside(path, err);
	while (str_split(&rest, '/', &part))
		if (part.len == 0 || str_is(part, ".") || str_is(part, ".."))
			return outside(path, err);
	memcpy(u->path, path.ptr, path.len);
	u->path[path.len] = '\0';
	return 0;
}

/* Makes the directories of the path, below the stage, which holds no links: only we write there. */
static int
make_parents(struct unpack *u, struct err *err)
{
	for (char *slash = strchr(u->path, '/'); slash; slash = strchr(slash + 1, '/')) {
		int rc;

		*slash = '\0';
		rc = mkdirat(u->stage_fd, u->path, 0777);
		*slash = '/';
		if (rc < 0 && errno != EEXIST)
			return cannot(u, "make the directory of", u->path, err);
	}
	return 0;
}

int
unpack_begin(struct unpack *u, struct str path, bool is_dir, struct err *err)
{
	if (take_path(u, path, err) < 0 || make_parents(u, err) < 0)
		return -1;
	if (is_dir) {
		if (mkdirat(u->stage_fd, u->path, 0777) < 0 && errno != EEXIST)
			return cannot(u, "make the directory", u->path, err);
		return 0;
	}
	u->fd = openat(
	    u->stage_fd, u->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
	return u->fd < 0 ? cannot(u, "write", u->path, err) : 0;
}

int
unpack_bytes(struct unpack *u, struct str bytes, struct err *err)
{
	while (bytes.len > 0) {
		ssize_t n = write(u->fd, bytes.ptr, bytes.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return cannot(u, "write", u->path, err);
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
		return cannot(u, "write", u->path, err);
	return 0;
}

/* Calls `visit` for each name in the directory; closes `fd`. */
static int
each_name(int fd, int (*visit)(void *ctx, int dir, const char *name, bool is_dir), void *ctx)
{
	DIR *dir = fdopendir(fd);
	struct dirent *entry;
	int rc = 0;

	if (!dir) {
		(void)close(fd);
		return -1;
	}
	while (rc == 0 && (entry = readdir(dir)) != NULL) {
		struct stat st;

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		rc = fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW);
		if (rc == 0)
			rc = visit(ctx, dirfd(dir), entry->d_name, S_ISDIR(st.st_mode));
	}
	(void)closedir(dir);
	return rc;
}

static int
open_dir(int parent, const char *name)
{
	return openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
}

static int
remove_entry(void *ctx, int dir, const char *name, bool is_dir)
{
	if (is_dir) {
		int fd = open_dir(dir, name);

		if (fd >= 0)
			(void)each_name(fd, remove_entry, ctx);
	}
	(void)unlinkat(dir, name, is_dir ? AT_REMOVEDIR : 0);
	return 0;
}

/* One directory of the stage and the one that it goes into. */
struct moving {
	struct unpack *u;
	int to;
	struct err *err;
	const char *dir; /* for messages */
	unsigned depth;
};

static int move_entry(void *ctx, int from, const char *name, bool is_dir);

static int
in_the_way(struct moving *m, const char *name)
{
	(void)err_set(m->err, ERR_SYSTEM, "'%s/%s' is in the way: %s", m->dir, name,
	    errno ? strerror(errno) : "it is not a regular file");
	return err_hint(m->err, "%s take it away, or name another destination",
	    m->u->moved ? "some files have been replaced;" : "nothing was replaced;");
}

static int
move_directory(struct moving *m, int from, const char *name)
{
	struct moving inner = { m->u, -1, m->err, arena_fmt(m->u->arena, "%s/%s", m->dir, name).ptr,
		m->depth + 1 };
	int source, rc;

	if (mkdirat(m->to, name, 0777) < 0 && errno != EEXIST)
		return in_the_way(m, name);
	inner.to = open_dir(m->to, name); /* a symbolic link is refused */
	if (inner.to < 0)
		return in_the_way(m, name);
	source = open_dir(from, name);
	rc = source < 0 ? in_the_way(m, name) : each_name(source, move_entry, &inner);
	(void)close(inner.to);
	return rc;
}

static int
move_entry(void *ctx, int from, const char *name, bool is_dir)
{
	struct moving *m = ctx;
	struct stat st;

	if (is_dir)
		return move_directory(m, from, name);
	/* a rename would take the place of a device, too */
	if (fstatat(m->to, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && !S_ISREG(st.st_mode)
	    && !S_ISLNK(st.st_mode)) {
		errno = S_ISDIR(st.st_mode) ? EISDIR : 0;
		return in_the_way(m, name);
	}
	if (renameat(from, name, m->to, name) < 0)
		return in_the_way(m, name);
	m->u->moved++;
	return 0;
}

/* The mode of a directory that users make; mkdtemp() makes one for nobody else. */
static int
open_up(struct unpack *u)
{
	mode_t mask = umask(0);

	(void)umask(mask);
	return fchmod(u->stage_fd, 0777 & ~mask);
}

int
unpack_finish(struct unpack *u, struct err *err)
{
	struct moving m = { .u = u, .err = err, .dir = u->dest };
	int from, rc;

	if (u->is_new) {
		if (open_up(u) < 0 || rename(u->stage, u->dest) < 0)
			return cannot(u, "write", u->dest, err);
		u->is_staged = false;
		return 0;
	}
	m.to = open(u->dest, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (m.to < 0)
		return cannot(u, "open", u->dest, err);
	from = openat(u->stage_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	err->kind = ERR_NONE;
	rc = from < 0 ? -1 : each_name(from, move_entry, &m);
	(void)close(m.to);
	if (rc < 0 && err->kind == ERR_NONE)
		return cannot(u, "move files into", u->dest, err);
	return rc;
}

void
unpack_close(struct unpack *u)
{
	if (!u)
		return;
	if (u->fd >= 0)
		(void)close(u->fd);
	if (u->is_staged && u->stage_fd >= 0) {
		int fd = openat(u->stage_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

		if (fd >= 0)
			(void)each_name(fd, remove_entry, NULL);
	}
	if (u->stage_fd >= 0)
		(void)close(u->stage_fd);
	if (u->is_staged)
		(void)rmdir(u->stage);
}
