/* Needs a python3 with grpcio and the openssl command; tests/net/servers.py is the other side. */
#include "tap.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/limits.h"
#include "net/channel.h"
#include "secret/secret.h"

enum { MAX_SERVERS = 80, MANY = 700 };

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
	int64_t deadline_ms; /* from now; 0: 10 s */
	int64_t connect_ms;  /* 0: 5 s */
	int stop_fd;         /* 0: none */
};

static unsigned
port_of(const struct servers *all, const char *name)
{
	for (size_t i = 0; i < all->count; i++)
		if (strcmp(all->list[i].name, name) == 0)
			return all->list[i].port;
	printf("Bail out! no server '%s'\n", name);
	exit(1);
}

static struct channel *
open_at(struct arena *a, const struct servers *all, struct at at)
{
	struct err err = { 0 };
	struct channel_opts opts = { .server_name = at.server_name,
		.token = at.token,
		.user_agent = "pachup/test",
		.connect_ms = at.connect_ms ? at.connect_ms : 5000,
		.deadline_ms = clock_ms() + (at.deadline_ms ? at.deadline_ms : 10000),
		.stop_fd = at.stop_fd ? at.stop_fd : -1 };
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
static struct call
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

static bool
is_reply(const struct call *call, const char *text)
{
	return call->answered && call->status == GRPC_OK && call->reply_count == 1
	    && str_is(call->replies[0], text);
}

static void
test_channel_run__unary(struct arena *a, const struct servers *all)
{
	struct call call = ask_once(a, all, (struct at){ .server = "plain" },
	    (struct call){ .method = "/t.T/echo", .request = STR("hello") });

	ok(is_reply(&call, "hello") && call.sent, "plaintext echo");
	call = ask_once(a, all, (struct at){ .server = "plain" }, (struct call){ .method = "/t.T/echo" });
	ok(is_reply(&call, ""), "an empty message is a message");
	call = ask_once(a, all, (struct at){ .server = "tls", .scheme = "grpcs" },
	    (struct call){ .method = "/t.T/echo", .request = STR("hello") });
	ok(is_reply(&call, "hello"), "the same over TLS: %s", call.why.text);
	call = ask_once(a, all,
	    (struct at){ .server = "tls", .scheme = "https", .server_name = "pachd.test" },
	    (struct call){ .method = "/t.T/echo", .request = STR("hello") });
	ok(is_reply(&call, "hello"), "another name to verify: %s", call.why.text);
}

static void
test_channel_run__trouble(struct arena *a, const struct servers *all)
{
	for (size_t i = 0; i < all->count; i++) {
		const char *scheme = strncmp(all->list[i].name, "tls", 3) == 0 ? "grpcs" : "grpc";
		struct call call;
		int64_t start = clock_ms();

		call = ask_once(a, all,
		    (struct at){ .server = all->list[i].name, .scheme = scheme, .deadline_ms = 1500, .connect_ms = 700 },
		    (struct call){ .method = "/t.T/echo", .request = STR("hello") });
		printf("# %-14s %4d ms answered=%d status=%d sent=%d kind=%d\n#    msg '%.*s' replies %zu\n#    %s\n#    mend: %s\n", all->list[i].name,
		    (int)(clock_ms() - start), call.answered, call.status, call.sent, call.why.kind,
		    STR_FMT(call.message), call.reply_count, call.why.text, call.why.mend);
	}
}

/* Reads "name port" lines until "ready 0". */
static bool
read_ports(struct servers *all, int fd)
{
	FILE *f = fdopen(fd, "r");
	bool is_ready = false;

	while (f && !is_ready && all->count < MAX_SERVERS
	       && fscanf(f, "%31s %u", all->list[all->count].name, &all->list[all->count].port) == 2)
		is_ready = strcmp(all->list[all->count++].name, "ready") == 0;
	if (f)
		fclose(f);
	all->count -= is_ready;
	return is_ready;
}

static bool
start(struct servers *all, const char *python)
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
		execlp(python, python, "tests/net/servers.py", all->dir, (char *)NULL);
		_exit(127);
	}
	close(in[0]);
	close(out[1]);
	all->stdin_fd = in[1];
	return all->pid > 0 && read_ports(all, out[0]);
}

static void
stop(struct servers *all)
{
	close(all->stdin_fd);
	if (all->pid > 0) {
		kill(all->pid, SIGTERM);
		(void)waitpid(all->pid, NULL, 0);
	}
}

int
main(void)
{
	struct servers all = { .dir = "/tmp/test_channel.XXXXXX" };
	struct arena *a = arena_new(no_memory);
	struct err err = { 0 };

	if (secret_guard_process(&err) < 0 || !mkdtemp(all.dir))
		return 1;
	start(&all, "/usr/bin/python3");
	test_channel_run__unary(a, &all);
	test_channel_run__trouble(a, &all);
	stop(&all);
	arena_free(a);
	return done();
}
