/* base/watch.h: what ends a run that does not look. Each scene runs in a process of its own. */
#include "tap.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "process/watch.h"

/* Limits of a loaded machine; what must not happen would take LONG_MS. */
enum { SOON_MS = 20000, LONG_MS = 60000 };

static int64_t
now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void
spin(int64_t ms)
{
	int64_t end = now_ms() + ms;

	while (now_ms() < end)
		continue;
}

static struct watch *
start(int64_t deadline_ms)
{
	const struct watch_ends ends = {
		.deadline_ms = deadline_ms, .late_code = 4, .interrupted = "", .late = ""
	};
	struct err err = { 0 };
	struct watch *w = watch_start(&ends, &err);

	if (!w)
		_exit(99);
	return w;
}

static void
say(int fd)
{
	if (write(fd, "x", 1) != 1)
		_exit(98);
}

/* The scenes: each says "ready" on fd, and its result is the exit code. */

static int
scene_computes(int fd)
{
	(void)start(0);
	say(fd);
	spin(LONG_MS);
	return 0;
}

static int
scene_is_late(int fd)
{
	(void)start(now_ms() + 50);
	say(fd);
	spin(LONG_MS);
	return 0;
}

static int
scene_looks(int fd)
{
	struct watch *w = start(0);
	struct pollfd stop = { .fd = watch_stop_fd(w), .events = POLLIN };
	int signal_seen;

	say(fd);
	if (poll(&stop, 1, LONG_MS) != 1)
		return 0;
	signal_seen = watch_signal(w);
	watch_end(w);
	return 10 + signal_seen;
}

/* Says a second time when it has seen the first signal. */
static int
scene_cleans_up(int fd)
{
	struct watch *w = start(0);
	struct pollfd stop = { .fd = watch_stop_fd(w), .events = POLLIN };

	watch_hold(w);
	say(fd);
	(void)poll(&stop, 1, LONG_MS);
	watch_allow(w, now_ms() + LONG_MS);
	say(fd);
	spin(LONG_MS);
	return 0;
}

/* Takes longer than one that is not allowed to, and ends by itself. */
static int
scene_is_allowed(int fd)
{
	struct watch *w = start(now_ms());

	watch_allow(w, now_ms() + LONG_MS);
	say(fd);
	spin(WATCH_FREE_MS * 3);
	watch_end(w);
	return 55;
}

/* Computes with a hint set, and perhaps taken back. */
static int
compute_with(int fd, const char *hint, bool is_taken_back)
{
	struct watch *w = start(0);

	watch_hint(w, hint);
	if (is_taken_back)
		watch_hint(w, NULL);
	say(fd);
	spin(LONG_MS);
	return 0;
}

static int
scene_leaves_something(int fd)
{
	return compute_with(fd, "  hint: look there\n", false);
}

static int
scene_leaves_nothing(int fd)
{
	return compute_with(fd, "  hint: look there\n", true);
}

static int
scene_would_command(int fd)
{
	return compute_with(fd, "  hint: look there\n::error::x\n", false);
}

static int
scene_would_command_azure(int fd)
{
	return compute_with(fd, "  hint: ##vso[task.complete]\n", false);
}

/* Sits in a library that reads on and on. */
static int
scene_reads(int fd)
{
	struct watch *w = start(0);
	int ends[2];
	char byte;
	ssize_t n;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)
		return 97;
	watch_socket(w, ends[0]);
	watch_enter(w, now_ms() + 50, true);
	say(fd);
	n = read(ends[0], &byte, 1);
	return n == 0 && watch_leave(w) ? 66 : 67;
}

/* As scene_reads(), and only a signal ends it. */
static int
scene_reads_for_ever(int fd)
{
	struct watch *w = start(0);
	int ends[2];
	char byte;
	ssize_t n;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)
		return 97;
	watch_hold(w);
	watch_socket(w, ends[0]);
	watch_enter(w, 0, true);
	say(fd);
	n = read(ends[0], &byte, 1);
	return n == 0 && watch_leave(w) ? 66 : 67;
}

static const struct scene {
	const char *name;
	int (*play)(int fd);
	int signals[2]; /* sent when it is ready, and when it says so again */
	int code;
	const char *said; /* on standard error; NULL: nothing */
} scenes[] = {
	{ "a run that computes is ended by SIGINT", scene_computes, { SIGINT, 0 }, 130, NULL },
	{ "a run that computes is ended by SIGTERM", scene_computes, { SIGTERM, 0 }, 143, NULL },
	{ "a run that computes is ended by its deadline", scene_is_late, { 0, 0 }, 4, NULL },
	{ "a run that looks ends itself", scene_looks, { SIGTERM, 0 }, 10 + SIGTERM, NULL },
	{ "a second signal ends a run that cleans up", scene_cleans_up, { SIGINT, SIGTERM }, 130,
	    NULL },
	{ "a run that is allowed to goes on", scene_is_allowed, { 0, 0 }, 55, NULL },
	{ "what may be left is said", scene_leaves_something, { SIGTERM, 0 }, 143,
	    "  hint: look there\n" },
	{ "what is not left is not", scene_leaves_nothing, { SIGTERM, 0 }, 143, NULL },
	{ "a hint cannot command GitHub", scene_would_command, { SIGTERM, 0 }, 143, NULL },
	{ "a hint cannot command Azure", scene_would_command_azure, { SIGTERM, 0 }, 143, NULL },
	{ "a library that should be back loses its socket", scene_reads, { 0, 0 }, 66, NULL },
	{ "a library loses its socket at a signal", scene_reads_for_ever, { SIGTERM, 0 }, 66,
	    NULL },
};

static void
play(const struct scene *scene)
{
	int64_t begin = now_ms(), took;
	int ends[2], errors[2], status = 0;
	char byte, said[200] = "";
	pid_t pid;

	if (pipe(ends) < 0 || pipe(errors) < 0)
		return;
	pid = fork();
	if (pid == 0) {
		(void)dup2(errors[1], STDERR_FILENO);
		_exit(scene->play(ends[1]));
	}
	for (size_t i = 0; i < 2; i++)
		if (scene->signals[i] && read(ends[0], &byte, 1) == 1)
			(void)kill(pid, scene->signals[i]);
	(void)waitpid(pid, &status, 0);
	took = now_ms() - begin;
	close(errors[1]);
	if (read(errors[0], said, sizeof(said) - 1) < 0)
		said[0] = '?';
	ok(WIFEXITED(status) && WEXITSTATUS(status) == scene->code && took < SOON_MS
	        && strcmp(said, scene->said ? scene->said : "") == 0,
	    "%s: exit %d, wanted %d, after %lld ms, %zu bytes on standard error", scene->name,
	    WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status), scene->code,
	    (long long)took, strlen(said));
	close(errors[0]);
	close(ends[0]);
	close(ends[1]);
}

static void
test_watch__null(void)
{
	watch_hold(NULL);
	watch_release(NULL);
	watch_allow(NULL, 1);
	watch_hint(NULL, "x\n");
	watch_socket(NULL, 1);
	watch_enter(NULL, 1, true);
	ok(!watch_leave(NULL) && watch_stop_fd(NULL) == -1 && watch_signal(NULL) == 0,
	    "without a watch nothing happens");
	watch_end(NULL);
}

int
main(void)
{
	test_watch__null();
	for (size_t i = 0; i < sizeof(scenes) / sizeof(scenes[0]); i++)
		play(&scenes[i]);
	return done();
}
