#include "process/watch.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/clock.h"

/* How often to look, and for how long a library may be busy after it should have come back. */
enum { TICK_MS = 100, BUSY_MS = 200 };

enum { MAX_SOCKETS = 16 };

struct watch {
	struct watch_ends ends;
	pthread_t thread;
	sem_t started; /* posted once the thread runs */
	int signals;   /* a signalfd, read by the thread only */
	int stop_fd, end_fd;
	atomic_int signal;            /* the first that came */
	atomic_int_least64_t stopped; /* when it came; 0: not yet */
	atomic_int_least64_t allowed; /* watch_allow() */
	_Atomic(const char *) hint;   /* watch_hint() */
	atomic_int_least64_t entered; /* into a library; 0: it is not in one */
	atomic_int_least64_t back_by; /* 0: at any time */
	atomic_bool heeds_stop, is_cut;
	atomic_int held;
	atomic_int sockets[MAX_SOCKETS]; /* a ring; -1: none */
	atomic_uint socket_count;
};

/* Without stdio, whose locks the run may hold; without waiting for a reader that does not read. */
static NORETURN void
end_process(struct watch *w, const char *line, int code)
{
	struct pollfd out = { .fd = STDERR_FILENO, .events = POLLOUT };
	const char *hint = atomic_load(&w->hint);
	const struct iovec lines[] = {
		{ (void *)(uintptr_t)line, strlen(line) }, /* writev() does not write to it */
		{ (void *)(uintptr_t)hint, hint ? strlen(hint) : 0 },
	};

	if (poll(&out, 1, 0) > 0 && writev(STDERR_FILENO, lines, COUNT_OF(lines)) < 0)
		_exit(code);
	_exit(code);
}

static NORETURN void
end_interrupted(struct watch *w)
{
	end_process(w, w->ends.interrupted, 128 + atomic_load(&w->signal));
}

static void
take_signal(struct watch *w)
{
	struct signalfd_siginfo info;
	const uint64_t one = 1;
	int none = 0;

	if (read(w->signals, &info, sizeof(info)) != sizeof(info))
		return;
	if (!atomic_compare_exchange_strong(&w->signal, &none, (int)info.ssi_signo))
		end_interrupted(w);
	atomic_store(&w->stopped, clock_ms());
	if (write(w->stop_fd, &one, sizeof(one)) < 0)
		end_interrupted(w);
}

/* Whether the library should have been back BUSY_MS ago. */
static bool
is_stuck(const struct watch *w, int64_t now)
{
	int64_t entered = atomic_load(&w->entered), back_by = atomic_load(&w->back_by);
	int64_t stopped = atomic_load(&w->stopped);

	if (entered == 0)
		return false;
	if (stopped && atomic_load(&w->heeds_stop) && (!back_by || stopped < back_by))
		back_by = stopped;
	return back_by && now >= back_by + BUSY_MS && now >= entered + BUSY_MS;
}

/* What has come already would still be read, and the kernel holds up to 6 MiB of it (tcp_rmem). */
static void
discard_received(int fd)
{
	char bytes[32 << 10];

	for (int i = 0; i < 256 && recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT) > 0; i++)
		continue;
}

static void
cut_sockets(struct watch *w)
{
	atomic_store(&w->is_cut, true);
	for (size_t i = 0; i < MAX_SOCKETS; i++) {
		int fd = atomic_load(&w->sockets[i]);

		/* what is not a socket any more stays as it is */
		if (fd >= 0 && shutdown(fd, SHUT_RDWR) == 0)
			discard_received(fd);
	}
}

static bool
is_over(const struct watch *w, int64_t since, int64_t now)
{
	int64_t allowed = atomic_load(&w->allowed);
	int64_t until = since + (atomic_load(&w->held) > 0 ? WATCH_HELD_MS : WATCH_FREE_MS);

	return since && now >= until && (!allowed || now >= allowed + WATCH_REPORT_MS);
}

static void
check_time(struct watch *w)
{
	int64_t now = clock_ms();

	if (is_stuck(w, now))
		cut_sockets(w);
	if (is_over(w, atomic_load(&w->stopped), now))
		end_interrupted(w);
	if (is_over(w, w->ends.deadline_ms, now))
		end_process(w, w->ends.late, w->ends.late_code);
}

