/* Files that come from a server, moved to their places: data/unpack.c, data/settle.c. */
#define _GNU_SOURCE
#include "tap.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "data/unpack.h"
#include "files/beneath.h"
#include "files/read.h"

static void
write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		ok(false, "writing %s", path);
	(void)close(fd);
}

static bool
holds(struct arena *a, const char *path, const char *text)
{
	struct err err;
	struct str got;

	return file_read(a, path, 100, &got, &err) == 0 && str_is(got, text);
}

/* How many names a directory has, "." and ".." left out. */
static size_t
count_names(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	size_t count = 0;

	while (dir && (entry = readdir(dir)))
		count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
	if (dir)
		(void)closedir(dir);
	return count;
}

static void
clear(void)
{
	int fd = open(".", O_RDONLY | O_DIRECTORY);

	(void)beneath_empty(fd, NULL, NULL);
	(void)close(fd);
}

static int
add(struct unpack *u, const char *path, const char *text, struct err *err)
{
	if (unpack_begin(u, str_of(path), text == NULL, err) < 0)
		return -1;
	if (!text)
		return 0;
	return unpack_bytes(u, str_of(text), err) < 0 ? -1 : unpack_end(u, err);
}

/* Opens, takes files that each hold "new", and does not finish yet. */
static struct unpack *
begin(struct arena *a, const char *dest, const char *const *paths, size_t count)
{
	struct err err = { 0 };
	struct unpack *u = unpack_open(a, dest, NULL, -1, &err);

	ok(u != NULL, "opened '%s' %s", dest, err.text);
	for (size_t i = 0; u && i < count; i++)
		if (add(u, paths[i], "new", &err) < 0)
			ok(false, "%s: %s", paths[i], err.text);
	return u;
}

static void
test_unpack_begin__names(struct arena *a)
{
	static const char *const bad[] = { "../x", "a/../x", "/x", "a//b", "./a", "", ".git/config",
		"a/.GIT/hooks/x", "git~1", ".git./x", "a/.g\xe2\x80\x8cit/x",
		".git::$INDEX_ALLOCATION", "a\\.git\\x" };
	struct err err = { 0 };
	struct unpack *u = unpack_open(a, "new", NULL, -1, &err);

	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		err = (struct err){ 0 };
		ok(add(u, bad[i], "x", &err) < 0 && err.kind == ERR_REFUSED && err.hint[0],
		    "'%s': %s", bad[i], err.text);
	}
	ok(!unpack_close(u), "nothing stays");
	ok(count_names(".") == 0, "nothing is left");
}

static bool
counts_down(void *ctx)
{
	int *left = ctx;

	return (*left)-- > 0;
}

static void
test_beneath_empty__ends_early(struct arena *a)
{
	int entries = 5, fd;

	(void)mkdir("full", 0700);
	for (int i = 0; i < 9; i++)
		(void)mkdir(arena_fmt(a, "full/%d", i).ptr, 0700);
	fd = open("full", O_RDONLY | O_DIRECTORY);
	ok(!beneath_empty(fd, counts_down, &entries), "ended before the end");
	ok(count_names("full") > 0 && count_names("full") < 9, "%zu stay", count_names("full"));
	ok(beneath_empty(fd, NULL, NULL) && count_names("full") == 0, "the rest is removed");
	ok(!beneath_empty(-1, NULL, NULL), "no directory");
	(void)close(fd);
	clear();
}

static void
test_unpack_open__git(struct arena *a)
{
	static const char *const bad[] = { ".git", ".git/new", "link", "link/new", "new/.git" };
	struct err err = { 0 };

	(void)mkdir(".git", 0700);
	(void)mkdir("new", 0700);
	ok(symlink(".git", "link") == 0, "a link to it");
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct unpack *u = unpack_open(a, bad[i], NULL, -1, &err);

		ok(!u && err.kind == ERR_REFUSED, "'%s': %s", bad[i], err.text);
		(void)unpack_close(u);
	}
	clear();
}

