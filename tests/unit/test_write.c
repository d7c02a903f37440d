/* Files replaced whole or not at all. */
#include "tap.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "files/read.h"
#include "files/write.h"

/* A fresh directory, and the process in it. */
static bool
enter_home(struct arena *a)
{
	const char *base = getenv("TMPDIR");
	char *path = arena_cstr(a, arena_fmt(a, "%s/pachup-write.XXXXXX", base ? base : "/tmp"));

	return mkdtemp(path) && chdir(path) == 0;
}

static void
put(const char *name, const char *text, mode_t mode)
{
	FILE *f = fopen(name, "w");

	if (f) {
		fputs(text, f);
		fclose(f);
	}
	(void)chmod(name, mode);
}

static bool
holds(struct arena *a, const char *name, const char *text)
{
	struct str got;
	struct err err;

	return file_read(a, name, 1 << 20, &got, &err) == 0 && str_is(got, text);
}

/* Nothing may be left beside: how many names the directory has. */
static size_t
count_names(void)
{
	DIR *d = opendir(".");
	size_t count = 0;

	while (d && readdir(d))
		count++;
	if (d)
		(void)closedir(d);
	return count;
}

static void
test_file_replace__keeps_mode_and_link(struct arena *a)
{
	struct err err = { 0 };
	struct stat st;

	put("a", "old", 0640);
	ok(symlink("a", "link") == 0, "a link");
	ok(file_replace(a, "link", STR("old"), STR("new text"), &err) == 0
	        && holds(a, "a", "new text"),
	    "what the link leads to is replaced");
	ok(lstat("link", &st) == 0 && S_ISLNK(st.st_mode), "the link stays");
	ok(stat("a", &st) == 0 && (st.st_mode & 07777) == 0640, "the mode stays");
	ok(count_names() == 4, "nothing is left beside");
}

static void
test_file_replace__says_why_not(struct arena *a)
{
	struct err err = { 0 };

	put("b", "somebody's", 0644);
	ok(file_replace(a, "b", STR("ours"), STR("new"), &err) < 0
	        && strstr(err.text, "changed while") && holds(a, "b", "somebody's"),
	    "%s", err.text);
	ok(link("b", "b2") == 0, "a second name");
	ok(file_replace(a, "b", STR("somebody's"), STR("new"), &err) < 0
	        && strstr(err.text, "2 hard links") && holds(a, "b", "somebody's"),
	    "%s", err.text);
	ok(file_replace(a, "none", STR(""), STR("new"), &err) < 0
	        && strstr(err.text, "cannot find"),
	    "%s", err.text);
	(void)mkdir("dir", 0755);
	ok(file_replace(a, "dir", STR(""), STR("new"), &err) < 0 && strstr(err.text, "directory"),
	    "%s", err.text);
	ok(count_names() == 7, "nothing is left beside");
}

static void
test_file_put__new_and_over_another(struct arena *a)
{
	size_t names = count_names();
	struct err err = { 0 };
	struct stat now;
	mode_t mask = umask(027);

	ok(file_put(a, "plan", STR("one"), &err) == 0 && holds(a, "plan", "one"), "a new file");
	ok(stat("plan", &now) == 0 && (now.st_mode & 07777) == 0640, "has a new file's mode");
	ok(file_put(a, "plan", STR(""), &err) == 0 && holds(a, "plan", ""), "over another");
	ok(symlink("plan", "way") == 0 && file_put(a, "way", STR("two"), &err) == 0
	        && holds(a, "plan", "two") && lstat("way", &now) == 0 && S_ISLNK(now.st_mode),
	    "along a link, which stays");
	ok(file_put(a, "dir", STR("x"), &err) < 0 && strstr(err.text, "directory"), "%s", err.text);
	ok(file_put(a, "none/plan", STR("x"), &err) < 0 && strstr(err.text, "cannot write"), "%s",
	    err.text);
	(void)umask(mask);
	(void)unlink("way");
	(void)unlink("plan");
	ok(count_names() == names, "nothing is left beside");
}

/* Root may write anywhere. */
static void
test_file_replace__closed_directory(struct arena *a)
{
	struct err err = { 0 };

	if (geteuid() == 0) {
		skip("root may write into any directory");
		return;
	}
	put("dir/c", "old", 0644);
	(void)chmod("dir", 0555);
	ok(file_replace(a, "dir/c", STR("old"), STR("new"), &err) < 0 && holds(a, "dir/c", "old"),
	    "%s", err.text);
	(void)chmod("dir", 0755);
	(void)unlink("dir/c");
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	if (!enter_home(a)) {
		skip("no directory to write in");
		return done();
	}
	test_file_replace__keeps_mode_and_link(a);
	test_file_replace__says_why_not(a);
	test_file_put__new_and_over_another(a);
	test_file_replace__closed_directory(a);
	(void)unlink("a");
	(void)unlink("link");
	(void)unlink("b");
	(void)unlink("b2");
	(void)rmdir("dir");
	arena_free(a);
	return done();
}
