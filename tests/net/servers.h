/*
 * servers.h: starts tests/net/servers.py (or another script) for the unit tests of net/, and asks its
 * servers. It needs a python3 with grpcio and the openssl command; without them the tests are skipped.
 */
#ifndef TESTS_NET_SERVERS_H
#define TESTS_NET_SERVERS_H

#include "base/clock.h"
#include "tap.h"

#include <dirent.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "net/channel.h"
#include "secret/secret.h"

enum { MAX_SERVERS = 80 };

struct servers {
	pid_t pid;
	int stdin_fd;
	char dir[64];
	size_t count;
	struct {
		char name[32];
		unsigned port;
	} list[MAX_SERVERS];
};

/* What a test varies; the rest of the options is the same everywhere. */
struct at {
	const char *server, *scheme; /* "grpc" when NULL */
	const struct secret *token;
	const char *server_name;
	bool without_ca;
	int64_t deadline_ms; /* from now; 0: 2 minutes */
	int64_t connect_ms;  /* 0: 5 s */
	int stop_fd;         /* 0: none */
	struct trace trace;
	const char *proxy;
};

static inline unsigned
port_of(const struct servers *all, const char *name)
{
	for (size_t i = 0; i < all->count; i++)
		if (strcmp(all->list[i].name, name) == 0)
			return all->list[i].port;
	printf("Bail out! no server '%s'\n", name);
	exit(1);
}

static inline struct channel *
open_at(struct arena *a, const struct servers *all, struct at at)
{
	struct err err = { 0 };
	struct channel_opts opts = { .server_name = at.server_name,
		.token = at.token,
		.user_agent = "pachup/test",
		.connect_ms = at.connect_ms ? at.connect_ms : 5000,
		.deadline_ms = clock_ms() + (at.deadline_ms ? at.deadline_ms : 120000),
		.stop_fd = at.stop_fd ? at.stop_fd : -1,
		.trace = at.trace,
		.proxy = at.proxy };
	struct channel *c;

	if (!at.without_ca)
		opts.ca_file = arena_fmt(a, "%s/ca.pem", all->dir).ptr;
	if (url_parse(a,
	        arena_fmt(a, "%s://127.0.0.1:%u", at.scheme ? at.scheme : "grpc",
	            port_of(all, at.server)),
	        &opts.url, &err)
	        < 0
	    || !(c = channel_open(&opts, &err))) {
		printf("Bail out! %s: %s\n", at.server, err.text);
		exit(1);
	}
	return c;
}

/* One call to the server, whose answer or failure stays in the returned call. */
static inline struct call
ask_once(struct arena *a, const struct servers *all, struct at at, struct call call)
{
	struct channel *c = open_at(a, all, at);
	struct err err = { 0 };
	int rc = channel_run(c, &call, 1, a, &err);

	if (rc != (call.answered ? 0 : -1) || (rc < 0 && strcmp(err.text, call.why.text) != 0))
		ok(false, "%s: result and call agree", at.server);
	channel_close(c);
	return call;
}

/* True when a unary call is OK and brought `text`. */
static inline bool
is_reply(const struct call *call, const char *text)
{
	return call->answered && call->status == GRPC_OK && call->reply_count == 1
	       && str_is(call->replies[0], text);
}

/* Reads "name port" lines until "ready 0". */
static inline bool
read_ports(struct servers *all, int fd)
{
	FILE *f = fdopen(fd, "r");
	bool is_ready = false;

	while (
	    f && !is_ready && all->count < MAX_SERVERS
	    && fscanf(f, "%31s %u", all->list[all->count].name, &all->list[all->count].port) == 2)
		is_ready = strcmp(all->list[all->count++].name, "ready") == 0;
	if (f)
		fclose(f);
	all->count -= is_ready;
	return is_ready;
}

static inline bool
servers_start(struct servers *all, const char *python, const char *script)
{
	int in[2], out[2];

	if (pipe(in) < 0 || pipe(out) < 0)
		return false;
	all->pid = fork();
	if (all->pid == 0) {
		dup2(in[0], 0);
		dup2(out[1], 1);
		close(in[1]);
		close(out[0]);
		execlp(python, python, script, all->dir, (char *)NULL);
		_exit(127);
	}
	close(in[0]);
	close(out[1]);
	all->stdin_fd = in[1];
	return all->pid > 0 && read_ports(all, out[0]);
}

static inline void
servers_stop(struct servers *all)
{
	close(all->stdin_fd);
	if (all->pid > 0) {
		kill(all->pid, SIGTERM);
		(void)waitpid(all->pid, NULL, 0);
	}
}

/* True when `python` has the module that the servers need. */
static inline bool
has_module(const char *python, const char *import)
{
	int status = 1;
	pid_t pid = fork();

	if (pid == 0) {
		if (!freopen("/dev/null", "w", stderr))
			_exit(127);
		execlp(python, python, "-c", import, (char *)NULL);
		_exit(127);
	}
	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

/* Removes what openssl left in the servers' directory. */
static inline void
remove_dir(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	char file[400];

	while (dir && (entry = readdir(dir)) != NULL) {
		(void)snprintf(file, sizeof(file), "%s/%s", path, entry->d_name);
		(void)unlink(file);
	}
	if (dir)
		(void)closedir(dir);
	(void)rmdir(path);
}

/* Starts the servers of a script that needs what `import` imports, runs `tests` against them, and ends
 * both; the result of main. */
static inline int
with_script(const char *script, const char *import,
    void (*tests)(struct arena *a, const struct servers *all))
{
	/* the distribution's python3 first: it is the one that python3-grpcio belongs to */
	static const char *const pythons[] = { "/usr/bin/python3", "python3" };
	struct servers all = { .dir = "/tmp/pachup-net.XXXXXX" };
	struct arena *a = arena_new(no_memory);
	struct err err = { 0 };
	size_t i = 0;

	if (secret_guard_process(&err) < 0 || !mkdtemp(all.dir))
		return 1;
	while (i < COUNT_OF(pythons) && !has_module(pythons[i], import))
		i++;
	if (i == COUNT_OF(pythons)) {
		printf("# no python3 can do: %s\n", import);
		skip("no python3 with the modules that the servers need (python3-grpcio)");
	} else if (servers_start(&all, pythons[i], script)) {
		tests(a, &all);
		servers_stop(&all);
	} else {
		ok(false, "%s starts", script);
	}
	remove_dir(all.dir);
	arena_free(a);
	return done();
}

static inline int
with_servers(void (*tests)(struct arena *a, const struct servers *all))
{
	return with_script("tests/net/servers.py", "import grpc", tests);
}

#endif
