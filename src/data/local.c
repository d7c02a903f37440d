#include "data/local.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/limits.h"
#include "data/place.h"
#include "files/glob.h"
#include "files/read.h"
#include "files/search.h"

struct finding {
	struct arena *arena;
	const char *fence;
	struct local_files *out;
	struct err *err;
	unsigned depth;
};

static int
cannot(struct finding *f, const char *what, const char *file)
{
	(void)err_set(f->err, ERR_SYSTEM, "cannot %s '%s': %s", what, file, strerror(errno));
	return err_hint(f->err, "check the path, and that this user may read it");
}

static int
add_file(struct finding *f, const char *file, const struct stat *st, struct str path)
{
	const char *why = path_check(path);
	struct local_files *out = f->out;

	if (why) {
		(void)err_set(f->err, ERR_USAGE, "'%s' cannot be put as '%.*s': %s", file,
		    STR_FMT(path), why);
		return err_hint(
		    f->err, "rename the file, or name a path for it: REPO@BRANCH:/PATH");
	}
	if (out->count == MAX_DATA_FILES) {
		(void)err_set(f->err, ERR_SYSTEM, "more than %d files", MAX_DATA_FILES);
		return err_hint(f->err, "put them in several steps");
	}
	out->list = arena_grow(f->arena, out->list, out->count, &out->room, sizeof(*out->list));
	out->list[out->count++] = (struct local_file){ .file = file,
		.path = path,
		.size = (uint64_t)st->st_size,
		.dev = st->st_dev,
		.ino = st->st_ino,
		.time = st->st_mtim };
	out->bytes += (uint64_t)st->st_size;
	return 0;
}

static int
by_text(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

/* The names in the directory, sorted. */
static int
read_names(struct finding *f, const char *dir, char ***names, size_t *count)
{
	DIR *d = opendir(dir);
	struct dirent *entry;
	size_t room = 0;

	*names = NULL;
	*count = 0;
	if (!d)
		return cannot(f, "read the directory", dir);
	while (errno = 0, (entry = readdir(d)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		*names = arena_grow(f->arena, *names, *count, &room, sizeof(**names));
		(*names)[(*count)++] = arena_cstr(f->arena, str_of(entry->d_name));
	}
	if (errno != 0) {
		(void)cannot(f, "read the directory", dir);
		(void)closedir(d);
		return -1;
	}
	(void)closedir(d);
	if (*count > 1)
		qsort(*names, *count, sizeof(**names), by_text);
	return 0;
}

static int add_directory(struct finding *f, const char *dir, struct str path);

/* An entry of a directory: a link to a file is followed, one to a directory could lead anywhere. */
static int
add_entry(struct finding *f, const char *file, struct str path)
{
	struct stat link, st;

	if (lstat(file, &link) < 0)
		return cannot(f, "read", file);
	if (stat(file, &st) < 0) {
		/* a directory without permission may hold data, which must not be left out in silence */
		if (!S_ISLNK(link.st_mode) || errno == EACCES)
			return cannot(f, "read", file);
		unusable_add_failed(&f->out->unusable, f->arena, file, errno);
		return 0;
	}
	if (S_ISLNK(link.st_mode) && S_ISDIR(st.st_mode)) {
		(void)err_set(f->err, ERR_SYSTEM, "'%s' is a symbolic link to a directory", file);
		return err_hint(f->err, "name the directory itself, or take the link away");
	}
	if (S_ISDIR(st.st_mode))
		return add_directory(f, file, path);
	if (S_ISLNK(link.st_mode) && path_fenced(file, f->fence, f->err) < 0)
		return -1;
	if (!S_ISREG(st.st_mode)) {
		unusable_add(&f->out->unusable, f->arena, file, file_kind_name(st.st_mode));
		return 0;
	}
	return add_file(f, file, &st, path);
}

static int
add_directory(struct finding *f, const char *dir, struct str path)
{
	struct str base = str_of(dir);
	char **names;
	size_t count;
	int rc = 0;

	if (++f->depth > MAX_DIR_DEPTH) {
		(void)err_set(f->err, ERR_SYSTEM, "'%s' is more than %d directories deep", dir,
		    MAX_DIR_DEPTH);
		return err_hint(f->err, "put its parts one by one");
	}
	if (read_names(f, dir, &names, &count) < 0)
		return -1;
	if (str_ends(base, "/") && base.len > 1)
		base = str_head(base, base.len - 1);
	for (size_t i = 0; i < count && rc == 0; i++)
		rc = add_entry(f, arena_fmt(f->arena, "%.*s/%s", STR_FMT(base), names[i]).ptr,
		    path_join(f->arena, path, str_of(names[i])));
	f->depth--;
	return rc;
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

static int
add_glob(struct finding *f, const char *glob, const struct place *to)
{
	struct search s = { .a = f->arena, .takes = takes_all, .fence = f->fence, .err = f->err };

	if (search_glob(&s, glob) < 0)
		return -1;
	for (size_t i = 0; i < s.unusable.count; i++)
		if (s.unusable.list[i].is_denied) {
			errno = EACCES;
			return cannot(f, "read", s.unusable.list[i].name);
		}
	unusable_add_all(&f->out->unusable, f->arena, &s.unusable);
	if (s.count == 0) {
		(void)err_set(f->err, ERR_SYSTEM, "no file matches '%s'", glob);
		return err_hint(f->err, "check it for a typo, or name a file that is there");
	}
	if (s.count > 1)
		qsort(s.list, s.count, sizeof(*s.list), by_found);
	for (size_t i = 0; i < s.count; i++) {
		struct stat st;

		if (stat(s.list[i].name, &st) < 0)
			return cannot(f, "read", s.list[i].name);
		if (add_file(f, s.list[i].name, &st,
		        to->is_dir
		            ? path_join(f->arena, to->path, path_base(str_of(s.list[i].name)))
		            : to->path)
		    < 0)
			return -1;
	}
	return 0;
}

static int
add_named(struct finding *f, const char *name, const struct stat *st, const struct place *to)
{
	struct str text = str_of(name), base = path_base(text), path = to->path;
	/* "dir/", "." and "..": what is in the directory, without its name */
	bool is_inside = (S_ISDIR(st->st_mode) && str_ends(text, "/")) || str_is(base, ".")
	                 || str_is(base, "..");

	if (path_fenced(name, f->fence, f->err) < 0)
		return -1;
	if (to->is_dir && !is_inside)
		path = path_join(f->arena, to->path, base);
	if (S_ISDIR(st->st_mode))
		return add_directory(f, name, path);
	if (file_is_regular(name, st->st_mode, f->err) < 0)
		return err_hint(f->err, "name a file or a directory");
	return add_file(f, name, st, path);
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
			if (add_named(&f, patterns[i], &st, to) < 0)
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
	int fd = open(s->file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;

	if (fd < 0) {
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
