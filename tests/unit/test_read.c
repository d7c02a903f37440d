#include "tap.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "files/read.h"

static void
must(bool good, const char *what)
{
	if (good)
		return;
	printf("Bail out! cannot %s\n", what);
	exit(1);
}

static void
write_file(const char *path, const char *text, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	must(fd >= 0 && write(fd, text, len) == (ssize_t)len && close(fd) == 0, path);
}

static void
test_file_read__sizes(struct arena *a)
{
	static char big[200000];
	static const size_t sizes[] = { 0, 1, 511, 512, 513, 4096, sizeof(big) };
	struct err err = { 0 };
	struct str out;

	memset(big, 'x', sizeof(big));
	for (size_t i = 0; i < COUNT_OF(sizes); i++) {
		size_t n = sizes[i];

		write_file("f", big, n);
		ok(file_read(a, "f", n, &out, &err) == 0 && out.len == n && out.ptr[n] == '\0'
		        && memcmp(out.ptr, big, n) == 0,
		    "%zu bytes of at most %zu", n, n);
		ok(n == 0 || file_read(a, "f", n - 1, &out, &err) == -1, "one more than allowed");
	}
	ok(err.kind == ERR_SYSTEM
	        && strcmp(err.text, "'f' is too large: at least 200000 bytes, the limit is 199999")
	               == 0,
	    "%s", err.text);
}

static void
test_file_read__refuses(struct arena *a)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX, .sun_path = "sock" };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	static const struct {
		const char *path, *text;
	} rows[] = {
		{ "fifo", "'fifo' is a FIFO or pipe, not a regular file" },
		{ "sock", "'sock' is not a regular file" },
		{ ".", "'.' is a directory, not a regular file" },
		{ "/dev/zero", "'/dev/zero' is a device, not a regular file" },
		{ "none", "cannot open 'none': No such file or directory" },
		{ "loop", "cannot open 'loop': Too many levels of symbolic links" },
	};

	must(fd >= 0 && bind(fd, (struct sockaddr *)&addr, sizeof(addr)) == 0, "bind");
	must(mkfifo("fifo", 0644) == 0 && symlink("loop", "loop") == 0, "make files");
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct err err = { 0 };
		struct str out;

		ok(file_read(a, rows[i].path, 10, &out, &err) == -1 && err.kind == ERR_SYSTEM
		        && strcmp(err.text, rows[i].text) == 0,
		    "%s", err.text);
	}
	(void)close(fd);
}

static void
test_file_read__a_file_without_a_size(struct arena *a)
{
	struct err err = { 0 };
	struct str out;

	if (access("/proc/self/limits", R_OK) != 0) {
		skip("no /proc");
		return;
	}
	ok(file_read(a, "/proc/self/limits", 1 << 20, &out, &err) == 0 && out.len > 600,
	    "a file of /proc");
	ok(file_read(a, "/proc/self/limits", 600, &out, &err) == -1, "its ceiling: %s", err.text);
}

static void
test_fd_read__pipe(struct arena *a)
{
	char text[] = "from a pipe";
	struct err err = { 0 };
	struct str out;
	int fd[2];

	must(pipe(fd) == 0 && fcntl(fd[0], F_SETFL, O_NONBLOCK) == 0, "pipe");
	must(write(fd[1], text, strlen(text)) > 0, "write");
	(void)close(fd[1]);
	ok(fd_read(a, fd[0], "-", 11, &out, &err) == 0 && str_is(out, text), "exactly the ceiling");
	(void)close(fd[0]);
	must(pipe(fd) == 0 && write(fd[1], text, strlen(text)) > 0, "pipe");
	ok(fd_read(a, fd[0], "standard input", 10, &out, &err) == -1
	        && strcmp(err.text, "'standard input' is too large: at least 11 bytes, the "
	                            "limit is 10")
	               == 0,
	    "%s", err.text);
	(void)close(fd[0]);
	(void)close(fd[1]);
	ok(fd_read(a, fd[0], "-", 10, &out, &err) == -1, "%s", err.text);
}

