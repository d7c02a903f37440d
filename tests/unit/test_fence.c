/* Paths opened within one directory, while others turn links: files/fence.c, files/beneath.c. */
#define _GNU_SOURCE
#include "tap.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "files/beneath.h"
#include "files/fence.h"
#include "files/read.h"
#include "files/search.h"
#include "files/write.h"

enum { ROUNDS = 3000 };

static void
write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		ok(false, "writing %s", path);
	(void)close(fd);
}

/* in/dir/f within, out/f outside; in/link leads to out, in/way to in/dir. */
static bool
make_world(char *home)
{
	if (!mkdtemp(home) || chdir(home) < 0 || mkdir("in", 0700) < 0 || mkdir("out", 0700) < 0
	    || mkdir("in/dir", 0700) < 0 || mkdir("in/dir/deep", 0700) < 0)
		return false;
	write_text("in/dir/f", "inside");
	write_text("in/dir/deep/f", "inside");
	write_text("out/f", "outside");
	return symlink("../out", "in/link") == 0 && symlink("dir", "in/way") == 0
	       && symlink("../../out/f", "in/dir/l") == 0;
}

typedef int opener(int dir, const char *path, int flags, mode_t mode);

static void
test_beneath_open__one(const char *name, opener *open_it)
{
	static const struct {
		const char *path;
		int flags;
		int cause, other; /* 0: it opens */
	} rows[] = {
		{ "dir/f", O_RDONLY, 0, 0 },
		{ "dir/deep/f", O_RDONLY, 0, 0 },
		{ "dir//deep", O_RDONLY | O_DIRECTORY, 0, 0 },
		{ "dir/", O_RDONLY, 0, 0 },
		{ ".", O_RDONLY | O_DIRECTORY, 0, 0 },
		{ "dir/new", O_WRONLY | O_CREAT | O_EXCL, 0, 0 },
		{ "dir/none", O_RDONLY, ENOENT, 0 },
		{ "link/f", O_RDONLY, ELOOP, ENOTDIR },
		{ "way/f", O_RDONLY, ELOOP, ENOTDIR },
		{ "way", O_RDONLY, ELOOP, 0 },
		{ "link/", O_RDONLY, ELOOP, ENOTDIR },
		{ "dir/l", O_RDONLY, ELOOP, 0 },
		{ "link/new", O_WRONLY | O_CREAT | O_EXCL, ELOOP, ENOTDIR },
		{ "../out/f", O_RDONLY, EXDEV, 0 },
		{ "dir/../../out/f", O_RDONLY, EXDEV, 0 },
		{ "/etc/passwd", O_RDONLY, EXDEV, 0 },
		{ "", O_RDONLY, ENOENT, 0 },
	};
	int dir = open("in", O_RDONLY | O_DIRECTORY);

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		int fd = open_it(dir, rows[i].path, rows[i].flags, 0600), cause = errno;

		ok(rows[i].cause == 0
		        ? fd >= 0
		        : fd < 0 && (cause == rows[i].cause || cause == rows[i].other),
		    "%s: '%s' %s%s", name, rows[i].path,
		    fd >= 0 ? "opens" : "does not: ", fd >= 0 ? "" : strerror(cause));
		if (fd >= 0)
			(void)close(fd);
	}
	(void)unlink("in/dir/new");
	(void)close(dir);
}

static void
test_fence_open(struct arena *a)
{
	struct err err = { 0 };
	struct str text;

	ok(file_read_in(a, "in/way/f", "in", 100, &text, &err) == 0 && str_is(text, "inside"),
	    "a link that stays inside is followed");
	ok(file_read_in(a, "in/link/f", "in", 100, &text, &err) < 0
	        && strstr(err.text, "outside the workspace"),
	    "one that leads out is not: %s", err.text);
	ok(file_read_in(a, "in/dir/l", "in", 100, &text, &err) < 0
	        && strstr(err.text, "outside the workspace"),
	    "nor the file's own");
	ok(file_read_in(a, "in/dir/g", "in", 100, &text, &err) < 0
	        && strstr(err.text, "cannot open") && err.hint[0],
	    "%s", err.text);
}

/* A process that lets two names change places until it is ended. */
static pid_t
swap(const char *one, const char *two)
{
	pid_t pid = fork();

	while (pid == 0)
		if (beneath_exchange(AT_FDCWD, one, AT_FDCWD, two) < 0)
			_exit(1);
	return pid;
}

static void
end(pid_t pid)
{
	(void)kill(pid, SIGKILL);
	(void)waitpid(pid, NULL, 0);
}

