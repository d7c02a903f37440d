/* for O_PATH */
#define _GNU_SOURCE

#include "data/local.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/limits.h"
#include "data/place.h"
#include "files/descent.h"
#include "files/fence.h"
#include "files/glob.h"
#include "files/read.h"
#include "files/search.h"

struct finding {
	struct arena *arena;
	const char *fence;
	struct local_files *out;
	struct err *err;
};

static int
cannot(struct finding *f, const char *what, const char *file)
{
	(void)err_set(f->err, ERR_SYSTEM, "cannot %s '%s': %s", what, file, strerror(errno));
	return err_hint(f->err, "check the path, and that this user may read it");
}

static int
add_file(struct finding *f, const struct found *found, struct str path)
{
	const char *why = path_check(path);
	struct local_files *out = f->out;

	if (why) {
		(void)err_set(f->err, ERR_USAGE, "'%s' cannot be put as '%.*s': %s", found->name,
		    STR_FMT(path), why);
		return err_hint(
		    f->err, "rename the file, or name a path for it: REPO@BRANCH:/PATH");
	}
	if (out->count == MAX_DATA_FILES) {
		(void)err_set(f->err, ERR_SYSTEM, "more than %d files", MAX_DATA_FILES);
		return err_hint(f->err, "put them in several steps");
	}
	ARENA_ADD(f->arena, out,
	    (struct local_file){ .file = found->name,
	        .fence = f->fence,
	        .path = path,
	        .size = (uint64_t)found->at.st_size,
	        .dev = found->at.st_dev,
	        .ino = found->at.st_ino,
	        .time = found->at.st_mtim });
	out->bytes += (uint64_t)found->at.st_size;
	return 0;
}

static bool
takes_all(struct str name)
{
	(void)name;
	return true;
}

static int
by_found(const void *left, const void *right)
{
	const struct found *a = left, *b = right;

	return strcmp(a->name, b->name);
}

static struct search
search_in(struct finding *f)
{
	return (struct search){ .a = f->arena,
		.takes = takes_all,
		.fence = f->fence,
		.err = f->err,
		.is_whole = true,
		.max = MAX_DATA_FILES };
}

/* A directory without permission may hold data, which must not be left out in silence. */
static int
take_unusable(struct finding *f, const struct search *s)
{
	for (size_t i = 0; i < s->unusable.count; i++)
		if (s->unusable.list[i].is_denied) {
			errno = EACCES;
			return cannot(f, "read", s->unusable.list[i].name);
		}
	unusable_add_all(&f->out->unusable, f->arena, &s->unusable);
	return 0;
}

static int
add_directory(struct finding *f, const char *dir, struct str path)
{
	struct search s = search_in(f);

	if (search_directory(&s, dir) < 0 || take_unusable(f, &s) < 0)
		return -1;
	for (size_t i = 0; i < s.count; i++)
		if (add_file(
		        f, &s.list[i], path_join(f->arena, path, str_of(s.list[i].name + s.prefix)))
		    < 0)
			return -1;
	return 0;
}

static int
add_glob(struct finding *f, const char *glob, const struct place *to)
{
	struct search s = search_in(f);

	if (search_glob(&s, glob) < 0 || take_unusable(f, &s) < 0)
		return -1;
	if (s.count == 0) {
		(void)err_set(f->err, ERR_SYSTEM, "no file matches '%s'", glob);
		return err_hint(f->err, "check it for a typo, or name a file that is there");
	}
	if (s.count > 1)
		qsort(s.list, s.count, sizeof(*s.list), by_found);
	for (size_t i = 0; i < s.count; i++)
		if (add_file(f, &s.list[i],
		        to->is_dir
		            ? path_join(f->arena, to->path, path_name(str_of(s.list[i].name)))
		            : to->path)
		    < 0)
			return -1;
	return 0;
}

/* Opens `name` within the fence and asks what it is, as it may be replaced by something else at any time. */
static int
look_at(struct finding *f, const char *name, struct stat *st)
{
	int fd = fence_open(name, f->fence, O_PATH, f->err), rc;

	if (fd < 0)
		return errno ? cannot(f, "read", name) : -1;
	rc = fstat(fd, st) < 0 ? cannot(f, "read", name) : 0;
	(void)close(fd);
	return rc;
}

static int
add_named(struct finding *f, const char *name, const struct place *to)
{
	struct str text = str_of(name), base = path_name(text), path = to->path;
	struct found found = { .name = name };
	bool is_inside;

	if (look_at(f, name, &found.at) < 0)
		return -1;
	/* "dir/", "." and "..": what is in the directory, without its name */
	is_inside = (S_ISDIR(found.at.st_mode) && str_ends(text, "/")) || str_is(base, ".")
	            || str_is(base, "..");
	if (to->is_dir && !is_inside)
		path = path_join(f->arena, to->path, base);
	if (S_ISDIR(found.at.st_mode))
		return add_directory(f, name, path);
	if (file_is_regular(name, found.at.st_mode, f->err) < 0)
		return err_hint(f->err, "name a file or a directory");
	return add_file(f, &found, path);
}

