/* for realpath(), which POSIX.1-2008 has in its XSI part, and O_PATH */
#define _GNU_SOURCE

#include "files/fence.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/str.h"
#include "files/beneath.h"
#include "files/descent.h"

/* A path and its fence with all links resolved, to be freed. */
struct resolved {
	char *path, *fence;
};

static void
resolved_free(struct resolved *r)
{
	int cause = errno;

	free(r->path);
	free(r->fence);
	errno = cause;
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

/* -1 with *err and errno 0 outside of the fence, with errno alone where nothing is there. */
static int
resolve(const char *path, const char *fence, struct resolved *out, struct err *err)
{
	*out = (struct resolved){ .fence = realpath(fence, NULL) };
	if (!out->fence) {
		(void)err_set(err, ERR_SYSTEM, "cannot resolve '%s': %s", fence, strerror(errno));
		errno = 0;
		return -1;
	}
	out->path = realpath(path, NULL);
	if (!out->path) {
		resolved_free(out);
		return -1;
	}
	if (lies_in(out->path, out->fence))
		return 0;
	(void)err_set(err, ERR_SYSTEM, "'%s' leads to '%s', outside the workspace '%s'", path,
	    out->path, out->fence);
	(void)err_hint(
	    err, "use a path inside the workspace; in CI other files are not read or written");
	resolved_free(out);
	errno = 0;
	return -1;
}

int
path_fenced(const char *path, const char *fence, struct err *err)
{
	struct resolved r;

	if (!fence)
		return 0;
	if (resolve(path, fence, &r, err) < 0)
		return errno ? err_set(
		           err, ERR_SYSTEM, "cannot resolve '%s': %s", path, strerror(errno))
		             : -1;
	resolved_free(&r);
	return 0;
}

static struct str
without_slashes(const char *path)
{
	struct str text = str_of(path);

	while (text.len > 1 && text.ptr[text.len - 1] == '/')
		text = str_head(text, text.len - 1);
	return text;
}

/* Where an entry of that name lies or will lie, without slashes at its end. */
static const char *
parent_of(struct arena *a, const char *path)
{
	struct str text = without_slashes(path);
	size_t slash = str_rfind(text, '/');

	if (slash == text.len)
		return ".";
	return arena_cstr(a, str_head(text, slash > 0 ? slash : 1));
}

const char *
path_real(struct arena *a, const char *path)
{
	struct str name = path_name(without_slashes(path));
	char *real = realpath(path, NULL);
	const char *copy = path;

	if (real)
		copy = arena_cstr(a, str_of(real));
	else if ((real = realpath(parent_of(a, path), NULL)) != NULL)
		copy = arena_fmt(a, "%s/%.*s", real, STR_FMT(name)).ptr;
	free(real);
	return copy;
}

int
path_fenced_new(struct arena *a, const char *path, const char *fence, struct err *err)
{
	bool is_there = access(path, F_OK) == 0; /* then a link may lead elsewhere */

	return path_fenced(is_there ? path : parent_of(a, path), fence, err);
}

/* Opens what was resolved: it holds no links, unless something was swapped since. */
static int
open_resolved(const struct resolved *r, const char *path, int flags, struct err *err)
{
	const char *below = r->path + (strcmp(r->fence, "/") == 0 ? 0 : strlen(r->fence));
	int dir = open(r->fence, O_PATH | O_DIRECTORY | O_CLOEXEC), fd, cause;

	if (dir < 0)
		return -1;
	below += strspn(below, "/");
	fd = beneath_open(dir, *below ? below : ".", flags, 0);
	cause = errno;
	(void)close(dir);
	errno = cause;
	if (fd >= 0 || (cause != ELOOP && cause != EXDEV && cause != ENOENT && cause != ENOTDIR))
		return fd;
	(void)err_set(err, ERR_SYSTEM, "'%s' was replaced while it was opened", path);
	(void)err_hint(err, "run this again when nothing else changes it");
	errno = 0;
	return -1;
}

int
fence_open(const char *path, const char *fence, int flags, struct err *err)
{
	struct resolved r;
	int fd;

	if (!fence)
		return open(path, flags | O_CLOEXEC);
	if (resolve(path, fence, &r, err) < 0)
		return -1;
	fd = open_resolved(&r, path, flags, err);
	resolved_free(&r);
	return fd;
}

/* What a symbolic link at `path` leads to, else `path`. */
static const char *
follow_link(struct arena *a, const char *path)
{
	char target[1], *real;
	const char *copy;

	if (readlink(path, target, sizeof(target)) < 0)
		return path;
	real = realpath(path, NULL);
	copy = real ? arena_cstr(a, str_of(real)) : path; /* a dangling one is replaced itself */
	free(real);
	return copy;
}

int
spot_open(struct arena *a, const char *path, const char *fence, struct spot *out, struct err *err)
{
	const char *entry = follow_link(a, path);
	struct str name = path_name(without_slashes(entry));

	if (name.len == 0 || str_is(name, ".") || str_is(name, "..")) {
		(void)err_set(err, ERR_SYSTEM, "'%s' is a directory", path);
		errno = 0;
		return -1;
	}
	out->name = arena_cstr(a, name);
	out->dir = fence_open(parent_of(a, entry), fence, O_RDONLY | O_DIRECTORY, err);
	if (out->dir < 0 && errno == EACCES) /* it can be searched and written, but not read */
		out->dir = fence_open(parent_of(a, entry), fence, O_PATH | O_DIRECTORY, err);
	return out->dir < 0 ? -1 : 0;
}

void
spot_close(struct spot *s)
{
	if (s->dir >= 0)
		(void)close(s->dir);
	s->dir = -1;
}