static void
test_file_read_in__swapped(struct arena *a)
{
	pid_t pid = swap("in/dir", "in/link");
	size_t good = 0, bad = 0;

	for (int i = 0; i < ROUNDS; i++) {
		struct str text;
		struct err err;

		if (file_read_in(a, "in/dir/f", "in", 100, &text, &err) < 0)
			continue;
		good += str_is(text, "inside");
		bad += !str_is(text, "inside");
	}
	end(pid);
	ok(bad == 0, "a directory that is swapped for a link: read %zu times, never outside", good);
}

/* Both sides are known after one run of each, whichever way the names are now. */
static void
put_back(void)
{
	struct stat st;

	if (lstat("in/dir", &st) == 0 && S_ISLNK(st.st_mode)
	    && beneath_exchange(AT_FDCWD, "in/dir", AT_FDCWD, "in/link") < 0)
		ok(false, "putting names back");
}

static void
test_file_put__swapped(struct arena *a)
{
	pid_t pid = swap("in/dir", "in/link");
	size_t good = 0;
	struct stat st;

	for (int i = 0; i < ROUNDS / 10; i++) {
		struct err err;

		good += file_put(a, "in/dir/put", "in", STR("x"), &err) == 0;
		good += file_create(a, "in/dir/made", "in", STR("x"), &err) == 0;
	}
	end(pid);
	put_back();
	ok(stat("out/put", &st) < 0 && stat("out/made", &st) < 0,
	    "files are put %zu times, never outside", good);
	(void)unlink("in/dir/put");
	(void)unlink("in/dir/made");
	ok(rmdir("out") < 0 && unlink("out/f") == 0 && rmdir("out") == 0, "nothing is left there");
	if (mkdir("out", 0700) == 0)
		write_text("out/f", "outside");
}

/* Swaps what comes behind the name that is asked for. */
static bool
swap_next(struct str name)
{
	if (str_is(name, "a")
	    && (rename("in/tree/b", "in/kept") < 0 || symlink("../../out", "in/tree/b") < 0))
		ok(false, "swapping");
	return true;
}

static void
search_swapped(struct arena *a, bool is_whole, const char *fence)
{
	struct err err = { 0 };
	struct search s = {
		.a = a, .takes = swap_next, .fence = fence, .err = &err, .is_whole = is_whole
	};
	int rc;

	(void)mkdir("in/tree", 0700);
	(void)mkdir("in/tree/b", 0700);
	write_text("in/tree/a", "");
	write_text("in/tree/b/f", "");
	rc = search_directory(&s, "in/tree");
	if (is_whole)
		ok(rc < 0, "%s: %s", fence ? "with a fence" : "without", err.text);
	else
		ok(rc == 0 && s.count == 1, "no spec is found behind the link: %s", err.text);
	(void)unlink("in/tree/a");
	(void)unlink("in/tree/b");
	(void)rename("in/kept", "in/tree/b");
	(void)unlink("in/tree/b/f");
	(void)rmdir("in/tree/b");
	(void)rmdir("in/tree");
}

static void
test_spot_open(struct arena *a)
{
	static const struct {
		const char *path, *name; /* NULL: there is no such spot */
	} rows[] = { { "in/new", "new" }, { "in/dir/f", "f" }, { "in/dir/l", NULL },
		{ "in/way", "dir" }, { "in/link/new", NULL }, { "in", "in" }, { "in/..", NULL },
		{ "in/.", NULL }, { "in/none/x", NULL }, { "in/new//", "new" } };

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct spot s = { .dir = -1 };
		struct err err = { 0 };
		bool is_in = strcmp(rows[i].path, "in") != 0;
		int rc = spot_open(a, rows[i].path, is_in ? "in" : NULL, &s, &err);

		ok(rows[i].name ? rc == 0 && strcmp(s.name, rows[i].name) == 0 : rc < 0,
		    "the spot of '%s' is %s", rows[i].path, rc == 0 ? s.name : err.text);
		spot_close(&s);
	}
}

int
main(void)
{
	char home[] = "/tmp/pachup-fence-XXXXXX";
	struct arena *a = arena_new(no_memory);

	if (!make_world(home)) {
		skip("no directory to write in");
		return done();
	}
	test_beneath_open__one("openat2", beneath_open);
	test_beneath_open__one("part by part", beneath_open_by_parts);
	test_fence_open(a);
	test_spot_open(a);
	search_swapped(a, true, NULL);
	search_swapped(a, true, "in");
	search_swapped(a, false, "in");
	if (beneath_exchange(AT_FDCWD, "in/dir", AT_FDCWD, "in/link") == 0) {
		put_back();
		test_file_read_in__swapped(a);
		put_back();
		test_file_put__swapped(a);
	} else {
		skip("this file system cannot let two names change places");
	}
	(void)beneath_empty(open(".", O_RDONLY | O_DIRECTORY), NULL, NULL);
	ok(rmdir(home) == 0, "the directory is empty");
	arena_free(a);
	return done();
}