static int
by_path(const void *left, const void *right)
{
	const struct local_file *a = left, *b = right;

	return str_cmp(a->path, b->path);
}

static int
both_are(struct finding *f, const struct local_file *a, const struct local_file *b)
{
	(void)err_set(f->err, ERR_USAGE, "'%s' and '%s' would both be '%.*s'", a->file, b->file,
	    STR_FMT(a->path));
	return err_hint(f->err, "%s",
	    b->path.len > a->path.len ? "one would be a file and the other a directory: rename one"
	                              : "put them into different directories, or rename one");
}

/* Two files for one path, or a file where another one needs a directory. */
static int
check_paths(struct finding *f)
{
	const struct local_files *out = f->out;

	for (size_t i = 1; i < out->count; i++) {
		const struct local_file *b = &out->list[i];

		if (str_eq(b[-1].path, b->path))
			return both_are(f, &b[-1], b);
		for (size_t len = 1; len < b->path.len; len++) {
			struct local_file parent = { .path = str_head(b->path, len) };
			const struct local_file *a;

			if (b->path.ptr[len] != '/')
				continue;
			a = bsearch(&parent, out->list, i, sizeof(parent), by_path);
			if (a)
				return both_are(f, a, b);
		}
	}
	return 0;
}

const struct local_file *
local_named(const struct local_files *found, struct str path)
{
	struct local_file wanted = { .path = path };

	return found->count ? bsearch(&wanted, found->list, found->count, sizeof(wanted), by_path)
	                    : NULL;
}

int
local_find(struct arena *a, const char *const *patterns, size_t count, const char *fence,
    const struct place *to, struct local_files *out, struct err *err)
{
	struct finding f = { .arena = a, .fence = fence, .out = out, .err = err };

	*out = (struct local_files){ 0 };
	if (count > 1 && !to->is_dir) {
		(void)err_set(
		    err, ERR_USAGE, "several files cannot all be '%.*s'", STR_FMT(to->path));
		return err_hint(err, "write '%.*s/' to put them into a directory of that name",
		    STR_FMT(to->path));
	}
	for (size_t i = 0; i < count; i++) {
		struct stat st;

		if (stat(patterns[i], &st) == 0) {
			if (add_named(&f, patterns[i], to) < 0)
				return -1;
		} else if (errno == ENOENT && glob_is_pattern(str_of(patterns[i]))) {
			if (add_glob(&f, patterns[i], to) < 0)
				return -1;
		} else {
			return cannot(&f, "read", patterns[i]);
		}
	}
	if (out->count > 1)
		qsort(out->list, out->count, sizeof(*out->list), by_path);
	return check_paths(&f);
}

int
local_join(
    struct arena *a, struct local_files *into, const struct local_files *more, struct err *err)
{
	struct finding f = { .arena = a, .out = into, .err = err };

	for (size_t i = 0; i < more->count; i++) {
		if (into->count == MAX_DATA_FILES)
			return err_set(err, ERR_SYSTEM, "more than %d files", MAX_DATA_FILES);
		ARENA_ADD(a, into, more->list[i]);
	}
	into->bytes += more->bytes;
	if (into->count > 1)
		qsort(into->list, into->count, sizeof(*into->list), by_path);
	return check_paths(&f);
}

static int
changed(const struct local_file *s, struct err *err)
{
	(void)err_set(err, ERR_SYSTEM, "'%s' has changed while it was being put", s->file);
	return err_hint(err, "run this again when nothing else writes it");
}

static bool
is_same(const struct local_file *s, const struct stat *st)
{
	return st->st_dev == s->dev && st->st_ino == s->ino && (uint64_t)st->st_size == s->size
	       && st->st_mtim.tv_sec == s->time.tv_sec && st->st_mtim.tv_nsec == s->time.tv_nsec;
}

int
local_open(const struct local_file *s, struct err *err)
{
	int fd = fence_open(s->file, s->fence, O_RDONLY | O_NONBLOCK, err);
	struct stat st;

	if (fd < 0) {
		if (errno == 0)
			return -1;
		(void)err_set(err, ERR_SYSTEM, "cannot read '%s': %s", s->file, strerror(errno));
		return err_hint(err, "check that this user may read it");
	}
	if (fstat(fd, &st) < 0 || !is_same(s, &st)) {
		(void)close(fd);
		return changed(s, err);
	}
	return fd;
}

int
local_check(const struct local_file *s, int fd, uint64_t read_bytes, struct err *err)
{
	struct stat st;

	if (read_bytes == s->size && fstat(fd, &st) == 0 && is_same(s, &st))
		return 0;
	return changed(s, err);
}
