#include "files/paths.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/limits.h"
#include "files/read.h"
#include "files/search.h"

/* A file that is in the list already. */
struct known {
	dev_t dev;
	ino_t ino;
	size_t place; /* in the list, from 1; 0: this slot is free */
};

struct expansion {
	struct arena *a;
	bool (*takes)(struct str name);
	const char *fence;
	struct path_list *out;
	struct err *err;
	struct known *known; /* open addressing, at most half full */
	size_t slots, used;
	bool has_stdin;
};

/* The slot of the file, or the free one where it belongs. */
static struct known *
known_slot(const struct expansion *x, dev_t dev, ino_t ino)
{
	size_t i = ((size_t)ino * 0x9e3779b1U ^ (size_t)dev) & (x->slots - 1);

	while (x->known[i].place && (x->known[i].dev != dev || x->known[i].ino != ino))
		i = (i + 1) & (x->slots - 1);
	return &x->known[i];
}

static void
grow_known(struct expansion *x)
{
	struct known *old = x->known;
	size_t slots = x->slots;

	x->slots = slots ? slots * 2 : 64;
	x->known = ARENA_ARRAY(x->a, x->slots, struct known);
	for (size_t i = 0; i < slots; i++)
		if (old[i].place)
			*known_slot(x, old[i].dev, old[i].ino) = old[i];
}

static int
append(struct expansion *x, struct path path)
{
	struct path_list *out = x->out;

	if (out->count >= MAX_SPEC_FILES)
		return search_too_many(MAX_SPEC_FILES, x->err);
	ARENA_ADD(x->a, out, path);
	return 0;
}

/* Appends a file unless it is there already; a name that the user wrote wins over a found one. */
static int
add_file(struct expansion *x, const struct found *file, enum path_origin origin)
{
	struct known *slot;

	if (x->used * 2 >= x->slots)
		grow_known(x);
	slot = known_slot(x, file->at.st_dev, file->at.st_ino);
	if (slot->place) {
		if (origin == PATH_NAMED)
			x->out->list[slot->place - 1].origin = PATH_NAMED;
		return 0;
	}
	if (append(x, (struct path){ .name = file->name, .origin = origin }) != 0)
		return -1;
	*slot = (struct known){
		.dev = file->at.st_dev, .ino = file->at.st_ino, .place = x->out->count
	};
	x->used++;
	return 0;
}

static int
by_name(const void *left, const void *right)
{
	const struct found *a = left, *b = right;

	return strcmp(a->name, b->name);
}

/* What a search found and nobody can read is noted like a link that leads nowhere: other files are read. */
static bool
is_readable(struct expansion *x, const struct found *file)
{
	static const mode_t for_all = S_IRUSR | S_IRGRP | S_IROTH;
	struct unusables *bad = &x->out->unusable;

	if (file->at.st_size > MAX_SPEC_BYTES)
		unusable_add(bad, x->a, file->name, "larger than 4 MiB");
	else if ((file->at.st_mode & for_all) != for_all && access(file->name, R_OK) != 0
	         && errno == EACCES)
		unusable_add_failed(bad, x->a, file->name, errno);
	else
		return true;
	return false;
}

static int
add_found(struct expansion *x, struct search *s)
{
	if (s->count > 1)
		qsort(s->list, s->count, sizeof(*s->list), by_name);
	for (size_t i = 0; i < s->count; i++)
		if (is_readable(x, &s->list[i]) && add_file(x, &s->list[i], PATH_FOUND) != 0)
			return -1;
	unusable_add_all(&x->out->unusable, x->a, &s->unusable);
	return 0;
}

static int
add_stdin(struct expansion *x)
{
	if (x->has_stdin) {
		(void)err_set(x->err, ERR_USAGE, "standard input ('-') is given twice");
		return err_hint(x->err, "give '-' once");
	}
	x->has_stdin = true;
	return append(x, (struct path){ .name = "-", .origin = PATH_NAMED, .is_stdin = true });
}

/* `st` is what `name` leads to. */
static int
add_named(struct expansion *x, const char *name, const struct stat *st)
{
	struct search s = { .a = x->a, .takes = x->takes, .fence = x->fence, .err = x->err };
	struct found file = { .at = *st };

	if (path_fenced(name, x->fence, x->err) != 0)
		return -1;
	if (S_ISDIR(st->st_mode)) {
		if (search_directory(&s, name) != 0)
			return -1;
		x->out->others += s.others;
		return add_found(x, &s);
	}
	if (file_is_regular(name, st->st_mode, x->err) != 0)
		return -1;
	file.name = arena_cstr(x->a, str_of(name));
	return add_file(x, &file, PATH_NAMED);
}

static int
add_glob(struct expansion *x, const char *glob)
{
	struct search s = { .a = x->a, .takes = x->takes, .fence = x->fence, .err = x->err };

	if (search_glob(&s, glob) != 0)
		return -1;
	if (s.count > 0)
		return add_found(x, &s);
	if (s.unusable.count > 0)
		return err_set(x->err, ERR_SYSTEM, "no file matches '%s': %.*s", glob,
		    STR_FMT(unusable_text(&s.unusable, x->a)));
	(void)err_set(x->err, ERR_SYSTEM, "no file matches '%s'", glob);
	return err_hint(
	    x->err, "check the name; '*' matches within one directory, '**' across directories");
}

static int
add_pattern(struct expansion *x, const char *pattern)
{
	bool is_glob = glob_is_pattern(str_of(pattern));
	struct stat st;
	int cause;

	if (*pattern == '\0') {
		(void)err_set(x->err, ERR_USAGE, "empty PATH");
		return err_hint(
		    x->err, "name a file, a directory or a glob; '.' is the current directory");
	}
	if (strcmp(pattern, "-") == 0)
		return add_stdin(x);
	if (stat(pattern, &st) == 0)
		return add_named(x, pattern, &st);
	cause = errno;
	if (is_glob && (cause == ENOENT || cause == ENOTDIR || cause == ENAMETOOLONG))
		return add_glob(x, pattern);
	(void)err_set(x->err, ERR_SYSTEM, "cannot find '%s': %s", pattern, strerror(cause));
	if (cause != ENOENT && cause != ENOTDIR)
		return -1;
	return err_hint(x->err, "check the name; relative paths start at the working directory");
}

bool
path_is_hidden(struct str below)
{
	struct str part;

	while (str_split(&below, '/', &part))
		if (str_starts(part, "."))
			return true;
	return false;
}

bool
path_is_spec(struct str name)
{
	return str_ends(name, ".json") || str_ends(name, ".yaml") || str_ends(name, ".yml");
}

int
paths_expand(struct arena *a, const char *const *patterns, size_t count, const char *fence,
    bool (*takes)(struct str name), struct path_list *out, struct err *err)
{
	struct expansion x = { .a = a, .takes = takes, .fence = fence, .out = out, .err = err };

	for (size_t i = 0; i < count; i++)
		if (add_pattern(&x, patterns[i]) != 0)
			return -1;
	return 0;
}
