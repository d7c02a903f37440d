/* for realpath() */
#define _XOPEN_SOURCE 700

#include "tap.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "files/paths.h"

enum { NOBODY = 65534 };

static void
must(bool good, const char *what)
{
	if (good)
		return;
	printf("Bail out! cannot %s\n", what);
	exit(1);
}

static void
make_file(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0644);

	must(fd >= 0 && close(fd) == 0, path);
}

static void
make_dir(const char *path)
{
	must(mkdir(path, 0755) == 0, path);
}

static void
remove_all(struct arena *a, const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		const char *below = arena_fmt(a, "%s/%s", path, entry->d_name).ptr;
		struct stat st;

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (lstat(below, &st) == 0 && S_ISDIR(st.st_mode))
			remove_all(a, below);
		else
			(void)unlink(below);
	}
	if (dir)
		(void)closedir(dir);
	(void)rmdir(path);
}

/* The tree that most tests look at. */
static void
make_tree(void)
{
	static const char *const dirs[] = { "p", "p/sub", "p/sub/deep", "p/.hidden", "empty", "odd",
		"secret", "work", "workspace" };
	static const char *const files[] = { "a.json", "b*.json", "bx.json", "p/2.yaml", "p/10.yml",
		"p/1.json", "p/README.md", "p/.x.json", "p/.hidden/h.json", "p/sub/s.json",
		"p/sub/deep/d.json", "p/sub/JSON", "odd/[id].json", "odd/i.json", "work/w.json",
		"workspace/o.json", "secret/s.json", "-.json" };

	for (size_t i = 0; i < COUNT_OF(dirs); i++)
		make_dir(dirs[i]);
	for (size_t i = 0; i < COUNT_OF(files); i++)
		make_file(files[i]);
	must(symlink("p", "link") == 0 && symlink("..", "p/sub/up") == 0, "symlink");
	must(symlink("../../a.json", "p/sub/z.json") == 0, "symlink");
	must(symlink("../workspace/o.json", "work/out.json") == 0, "symlink");
	must(symlink("../workspace", "work/dir") == 0 && symlink("nowhere", "odd/gone") == 0,
	    "symlink");
	must(symlink("../1.json", "p/sub/one") == 0, "symlink");
	must(link("p/1.json", "empty/same.json") == 0, "link");
	must(mkfifo("odd/fifo", 0644) == 0, "mkfifo");
}

/* Expands PATHs that are separated by '|'; the names found, joined by blanks, or the error. Files
 * that the user named end in '!'. */
static struct str
expand(struct arena *a, const char *patterns, const char *fence, struct path_list *out)
{
	struct str rest = str_of(patterns), part;
	struct buf names = BUF_INIT(100000);
	struct err err = { 0 };
	const char *list[8];
	size_t count = 0;

	while (count < COUNT_OF(list) && str_split(&rest, '|', &part))
		list[count++] = arena_cstr(a, part);
	*out = (struct path_list){ 0 };
	if (paths_expand(a, list, count, fence, path_is_spec, out, &err) != 0) {
		buf_fmt(&names, "%s: %s", err.kind == ERR_USAGE ? "usage" : "error", err.text);
		return buf_take(&names, a);
	}
	for (size_t i = 0; i < out->count; i++)
		buf_fmt(&names, "%s%s%s", i ? " " : "", out->list[i].name,
		    out->list[i].origin == PATH_NAMED ? "!" : "");
	return buf_take(&names, a);
}

struct expectation {
	const char *patterns, *names;
	size_t others;
};

static void
check(struct arena *a, const struct expectation *rows, size_t count, const char *fence)
{
	for (size_t i = 0; i < count; i++) {
		struct path_list out;
		struct str names = expand(a, rows[i].patterns, fence, &out);
		bool good = str_is(names, rows[i].names) && out.others == rows[i].others;

		ok(good, "%s", rows[i].patterns);
		if (!good)
			printf("# %.*s\n# others %zu\n", STR_FMT(names), out.others);
	}
}

