/* Files replaced whole or not at all. */
#include "tap.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <time.h>
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
	ok(file_replace(a, "link", NULL, STR("old"), STR("new text"), &err) == 0
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
	ok(file_replace(a, "b", NULL, STR("ours"), STR("new"), &err) < 0
	        && strstr(err.text, "changed while") && holds(a, "b", "somebody's"),
	    "%s", err.text);
	ok(link("b", "b2") == 0, "a second name");
	ok(file_replace(a, "b", NULL, STR("somebody's"), STR("new"), &err) < 0
	        && strstr(err.text, "2 hard links") && holds(a, "b", "somebody's"),
	    "%s", err.text);
	ok(file_replace(a, "none", NULL, STR(""), STR("new"), &err) < 0
	        && strstr(err.text, "cannot find"),
	    "%s", err.text);
	(void)mkdir("dir", 0755);
	ok(file_replace(a, "dir", NULL, STR(""), STR("new"), &err) < 0
	        && strstr(err.text, "directory"),
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

	ok(file_put(a, "plan", NULL, STR("one"), &err) == 0 && holds(a, "plan", "one"),
	    "a new file");
	ok(stat("plan", &now) == 0 && (now.st_mode & 07777) == 0640, "has a new file's mode");
	ok(file_put(a, "plan", NULL, STR(""), &err) == 0 && holds(a, "plan", ""), "over another");
	ok(symlink("plan", "way") == 0 && file_put(a, "way", NULL, STR("two"), &err) == 0
	        && holds(a, "plan", "two") && lstat("way", &now) == 0 && S_ISLNK(now.st_mode),
	    "along a link, which stays");
	ok(file_put(a, "dir", NULL, STR("x"), &err) < 0 && strstr(err.text, "directory"), "%s",
	    err.text);
	ok(file_put(a, "none/plan", NULL, STR("x"), &err) < 0 && strstr(err.text, "cannot write"),
	    "%s", err.text);
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
	ok(file_replace(a, "dir/c", NULL, STR("old"), STR("new"), &err) < 0
	        && holds(a, "dir/c", "old"),
	    "%s", err.text);
	(void)chmod("dir", 0755);
	(void)unlink("dir/c");
}

/* A POSIX access control list as Linux keeps it: version 2, then tag, permission and id of each entry. */
static const unsigned char list_of_ann[] = {
	2, 0, 0, 0,                      /* */
	1, 0, 6, 0, 255, 255, 255, 255,  /* the owner: read, write */
	2, 0, 4, 0, 0xd2, 4, 0, 0,       /* user 1234: read */
	4, 0, 0, 0, 255, 255, 255, 255,  /* the group: nothing */
	16, 0, 4, 0, 255, 255, 255, 255, /* the mask: read */
	32, 0, 0, 0, 255, 255, 255, 255, /* others: nothing */
};
static const char access_list[] = "system.posix_acl_access",
                  default_list[] = "system.posix_acl_default";

static bool
has_list(const char *name)
{
	unsigned char got[sizeof(list_of_ann) * 2];

	return getxattr(name, access_list, got, sizeof(got)) == (ssize_t)sizeof(list_of_ann)
	       && memcmp(got, list_of_ann, sizeof(list_of_ann)) == 0;
}

static void
test_file_replace__keeps_attributes(struct arena *a)
{
	struct err err = { 0 };
	char got[16] = "";
	struct stat st;

	put("attr", "old", 0600);
	if (setxattr("attr", "user.note", "kept", 4, 0) < 0
	    || setxattr("attr", access_list, list_of_ann, sizeof(list_of_ann), 0) < 0) {
		skip("this file system has no extended attributes or access control lists");
		return;
	}
	ok(file_replace(a, "attr", NULL, STR("old"), STR("new"), &err) == 0
	        && holds(a, "attr", "new"),
	    "a file with attributes: %s", err.text);
	ok(getxattr("attr", "user.note", got, sizeof(got)) == 4 && memcmp(got, "kept", 4) == 0,
	    "a user's attribute stays");
	ok(has_list("attr"), "an access control list stays");
	ok(stat("attr", &st) == 0 && (st.st_mode & 07777) == 0640,
	    "the mode, whose group is the mask");
	(void)unlink("attr");
}

/* A directory that gives its files a list: the file that has none must not get it by being edited. */
static void
test_file_replace__widens_nothing(struct arena *a)
{
	struct err err = { 0 };
	char got[100];
	struct stat st;

	put("narrow", "old", 0640);
	if (setxattr(".", default_list, list_of_ann, sizeof(list_of_ann), 0) < 0) {
		(void)unlink("narrow");
		skip("this file system has no default access control lists");
		return;
	}
	ok(file_replace(a, "narrow", NULL, STR("old"), STR("new"), &err) == 0
	        && getxattr("narrow", access_list, got, sizeof(got)) < 0 && stat("narrow", &st) == 0
	        && (st.st_mode & 07777) == 0640,
	    "no list comes from the directory: %s", err.text);
	put("plan", "old", 0600);
	(void)removexattr("plan", access_list);
	(void)chmod("plan", 0600);
	ok(file_put(a, "plan", NULL, STR("new"), &err) == 0
	        && getxattr("plan", access_list, got, sizeof(got)) < 0 && stat("plan", &st) == 0
	        && (st.st_mode & 07777) == 0600,
	    "nor for a file that is put over another: %s", err.text);
	(void)removexattr(".", default_list);
	(void)unlink("narrow");
	(void)unlink("plan");
}

static void
test_file_put__keeps_mode(struct arena *a)
{
	struct err err = { 0 };
	struct stat st;

	put("secret-plan", "old", 0600);
	ok(file_put(a, "secret-plan", NULL, STR("new"), &err) == 0 && stat("secret-plan", &st) == 0
	        && (st.st_mode & 07777) == 0600,
	    "what is put over a file has its mode");
	(void)unlink("secret-plan");
}

static void
age(const char *name, time_t seconds)
{
	struct timespec times[2] = { { .tv_sec = time(NULL) - seconds },
		{ .tv_sec = time(NULL) - seconds } };

	(void)utimensat(AT_FDCWD, name, times, 0);
}

static void
test_stale_remove(struct arena *a)
{
	static const struct {
		const char *name;
		time_t age_s;
		bool is_locked, stays;
	} rows[] = { { ".pachup-aB3dEf", 3600, false, false }, { ".pachup-aB3dEg", 5, false, true },
		{ ".pachup-locked", 3600, true, true }, { ".pachup-aB3dE", 3600, false, true },
		{ ".pachup-aB3dEfg", 3600, false, true }, { ".pachup-aB3d.f", 3600, false, true },
		{ "pachup-aB3dEf", 3600, false, true } };
	int locks[COUNT_OF(rows)];
	struct err err = { 0 };

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		put(rows[i].name, "half", 0600);
		age(rows[i].name, rows[i].age_s);
		locks[i] = rows[i].is_locked ? open(rows[i].name, O_RDONLY) : -1;
		if (locks[i] >= 0)
			(void)flock(locks[i], LOCK_EX);
	}
	ok(mkdir(".pachup-direct", 0700) == 0 && symlink("x", ".pachup-symlin") == 0, "others");
	ok(file_put(a, "put", NULL, STR("x"), &err) == 0, "a file is put beside them");
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		ok((access(rows[i].name, F_OK) == 0) == rows[i].stays, "%s, %ld s old%s: %s",
		    rows[i].name, (long)rows[i].age_s, rows[i].is_locked ? ", locked" : "",
		    rows[i].stays ? "stays" : "goes");
		if (locks[i] >= 0)
			(void)close(locks[i]);
		(void)unlink(rows[i].name);
	}
	ok(rmdir(".pachup-direct") == 0 && unlink(".pachup-symlin") == 0,
	    "a directory and a link stay");
	(void)unlink("put");
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
	test_file_replace__keeps_attributes(a);
	test_file_replace__widens_nothing(a);
	test_file_put__keeps_mode(a);
	test_stale_remove(a);
	(void)unlink("a");
	(void)unlink("link");
	(void)unlink("b");
	(void)unlink("b2");
	(void)rmdir("dir");
	arena_free(a);
	return done();
}