static void *
watch_thread(void *watch)
{
	struct watch *w = watch;
	struct pollfd fds[] = { { .fd = w->signals, .events = POLLIN },
		{ .fd = w->end_fd, .events = POLLIN } };

	(void)sem_post(&w->started);
	for (;;) {
		if (poll(fds, COUNT_OF(fds), TICK_MS) < 0 && errno != EINTR)
			return NULL;
		if (fds[1].revents)
			return NULL;
		if (fds[0].revents)
			take_signal(w);
		check_time(w);
	}
}

static void
close_all(struct watch *w)
{
	const int fds[] = { w->signals, w->stop_fd, w->end_fd };

	for (size_t i = 0; i < COUNT_OF(fds); i++)
		if (fds[i] >= 0)
			(void)close(fds[i]);
	free(w);
}

/* As PID 1 of a container this is also what makes the signals arrive at all. */
static int
block_signals(sigset_t *set)
{
	(void)sigemptyset(set);
	(void)sigaddset(set, SIGINT);
	(void)sigaddset(set, SIGTERM);
	return sigprocmask(SIG_BLOCK, set, NULL);
}

struct watch *
watch_start(const struct watch_ends *ends, struct err *err)
{
	struct watch *w = calloc(1, sizeof(*w));
	sigset_t set;
	int code;

	if (!w) {
		(void)err_set(err, ERR_SYSTEM, "out of memory for the signal watch");
		return NULL;
	}
	w->ends = *ends;
	for (size_t i = 0; i < MAX_SOCKETS; i++)
		atomic_store(&w->sockets[i], -1);
	(void)sem_init(&w->started, 0, 0);
	code = block_signals(&set);
	w->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	w->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	w->end_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (code < 0 || w->signals < 0 || w->stop_fd < 0 || w->end_fd < 0)
		code = errno;
	else
		code = pthread_create(&w->thread, NULL, watch_thread, w);
	if (code == 0) {
		/* a thread that is still being made may hold locks of the allocator, which a fork() would copy */
		while (sem_wait(&w->started) < 0)
			continue;
		return w;
	}
	(void)err_set(err, ERR_SYSTEM, "cannot watch for signals: %s", strerror(code));
	close_all(w);
	return NULL;
}

void
watch_end(struct watch *w)
{
	const uint64_t one = 1;

	if (!w)
		return;
	/* writing to an eventfd that nobody else writes cannot fail; if it did, the thread stays */
	if (write(w->end_fd, &one, sizeof(one)) != sizeof(one))
		return;
	(void)pthread_join(w->thread, NULL);
	close_all(w);
}

int
watch_stop_fd(const struct watch *w)
{
	return w ? w->stop_fd : -1;
}

int
watch_signal(const struct watch *w)
{
	return w ? atomic_load(&w->signal) : 0;
}

void
watch_hold(struct watch *w)
{
	if (w)
		(void)atomic_fetch_add(&w->held, 1);
}

void
watch_release(struct watch *w)
{
	if (w)
		(void)atomic_fetch_sub(&w->held, 1);
}

void
watch_allow(struct watch *w, int64_t until_ms)
{
	if (w)
		atomic_store(&w->allowed, until_ms);
}

static bool
is_plain_line(const char *line)
{
	for (const char *at = line; *at; at++)
		if ((unsigned char)*at < ' ' && !(*at == '\n' && !at[1]))
			return false;
	return !strstr(line, "##");
}

void
watch_hint(struct watch *w, const char *line)
{
	if (w)
		atomic_store(&w->hint, line && is_plain_line(line) ? line : NULL);
}

void
watch_socket(struct watch *w, int fd)
{
	if (w)
		atomic_store(&w->sockets[atomic_fetch_add(&w->socket_count, 1) % MAX_SOCKETS], fd);
}

void
watch_enter(struct watch *w, int64_t until_ms, bool heeds_stop)
{
	if (!w)
		return;
	atomic_store(&w->back_by, until_ms);
	atomic_store(&w->heeds_stop, heeds_stop);
	atomic_store(&w->is_cut, false);
	atomic_store(&w->entered, clock_ms());
}

bool
watch_leave(struct watch *w)
{
	if (!w)
		return false;
	atomic_store(&w->entered, 0);
	return atomic_load(&w->is_cut);
}