static void
test_unpack_finish__new(struct arena *a)
{
	static const char *const paths[] = { "b/c/d", "a", "b/a", "b.x" };
	struct unpack *u = begin(a, "new", paths, COUNT_OF(paths));
	struct err err = { 0 };

	ok(count_names(".") == 1 && access("new", F_OK) < 0, "nothing but the stage is there");
	ok(add(u, "empty/x", NULL, &err) == 0 && add(u, "b", NULL, &err) == 0, "directories");
	ok(unpack_finish(u, &err) == 0, "finished %s", err.text);
	ok(!unpack_close(u), "nothing stays");
	ok(holds(a, "new/b/c/d", "new") && holds(a, "new/a", "new") && holds(a, "new/b.x", "new")
	        && count_names("new/empty/x") == 0 && count_names(".") == 1,
	    "all is there, and nothing else");
	clear();
}

/* Every kind of thing in the way, met last: nothing has changed. */
static void
test_unpack_finish__in_the_way(struct arena *a)
{
	static const char *const paths[] = { "a", "b", "m/n", "z", "y/x" };

	for (int kind = 0; kind < 5; kind++) {
		struct unpack *u;
		struct err err = { 0 };
		size_t left;

		(void)mkdir("d", 0700);
		write_text("d/a", "old");
		write_text("d/b", "old");
		if (kind == 0)
			(void)mkdir("d/z", 0700);
		if (kind == 1)
			(void)mkfifo("d/z", 0600);
		if (kind == 2)
			write_text("d/y", "old");
		if (kind == 3 && symlink(".", "d/y") < 0)
			ok(false, "a link");
		if (kind == 4 && (mkdir("d/y", 0500) < 0 || geteuid() == 0)) {
			skip("root may write anywhere");
			clear();
			continue;
		}
		u = begin(a, "d", paths, COUNT_OF(paths));
		ok(unpack_finish(u, &err) < 0 && strstr(err.text, "in the way")
		        && strstr(err.hint, "nothing was replaced"),
		    "%s", err.text);
		(void)unpack_left(u, &left);
		(void)unpack_close(u);
		ok(left == 0 && holds(a, "d/a", "old") && holds(a, "d/b", "old")
		        && access("d/m", F_OK) < 0 && count_names("d") == 3,
		    "all is as it was");
		(void)chmod("d/y", 0700);
		clear();
	}
}

/* What comes into the way while files are moved: all is put back. The file that is moved last is missing in the
 * stage. */
static void
test_unpack_finish__late(struct arena *a)
{
	static const char *const paths[] = { "a", "b", "m/n/o", "z" };
	char stage[300] = "", last[320];
	struct err err = { 0 };
	struct dirent *entry;
	struct unpack *u;
	size_t left;
	DIR *dir;

	(void)mkdir("d", 0700);
	write_text("d/a", "old");
	u = begin(a, "d", paths, COUNT_OF(paths));
	dir = opendir("d");
	while ((entry = readdir(dir)))
		if (strncmp(entry->d_name, ".pachup-", 8) == 0)
			(void)snprintf(stage, sizeof(stage), "d/%s", entry->d_name);
	(void)closedir(dir);
	(void)snprintf(last, sizeof(last), "%s/3", stage);
	ok(unlink(last) == 0, "%s is taken away", last);
	ok(unpack_finish(u, &err) < 0 && strstr(err.hint, "all was put back"), "%s; %s", err.text,
	    err.hint);
	(void)unpack_left(u, &left);
	ok(!unpack_close(u), "nothing stays");
	ok(left == 0 && holds(a, "d/a", "old") && count_names("d") == 1, "all is as it was");
	clear();
}

static void
test_unpack_finish__doubles(struct arena *a)
{
	static const struct {
		const char *one, *two;
	} rows[] = { { "a", "a" }, { "a", "a/b" }, { "x/a/b", "x/a" } };

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const char *const paths[] = { rows[i].one, "a.b", rows[i].two };
		struct unpack *u = begin(a, "new", paths, COUNT_OF(paths));
		struct err err = { 0 };

		ok(unpack_finish(u, &err) < 0 && err.kind == ERR_REFUSED, "%s", err.text);
		(void)unpack_close(u);
		ok(count_names(".") == 0, "nothing is left");
	}
}