static void
test_paths_expand__files_and_directories(struct arena *a)
{
	static const char below_p[] =
	    "p/1.json p/10.yml p/2.yaml p/sub/deep/d.json p/sub/s.json p/sub/z.json";
	static const char below_link[] = "link/1.json link/10.yml link/2.yaml link/sub/deep/d.json "
	                                 "link/sub/s.json link/sub/z.json";
	static const struct expectation rows[] = {
		{ "a.json", "a.json!", 0 },
		{ "./a.json", "./a.json!", 0 },
		{ "p/README.md", "p/README.md!", 0 },
		{ "a.json|p/1.json|a.json", "a.json! p/1.json!", 0 },
		{ "p", below_p, 3 },
		{ "p/", below_p, 3 },
		{ "./p", below_p, 3 },
		{ "link", below_link, 3 },
		{ "p/.hidden", "p/.hidden/h.json", 0 },
		{ "p/sub/deep|p/sub", "p/sub/deep/d.json p/sub/s.json p/sub/z.json", 2 },
		{ "p/sub|p/sub/s.json", "p/sub/deep/d.json p/sub/s.json! p/sub/z.json", 2 },
		{ "empty|p/1.json", "empty/same.json!", 0 },
		{ "work", "work/out.json work/w.json", 0 },
		{ "-", "-!", 0 },
		{ "-|a.json", "-! a.json!", 0 },
		{ "-.json", "-.json!", 0 },
		{ "", "usage: empty PATH", 0 },
		{ "-|-", "usage: standard input ('-') is given twice", 0 },
		{ "x.json", "error: cannot find 'x.json': No such file or directory", 0 },
		{ "a.json/x", "error: cannot find 'a.json/x': Not a directory", 0 },
		{ "odd/gone", "error: cannot find 'odd/gone': No such file or directory", 0 },
		{ "odd/fifo", "error: 'odd/fifo' is a FIFO or pipe, not a regular file", 0 },
		{ "/dev/null", "error: '/dev/null' is a device, not a regular file", 0 },
	};

	check(a, rows, COUNT_OF(rows), NULL);
}

static void
test_paths_expand__globs(struct arena *a)
{
	static const struct expectation rows[] = {
		{ "b*.json", "b*.json!", 0 },
		{ "odd/[id].json", "odd/[id].json!", 0 },
		{ "b\\*.jso?", "b*.json", 0 },
		{ "[ab]*.json", "a.json b*.json bx.json", 0 },
		{ "p/*", "p/1.json p/10.yml p/2.yaml p/README.md", 0 },
		{ "./p/*.json", "p/1.json", 0 },
		{ "p/**",
		    "p/1.json p/10.yml p/2.yaml p/README.md p/sub/JSON p/sub/deep/d.json "
		    "p/sub/s.json p/sub/z.json",
		    0 },
		{ "**/s.json", "p/sub/s.json secret/s.json", 0 },
		{ "**/**/deep/**/*.json", "p/sub/deep/d.json", 0 },
		{ "*/sub/*.json", "link/sub/s.json link/sub/z.json", 0 },
		{ "p/*/up/*.json", "p/sub/up/1.json", 0 },
		{ "p/.*/*.json", "p/.hidden/h.json", 0 },
		{ "p/.*", "p/.x.json", 0 },
		{ "p/?.json|p/*.yml", "p/1.json p/10.yml", 0 },
		{ "odd/*.json", "odd/[id].json odd/i.json", 0 },
		{ "odd/g*",
		    "error: no file matches 'odd/g*': 1 entry skipped: 'odd/gone' (a dangling "
		    "symbolic link)",
		    0 },
		{ "odd/*", "odd/[id].json odd/i.json", 0 },
		{ "*.yaml", "error: no file matches '*.yaml'", 0 },
		{ "none/*.json", "error: no file matches 'none/*.json'", 0 },
		{ "a.json/*", "error: no file matches 'a.json/*'", 0 },
		{ "*/", "error: no file matches '*/'", 0 },
		{ "p*", "error: no file matches 'p*'", 0 },
	};

	check(a, rows, COUNT_OF(rows), NULL);
}

