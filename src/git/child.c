/* for setrlimit's RLIMIT_DATA and prctl, which POSIX does not have */
#define _DEFAULT_SOURCE

#include "git/child.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "git/jail.h"

/* Reading a large history costs seconds of CPU. A process that neither answers nor computes waits for something
 * that never comes. */
enum { LOOK_MS = 200, IDLE_MS = 5000, MAX_CPU_S = 120, MAX_DATA_MIB = 1024, MAX_FILES = 256 };

extern char **environ; /* POSIX: declared by whoever uses it */

static void
limit(int what, rlim_t most)
{
	const struct rlimit both = { most, most };

	(void)setrlimit(what, &both); /* what cannot be lowered is low already */
}

/* In the new process, which has pages of its own: tokens may still be in variables, and nothing here needs one. */
static void
forget_environment(void)
{
	for (char **variable = environ; variable && *variable; variable++)
		memset(*variable, 0, strlen(*variable));
}

/* In the new process: what it may do and have from now on. */
static void
confine(int fd)
{
	forget_environment();
	(void)prctl(PR_SET_PDEATHSIG, (unsigned long)SIGKILL, 0UL, 0UL, 0UL);
	limit(RLIMIT_CPU, MAX_CPU_S);
	limit(RLIMIT_FSIZE, 0); /* it writes no file */
	limit(RLIMIT_NOFILE, MAX_FILES);
#if !defined(__SANITIZE_ADDRESS__) /* which wants terabytes of address space */
	limit(RLIMIT_DATA, (rlim_t)MAX_DATA_MIB << 20);
#endif
	for (int other = STDERR_FILENO + 1; other < MAX_FILES; other++)
		if (other != fd)
			(void)close(other);
	jail_enter();
}

static NORETURN void
run_child(int fd)
{
	confine(fd);
	serve(fd);
	_exit(0);
}

int
child_start(struct child *c, struct err *err)
{
	pid_t parent = getpid();
	int ends[2];

	*c = (struct child){ .fd = -1 };
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return err_set(
		    err, ERR_SYSTEM, "cannot make a socket for git: %s", strerror(errno));
	c->pid = fork();
	if (c->pid == 0) {
		(void)close(ends[0]);
		if (getppid() == parent)
			run_child(ends[1]);
		_exit(1);
	}
	(void)close(ends[1]);
	c->fd = ends[0];
	if (c->pid > 0)
		return 0;
	(void)err_set(err, ERR_SYSTEM, "cannot make a process for git: %s", strerror(errno));
	(void)close(c->fd);
	*c = (struct child){ .fd = -1 };
	return -1;
}

/* How it has ended; it is killed where it has not. */
static int
reap(struct child *c)
{
	int status = 0;

	(void)kill(c->pid, SIGKILL);
	while (waitpid(c->pid, &status, 0) < 0 && errno == EINTR)
		continue;
	(void)close(c->fd);
	*c = (struct child){ .fd = -1 };
	return status;
}

void
child_end(struct child *c)
{
	if (c->pid > 0)
		(void)reap(c);
}

static int64_t
cpu_ms(pid_t pid)
{
	struct timespec used;
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &used) < 0)
		return 0;
	return (int64_t)used.tv_sec * 1000 + used.tv_nsec / 1000000;
}

/* False when it does nothing any more. */
static bool
wait_for_answer(const struct child *c)
{
	struct pollfd answer = { .fd = c->fd, .events = POLLIN };
	int64_t used = cpu_ms(c->pid), since = clock_ms();

	while (poll(&answer, 1, LOOK_MS) <= 0) {
		int64_t now = cpu_ms(c->pid);

		if (now != used)
			since = clock_ms();
		used = now;
		if (clock_ms() - since >= IDLE_MS)
			return false;
	}
	return true;
}

static int
explain_end(struct child *c, const char *path, bool is_idle, struct err *err)
{
	int status = reap(c);

	if (is_idle)
		(void)err_set(err, ERR_SYSTEM,
		    "reading the git repository at '%s' does not end: one of its files may be a "
		    "pipe",
		    path);
	else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
		(void)err_set(
		    err, ERR_SYSTEM, "reading the git repository at '%s' takes too long", path);
	else if (WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL)
		(void)err_set(err, ERR_SYSTEM,
		    "the git repository at '%s' is broken: its reader died of signal %d", path,
		    WTERMSIG(status));
	else
		(void)err_set(err, ERR_SYSTEM, "the git repository at '%s' cannot be read", path);
	return err_hint(err, "run 'git fsck' there, or name the commit with --sha");
}

int
child_ask(struct child *c, const char *path, const struct message *question, struct arena *a,
    struct message *answer, struct err *err)
{
	bool is_idle = false;

	if (c->pid <= 0)
		return err_set(
		    err, ERR_SYSTEM, "the git repository at '%s' cannot be read any more", path);
	if (message_send(c->fd, question) < 0)
		return explain_end(c, path, false, err);
	is_idle = !wait_for_answer(c);
	if (is_idle || message_receive(c->fd, a, answer) < 0)
		return explain_end(c, path, is_idle, err);
	if (answer->code == 0)
		return 0;
	*err = answer->err;
	return -1;
}