/* The destination, or its parent, becomes a link to elsewhere between two calls. */
static void
test_unpack_finish__swapped(struct arena *a)
{
	static const char *const paths[] = { "a", "b/c" };
	static const char *const dests[] = { "p/d", "p/new" };

	for (size_t i = 0; i < COUNT_OF(dests); i++)
		for (int parent = 0; parent < 2; parent++) {
			struct unpack *u;
			struct err err = { 0 };

			(void)mkdir("p", 0700);
			(void)mkdir("p/d", 0700);
			(void)mkdir("out", 0700);
			(void)mkdir("out/d", 0700);
			u = begin(a, dests[i], paths, COUNT_OF(paths));
			if (parent ? rename("p", "kept") < 0 || symlink("out", "p") < 0
			           : (i == 0 && rename("p/d", "kept") < 0)
			                 || symlink("../out", dests[i]) < 0)
				ok(false, "swapping");
			ok(unpack_finish(u, &err) <= 0, "finished, or %s", err.text);
			(void)unpack_close(u);
			ok(count_names("out") == 1 && count_names("out/d") == 0,
			    "%s, its %s swapped: nothing outside: %s", dests[i],
			    parent ? "parent" : "own name", err.text);
			clear();
		}
}

/* Deeper than a path or the descriptors of a process. */
static void
test_unpack_finish__deep(struct arena *a)
{
	const struct rlimit few = { 32, 32 };
	struct rlimit before;
	char path[8000];

	(void)getrlimit(RLIMIT_NOFILE, &before);
	(void)setrlimit(RLIMIT_NOFILE, &(struct rlimit){ few.rlim_cur, before.rlim_max });
	for (size_t i = 0; i + 1 < sizeof(path); i += 2)
		memcpy(path + i, "d/", 2);
	path[sizeof(path) - 2] = 'f';
	path[sizeof(path) - 1] = '\0';
	for (int is_new = 0; is_new < 2; is_new++) {
		const char *const paths[] = { path, "z" };
		struct unpack *u;
		struct err err = { 0 };

		if (!is_new)
			(void)mkdir("d", 0700);
		u = begin(a, "d", paths, COUNT_OF(paths));
		ok(unpack_finish(u, &err) == 0, "%s tree of 4000 levels %s", is_new ? "a new" : "a",
		    err.text);
		(void)unpack_close(u);
		ok(holds(a, "d/z", "new") && count_names("d") == 2, "it is there");
		clear();
		ok(count_names(".") == 0, "and can be removed");
	}
	(void)setrlimit(RLIMIT_NOFILE, &before);
}

static void
test_unpack__interrupted(struct arena *a)
{
	struct err err = { 0 };
	struct unpack *u;
	int ends[2];

	if (pipe(ends) < 0)
		return;
	(void)mkdir("d", 0700);
	write_text("d/a", "old");
	u = unpack_open(a, "d", NULL, ends[0], &err);
	ok(add(u, "a", "new", &err) == 0, "not yet");
	ok(write(ends[1], "x", 1) == 1 && add(u, "b", "new", &err) < 0
	        && err.kind == ERR_INTERRUPTED,
	    "no other file is begun: %s", err.text);
	err = (struct err){ 0 };
	ok(unpack_finish(u, &err) < 0 && err.kind == ERR_INTERRUPTED && holds(a, "d/a", "old"),
	    "and none moved");
	ok(!unpack_close(u), "nothing stays");
	ok(count_names("d") == 1, "nothing is left");
	(void)close(ends[0]);
	(void)close(ends[1]);
	clear();
}

int
main(void)
{
	char home[] = "/tmp/pachup-unpack-XXXXXX";
	struct arena *a = arena_new(no_memory);

	if (!mkdtemp(home) || chdir(home) < 0) {
		skip("no directory to write in");
		return done();
	}
	test_unpack_begin__names(a);
	test_beneath_empty__ends_early(a);
	test_unpack_open__git(a);
	test_unpack_finish__new(a);
	test_unpack_finish__in_the_way(a);
	test_unpack_finish__late(a);
	test_unpack_finish__doubles(a);
	test_unpack_finish__swapped(a);
	test_unpack_finish__deep(a);
	test_unpack__interrupted(a);
	(void)rmdir(home);
	arena_free(a);
	return done();
}
