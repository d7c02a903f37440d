#include "tap.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/limits.h"
#include "secret/secret.h"

#define BYTES(lit)                   \
	{                            \
		lit, sizeof(lit) - 1 \
	}

struct want {
	struct str bytes;
	const char *seen; /* where they lay while lent */
};

static int
compare(void *ctx, struct str bytes)
{
	struct want *want = ctx;

	want->seen = bytes.ptr;
	return str_eq(want->bytes, bytes) ? 42 : 0;
}

static bool
holds(const struct secret *s, struct str bytes)
{
	struct want want = { .bytes = bytes };

	return s && secret_lend(s, compare, &want) == 42;
}

static void
test_secret_guard_process__no_dumps(void)
{
	struct rlimit core = { 1, 1 };
	struct err err = { 0 };

	ok(secret_guard_process(&err) == 0, "the process is guarded: %s", err.text);
	ok(getrlimit(RLIMIT_CORE, &core) == 0 && core.rlim_cur == 0 && core.rlim_max == 0,
	    "no core files");
	ok(prctl(PR_GET_DUMPABLE, 0L, 0L, 0L, 0L) == 0, "not dumpable");
	ok(secret_guard_process(&err) == 0, "a second time does no harm");
}

static void
test_secret_new__takes_and_refuses(void)
{
	static const struct {
		struct str in, kept;
		const char *why; /* NULL: accepted */
	} rows[] = {
		{ BYTES("abc"), BYTES("abc"), NULL },
		{ BYTES(" \tabc\r\n"), BYTES("abc"), NULL },
		{ BYTES("!~"), BYTES("!~"), NULL },
		{ BYTES(""), BYTES(""), "is empty" },
		{ BYTES(" \n"), BYTES(""), "is empty" },
		{ BYTES("hunter2 x"), BYTES(""), "a space, a control" },
		{ BYTES("hunter2\nx"), BYTES(""), "a space, a control" },
		{ BYTES("hunter2\0x"), BYTES(""), "a space, a control" },
		{ BYTES("hunter2\x7f"), BYTES(""), "a space, a control" },
		{ BYTES("hunter2\xc3\xa9"), BYTES(""), "outside ASCII" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct err err = { 0 };
		struct secret *s = secret_new(rows[i].in, "input 'token'", &err);

		if (rows[i].why)
			ok(!s && err.kind == ERR_USAGE && strstr(err.text, "input 'token'")
			        && strstr(err.text, rows[i].why) && *err.hint
			        && !strstr(err.text, "hunter2"),
			    "row %zu: %s", i, err.text);
		else
			ok(holds(s, rows[i].kept), "row %zu is kept", i);
		secret_free(s);
	}
}

static void
test_secret_new__longest(void)
{
	static char lots[MAX_TOKEN_BYTES + 1];
	struct err err = { 0 };
	struct secret *s;

	memset(lots, 'x', sizeof(lots));
	s = secret_new((struct str){ lots, MAX_TOKEN_BYTES }, "t", &err);
	ok(holds(s, (struct str){ lots, MAX_TOKEN_BYTES }), "the longest fits");
	secret_free(s);
	s = secret_new((struct str){ lots, sizeof(lots) }, "t", &err);
	ok(!s && err.kind == ERR_USAGE, "one byte more does not: %s", err.text);
	secret_free(s);
}

static void
test_secret_lend__unreadable_otherwise(void)
{
	struct err err = { 0 };
	struct secret *s = secret_new(STR("abc"), "t", &err);
	struct want want = { .bytes = STR("abc") };
	int fds[2] = { -1, -1 };

	ok(s && secret_lend(s, compare, &want) == 42, "the borrower's result comes back");
	/* the kernel reads for us: no signal to catch, just EFAULT */
	ok(pipe(fds) == 0 && write(fds[1], want.seen, 3) < 0,
	    "after the loan the bytes cannot be read");
	ok(s && secret_lend(s, compare, &want) == 42, "they can be lent again");
	close(fds[0]);
	close(fds[1]);
	secret_free(s);
	secret_free(NULL);
}

static void
test_secret_read_bytes__failures(void)
{
	struct err err = { 0 };
	const char *path = "/tmp/test_secret.nothing/there";
	struct secret *s = secret_read_bytes(path, "--token-file", &err);

	ok(!s && err.kind == ERR_SYSTEM && strstr(err.text, path), "no file: %s", err.text);
	s = secret_read_bytes("/tmp", "--token-file", &err);
	ok(!s && err.kind == ERR_SYSTEM, "a directory: %s", err.text);
	s = secret_read_fd_bytes(-1, "--token-stdin", &err);
	ok(!s && err.kind == ERR_SYSTEM && strstr(err.text, "--token-stdin"), "no descriptor: %s",
	    err.text);
}

static void
test_secret_read_bytes__whole_files(void)
{
	static char lots[MAX_SECRET_BYTES + 1];
	static const char text[] = "# two\nlines \n";
	struct err err = { 0 };
	char path[] = "/tmp/test_secret.XXXXXX";
	int fd = mkstemp(path);
	struct secret *s;

	ok(fd >= 0 && write(fd, text, sizeof(text)) == sizeof(text),
	    "a file with blanks and a NUL");
	s = secret_read_bytes(path, "--token-file", &err);
	ok(holds(s, (struct str){ text, sizeof(text) }), "is read as it is");
	secret_free(s);
	(void)lseek(fd, 0, SEEK_SET);
	s = secret_read_fd_bytes(fd, "--token-file", &err);
	ok(holds(s, (struct str){ text, sizeof(text) }), "from a descriptor, too");
	secret_free(s);
	(void)lseek(fd, 0, SEEK_SET);
	ok(write(fd, lots, sizeof(lots)) == (ssize_t)sizeof(lots), "a large file");
	s = secret_read_bytes(path, "--token-file", &err);
	ok(!s && err.kind == ERR_USAGE && strstr(err.text, "longer than"), "is refused: %s",
	    err.text);
	ok(ftruncate(fd, 0) == 0, "an empty one");
	s = secret_read_bytes(path, "--token-file", &err);
	ok(!s && err.kind == ERR_USAGE && strstr(err.text, "is empty"), "is refused: %s", err.text);
	close(fd);
	(void)unlink(path);
}

static void
test_secret_read_fd_bytes__in_pieces(void)
{
	struct err err = { 0 };
	struct secret *s;
	int fds[2];
	pid_t child;

	if (pipe(fds) < 0)
		return;
	child = fork();
	if (child == 0) {
		for (const char *p = "pieces\n"; *p; p++)
			if (write(fds[1], p, 1) != 1)
				_exit(1);
		_exit(0);
	}
	close(fds[1]);
	s = secret_read_fd_bytes(fds[0], "--token-stdin", &err);
	ok(holds(s, STR("pieces\n")), "from a pipe, byte by byte");
	secret_free(s);
	close(fds[0]);
	(void)waitpid(child, NULL, 0);
}

static void
test_secret_wipe__zeroes(void)
{
	char bytes[] = "abc", zero[sizeof(bytes)] = { 0 };

	secret_wipe(bytes, sizeof(bytes));
	ok(memcmp(bytes, zero, sizeof(bytes)) == 0, "nothing is left");
}

static int
see_nothing(void *ctx, struct str bytes)
{
	(void)ctx, (void)bytes;
	return 0;
}

/* A process that reads what others wrote is forked while the token is there. */
static void
test_secret_keep_from_forks(void)
{
	struct err err = { 0 };
	struct secret *s = secret_new(STR("not-for-children"), "token", &err);
	int status = 0;
	pid_t pid;

	secret_keep_from_forks(s);
	pid = fork();
	if (pid == 0)
		_exit(secret_lend(s, see_nothing, NULL) < 0 ? 7 : 0);
	(void)waitpid(pid, &status, 0);
	ok(WIFEXITED(status) && WEXITSTATUS(status) == 7, "a forked process cannot lend it");
	ok(holds(s, STR("not-for-children")), "and here it still is");
	secret_free(s);
}

int
main(void)
{
	test_secret_guard_process__no_dumps();
	test_secret_new__takes_and_refuses();
	test_secret_new__longest();
	test_secret_lend__unreadable_otherwise();
	test_secret_read_bytes__failures();
	test_secret_read_bytes__whole_files();
	test_secret_read_fd_bytes__in_pieces();
	test_secret_keep_from_forks();
	test_secret_wipe__zeroes();
	return done();
}