/* The text of the error, with the directory of the tests cut out. */
static void
test_paths_expand__fence(struct arena *a, const char *here)
{
	const struct {
		const char *patterns, *names;
	} rows[] = {
		{ "work/w.json", "work/w.json!" },
		{ "work/../work/w.json", "work/../work/w.json!" },
		{ "work/w*", "work/w.json" },
		{ "workspace/o.json", "error: 'workspace/o.json' leads to '@/workspace/o.json', "
		                      "outside the workspace '@/work'" },
		{ "workspace",
		    "error: 'workspace' leads to '@/workspace', outside the workspace '@/work'" },
		{ "w*/*.json", "error: '.' leads to '@', outside the workspace '@/work'" },
		{ "work/dir/*.json",
		    "error: 'work/dir/' leads to '@/workspace', outside the workspace '@/work'" },
		{ "work/*/*.json",
		    "error: 'work/dir' leads to '@/workspace', outside the workspace '@/work'" },
		{ "work", "error: 'work/out.json' leads to '@/workspace/o.json', outside the "
		          "workspace '@/work'" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buf want = BUF_INIT(10000);
		struct str rest = str_of(rows[i].names), part, names;
		struct path_list out;
		bool is_first = true;

		for (; str_split(&rest, '@', &part); is_first = false) {
			buf_add(&want, is_first ? STR("") : str_of(here));
			buf_add(&want, part);
		}
		names = expand(a, rows[i].patterns, "work", &out);
		ok(str_eq(names, buf_str(&want)), "%s: %.*s", rows[i].patterns, STR_FMT(names));
		buf_free(&want);
	}
}

static void
test_paths_expand__unreadable_directory(struct arena *a)
{
	static const struct expectation rows[] = {
		{ "secret", "error: cannot open directory 'secret': Permission denied", 0 },
		{ "**/s.json", "p/sub/s.json", 0 },
		{ "p/sub/s.json|*.json", "p/sub/s.json! -.json a.json b*.json bx.json", 0 },
	};
	bool was_root = geteuid() == 0;

	must(chmod("secret", 0) == 0, "chmod");
	must(!was_root || seteuid(NOBODY) == 0, "be nobody");
	check(a, rows, COUNT_OF(rows), NULL);
	must(!was_root || seteuid(0) == 0, "be root again");
	must(chmod("secret", 0755) == 0, "chmod");
}

/* In a directory it is skipped, and listed. */
static void
test_paths_expand__unusable(struct arena *a)
{
	struct path_list out;
	struct str names, text;
	bool was_root = geteuid() == 0;

	make_dir("mixed");
	make_dir("mixed/closed");
	make_file("mixed/a.json");
	must(symlink("nowhere", "mixed/gone.json") == 0, "symlink");
	must(symlink("nowhere", "mixed/gone.txt") == 0, "symlink");
	must(symlink("loop.json", "mixed/loop.json") == 0, "symlink");
	must(mkfifo("mixed/fifo.json", 0644) == 0, "mkfifo");
	must(chmod("mixed/closed", 0) == 0, "chmod");
	must(!was_root || seteuid(NOBODY) == 0, "be nobody");
	names = expand(a, "mixed", NULL, &out);
	text = unusable_text(&out.unusable, a);
	must(!was_root || seteuid(0) == 0, "be root again");
	must(chmod("mixed/closed", 0755) == 0, "chmod");
	ok(str_is(names, "mixed/a.json") && out.others == 1, "%.*s", STR_FMT(names));
	ok(str_is(text, "4 entries skipped: 'mixed/closed' (permission denied), "
	                "'mixed/fifo.json' (a FIFO or pipe), "
	                "'mixed/gone.json' (a dangling symbolic link), "
	                "'mixed/loop.json' (a loop of symbolic links)"),
	    "%.*s", STR_FMT(text));
}

static void
test_paths_expand__depth(struct arena *a)
{
	char path[4 * MAX_DIR_DEPTH + 20] = "nest";
	struct path_list out;
	struct str names;

	make_dir(path);
	for (int i = 0; i < MAX_DIR_DEPTH; i++) {
		(void)snprintf(path + strlen(path), sizeof(path) - strlen(path), "/d");
		make_dir(path);
	}
	(void)snprintf(path + strlen(path), sizeof(path) - strlen(path), "/x.json");
	make_file(path);
	names = expand(a, "nest", NULL, &out);
	ok(str_is(names, path), "a file %d directories down: %.*s", MAX_DIR_DEPTH, STR_FMT(names));
	memcpy(strrchr(path, '/'), "/d", 3);
	make_dir(path);
	names = expand(a, "nest", NULL, &out);
	ok(str_starts(names, "error: directories nest deeper than 32 levels at 'nest/d/d"), "%.*s",
	    STR_FMT(names));
}

static void
test_paths_expand__many_files(struct arena *a)
{
	clock_t start;
	struct path_list out;
	struct str names;
	char name[40];

	make_dir("many");
	for (int i = 0; i < 20000; i++) {
		(void)snprintf(name, sizeof(name), "many/%05d.json", (i * 7919) % 20000);
		make_file(name);
	}
	start = clock();
	(void)expand(a, "many|many/*|many", ".", &out);
	ok(out.count == 20000 && strcmp(out.list[19999].name, "many/19999.json") == 0,
	    "20,000, once each");
	ok(clock() - start < 2 * CLOCKS_PER_SEC, "quickly");
	for (int i = 20000; i <= MAX_SPEC_FILES; i++) {
		(void)snprintf(name, sizeof(name), "many/%05d.json", i);
		make_file(name);
	}
	names = expand(a, "many", NULL, &out);
	ok(str_is(names, "error: the paths match more than 50000 files"), "%.*s",
	    STR_FMT(str_head(names, 80)));
}

int
main(void)
{
	char dir[] = "/tmp/pachup-paths-XXXXXX";
	struct arena *a = arena_new(no_memory);
	char *here;

	must(mkdtemp(dir) && chdir(dir) == 0 && chmod(".", 0755) == 0, "make a directory");
	here = realpath(".", NULL);
	must(here, "find out where");
	make_tree();
	test_paths_expand__files_and_directories(a);
	test_paths_expand__globs(a);
	test_paths_expand__fence(a, here);
	test_paths_expand__unreadable_directory(a);
	test_paths_expand__unusable(a);
	test_paths_expand__depth(a);
	test_paths_expand__many_files(a);
	must(chdir("/") == 0, "leave");
	remove_all(a, here);
	free(here);
	arena_free(a);
	return done();
}