/* The writer is slower than the reader, and the reader's end does not block. */
static void
test_fd_read__waits(struct arena *a)
{
	struct err err = { 0 };
	struct str out;
	int fd[2];
	pid_t pid = -1;

	must(
	    pipe(fd) == 0 && fcntl(fd[0], F_SETFL, O_NONBLOCK) == 0 && (pid = fork()) >= 0, "fork");
	if (pid == 0) {
		struct timespec little = { .tv_nsec = 20000000 };

		for (int i = 0; i < 3; i++) {
			(void)nanosleep(&little, NULL);
			if (write(fd[1], "ab", 2) != 2)
				_exit(1);
		}
		_exit(0);
	}
	(void)close(fd[1]);
	ok(fd_read(a, fd[0], "-", 100, &out, &err) == 0 && str_is(out, "ababab"),
	    "all three pieces");
	(void)close(fd[0]);
	(void)waitpid(pid, NULL, 0);
}

static void
test_path_fenced__resolves(void)
{
	static const struct {
		const char *path, *fence;
		bool inside;
	} rows[] = {
		{ "work/a", "work", true },
		{ "work", "work", true },
		{ "work/../work/a", "work", true },
		{ "workspace/a", "work", false },
		{ "work/out", "work", false },
		{ "work/in", "work", true },
		{ "work/a", "link", true },
		{ "link/a", "work", true },
		{ "work/none", "work", false },
		{ "work/a", "none", false },
		{ "work/a", "/", true },
		{ "/etc", NULL, true },
		{ ".", "work", false },
	};

	must(mkdir("work", 0755) == 0 && mkdir("workspace", 0755) == 0, "mkdir");
	write_file("work/a", "", 0);
	write_file("workspace/a", "", 0);
	must(symlink("../workspace/a", "work/out") == 0 && symlink("a", "work/in") == 0, "symlink");
	must(symlink("work", "link") == 0, "symlink");
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct err err = { 0 };
		int rc = path_fenced(rows[i].path, rows[i].fence, &err);

		ok((rc == 0) == rows[i].inside && (rc == 0) == (err.kind == ERR_NONE),
		    "%s %s %s: %s", rows[i].path, rows[i].inside ? "in" : "not in",
		    rows[i].fence ? rows[i].fence : "(none)", err.text);
	}
}

/* Until it is killed, or for a minute. */
static void __attribute__((noreturn)) turn_link(void)
{
	(void)alarm(60);
	for (unsigned turn = 0;; turn++)
		if (symlink(turn % 2 ? "a" : "../workspace/a", "work/next") == 0)
			(void)rename("work/next", "work/turning");
}

/* A link that is turned from inside to outside and back while the file is read: whatever is read was inside. */
static void
test_file_read_in__turning_link(struct arena *a)
{
	enum { TURNS = 400 };
	size_t inside = 0, refused = 0, outside = 0;
	pid_t pid;

	write_file("workspace/a", "outside", 7);
	write_file("work/a", "inside", 6);
	must(symlink("a", "work/turning") == 0, "make a link");
	pid = fork();
	if (pid == 0)
		turn_link();
	for (size_t i = 0; i < TURNS; i++) {
		struct err err = { 0 };
		struct str text;
		int rc = file_read_in(a, "work/turning", "work", 100, &text, &err);

		inside += rc == 0 && str_is(text, "inside");
		outside += rc == 0 && str_is(text, "outside");
		refused += rc < 0;
	}
	(void)kill(pid, SIGKILL);
	(void)waitpid(pid, NULL, 0);
	(void)unlink("work/next");
	(void)unlink("work/turning");
	ok(outside == 0 && inside + refused == TURNS, "%zu times inside, %zu refused, %zu outside",
	    inside, refused, outside);
}

static void
clean_up(const char *dir)
{
	static const char *const names[] = { "f", "fifo", "sock", "loop", "link", "work/a",
		"work/out", "work/in", "work", "workspace/a", "workspace" };

	for (size_t i = 0; i < COUNT_OF(names); i++)
		must(remove(names[i]) == 0, names[i]);
	must(chdir("/") == 0 && rmdir(dir) == 0, "leave");
}

int
main(void)
{
	char dir[] = "/tmp/pachup-read-XXXXXX";
	struct arena *a = arena_new(no_memory);

	must(mkdtemp(dir) && chdir(dir) == 0, "make a directory");
	test_file_read__sizes(a);
	test_file_read__refuses(a);
	test_file_read__a_file_without_a_size(a);
	test_fd_read__pipe(a);
	test_fd_read__waits(a);
	test_path_fenced__resolves();
	test_file_read_in__turning_link(a);
	arena_free(a);
	clean_up(dir);
	return done();
}
