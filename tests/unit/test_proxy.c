/* net/proxy.h, and that a proxy of the environment gets nothing, whatever memory fails. */
#include "../net/token.h"
#include "tap.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "net/channel.h"
#include "net/proxy.h"
#include "secret/secret.h"

static void
test_proxy_choose(struct arena *a)
{
	static const struct {
		const char *proxy, *exceptions, *to;
		bool wanted, good;
	} rows[] = {
		{ NULL, NULL, "grpcs://pachd.example:443", false, true },
		{ "http://p:3128", NULL, "grpcs://pachd.example:443", true, true },
		{ "p:3128", NULL, "grpcs://pachd.example:443", true, true },
		{ "socks5h://p:1080", NULL, "grpcs://pachd.example:443", true, true },
		{ "HTTPS://p", NULL, "grpcs://pachd.example:443", true, true },
		{ "http://p:3128", NULL, "grpc://pachd.example:443", false, true },
		{ "http://p:3128", NULL, "pachd.example:443", false, true },
		{ "http://p:3128", NULL, "grpcs://127.0.0.1:443", false, true },
		{ "http://p:3128", NULL, "grpcs://localhost:443", false, true },
		{ "file:///etc/passwd", NULL, "grpcs://pachd.example:443", false, false },
		{ "file:///etc/passwd", NULL, "grpc://pachd.example:443", false, true },
		{ "http://p", "*", "grpcs://pachd.example:443", false, true },
		{ "http://p", "example", "grpcs://pachd.example:443", false, true },
		{ "http://p", ".example", "grpcs://pachd.example:443", false, true },
		{ "http://p", "other.test, PACHD.Example", "grpcs://pachd.example:443", false,
		    true },
		{ "http://p", "a b pachd.example c", "grpcs://pachd.example:443", false, true },
		{ "http://p", "achd.example", "grpcs://pachd.example:443", true, true },
		{ "http://p", "pachd.example.org", "grpcs://pachd.example:443", true, true },
		{ "http://p", ",, ,", "grpcs://pachd.example:443", true, true },
		{ "http://p", ".", "grpcs://pachd.example:443", true, true },
		{ "http://p", "10.0.0.0/8", "grpcs://10.1.2.3:443", false, true },
		{ "http://p", "10.0.0.0/8", "grpcs://11.1.2.3:443", true, true },
		{ "http://p", "10.128.0.0/9", "grpcs://10.127.2.3:443", true, true },
		{ "http://p", "10.128.0.0/9", "grpcs://10.129.2.3:443", false, true },
		{ "http://p", "10.1.2.3", "grpcs://10.1.2.3:443", false, true },
		{ "http://p", "10.1.2.3/33", "grpcs://10.1.2.3:443", true, true },
		{ "http://p", "10.1.2.3/", "grpcs://10.1.2.3:443", true, true },
		{ "http://p", "0.0.0.0/0", "grpcs://10.1.2.3:443", false, true },
		{ "http://p", "fd00::/8", "grpcs://[fd12::1]:443", false, true },
		{ "http://p", "[fd12::1]", "grpcs://[fd12::1]:443", false, true },
		{ "http://p", "fd00::/8", "grpcs://[fe12::1]:443", true, true },
		{ "http://p", "localhost,*", "grpcs://pachd.example:443", false, true },
		{ "http://p", "localhost,*.example", "grpcs://pachd.example:443", false, true },
		{ "http://p", "*.example", "grpcs://example:443", false, true },
		{ "http://p", "*.ample", "grpcs://pachd.example:443", true, true },
		{ "http://p", "*.", "grpcs://pachd.example:443", true, true },
		{ "http://p", "example", "grpcs://pachd.example.:443", false, true },
		{ "http://p", "pachd.example.", "grpcs://pachd.example:443", false, true },
		{ "http://p", "pachd.example:443", "grpcs://pachd.example:443", false, true },
		{ "http://p", "pachd.example:8443", "grpcs://pachd.example:443", true, true },
		{ "http://p", "pachd.example:x", "grpcs://pachd.example:443", true, true },
		{ "http://p", "10.1.2.3:443", "grpcs://10.1.2.3:443", false, true },
		{ "http://p", "10.1.2.3:80", "grpcs://10.1.2.3:443", true, true },
		{ "http://p", "[fd12::1]:443", "grpcs://[fd12::1]:443", false, true },
		{ "http://p", "[fd12::1]:80", "grpcs://[fd12::1]:443", true, true },
		{ "http://p", "fd12::1", "grpcs://[fd12::1]:443", false, true },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct proxy_words words = { rows[i].proxy, rows[i].exceptions };
		const char *chosen = NULL;
		struct err err = { 0 };
		struct url to;
		int rc;

		if (url_parse(a, str_of(rows[i].to), &to, &err) < 0) {
			ok(false, "%s", err.text);
			continue;
		}
		rc = proxy_choose(a, &words, &to, &chosen, &err);
		ok((rc == 0) == rows[i].good && (chosen != NULL) == rows[i].wanted,
		    "%s to %s but for %s", rows[i].proxy ? rows[i].proxy : "no proxy", rows[i].to,
		    rows[i].exceptions ? rows[i].exceptions : "nothing");
	}
}

static void
test_proxy_shown(struct arena *a)
{
	ok(str_is(proxy_shown(a, "http://ann:se@cret@proxy:3128"), "http://proxy:3128"),
	    "a password with an @");
	ok(str_is(proxy_shown(a, "ann:secret@proxy:3128"), "proxy:3128"), "without a scheme");
	ok(str_is(proxy_shown(a, "http://proxy"), "http://proxy"), "without a password");
	ok(str_is(proxy_shown(a, ""), ""), "nothing");
}

/* The allocations of libcurl that still succeed; the tests of one program run one after the other. */
static long allocations_left;

static bool
may_allocate(void)
{
	return allocations_left < 0 || allocations_left-- > 0;
}

static void *
some_malloc(size_t size)
{
	return may_allocate() ? malloc(size) : NULL;
}

static void *
some_realloc(void *bytes, size_t size)
{
	return may_allocate() ? realloc(bytes, size) : NULL;
}

static void *
some_calloc(size_t count, size_t size)
{
	return may_allocate() ? calloc(count, size) : NULL;
}

static char *
some_strdup(const char *text)
{
	return may_allocate() ? strdup(text) : NULL;
}

static int
listen_at(unsigned *port)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&at, len) < 0 || listen(fd, 8) < 0
	    || getsockname(fd, (struct sockaddr *)&at, &len) < 0)
		return -1;
	*port = ntohs(at.sin_port);
	return fd;
}

/* One call with a token to a plaintext address where nobody answers. */
static void
ask_in_plaintext(struct arena *a, const struct secret *token, unsigned port)
{
	struct channel_opts opts = { .token = token,
		.allow_plaintext = true,
		.user_agent = "pachup/test",
		.connect_ms = 2000,
		.deadline_ms = clock_ms() + 2000,
		.stop_fd = -1 };
	struct call call = { .method = "/t.T/echo", .request = STR("x") };
	struct err err = { 0 };
	struct channel *c;
	int rc;

	if (url_parse(a, arena_fmt(a, "grpc://127.0.0.1:%u", port), &opts.url, &err) < 0)
		return;
	c = channel_open(&opts, &err);
	if (!c)
		return;
	rc = channel_run(c, &call, 1, a, &err);
	if (rc == 0)
		ok(false, "nobody answers");
	channel_close(c);
}

/* Every allocation fails once: none of the failures may let libcurl fall back on the environment. */
static void
test_channel_run__no_proxy_without_memory(struct arena *a)
{
	enum { MOST = 400 };
	unsigned proxy_port = 0, free_port = 0;
	int proxy = listen_at(&proxy_port), nobody = listen_at(&free_port);
	struct pollfd visitor = { .fd = proxy, .events = POLLIN };
	struct secret *token = token_for(AUDIENCE_PACHD, STR("0123456789abcdef"));
	long tried = 0, visits = 0;

	if (proxy < 0 || nobody < 0 || !token) {
		ok(false, "sockets and a token");
		return;
	}
	(void)close(nobody);
	setenv("http_proxy", arena_fmt(a, "http://127.0.0.1:%u", proxy_port).ptr, 1);
	setenv("ALL_PROXY", getenv("http_proxy"), 1);
	for (long n = 0; n < MOST; n++, tried++) {
		struct arena *own = arena_like(a);

		allocations_left = n;
		ask_in_plaintext(own, token, free_port);
		allocations_left = -1;
		visits += poll(&visitor, 1, 0) > 0;
		arena_free(own);
	}
	ok(visits == 0, "of %ld runs each without one more allocation, %ld went to the proxy",
	    tried, visits);
	secret_free(token);
	(void)close(proxy);
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);
	unsigned port = 0;
	int fd = listen_at(&port);
	struct err err = { 0 };

	if (fd < 0 || secret_guard_process(&err) < 0
	    || curl_global_init_mem(
	           CURL_GLOBAL_DEFAULT, some_malloc, free, some_realloc, some_strdup, some_calloc)
	           != CURLE_OK)
		return 1;
	allocations_left = -1;
	test_proxy_choose(a);
	test_proxy_shown(a);
	test_channel_run__no_proxy_without_memory(a);
	(void)close(fd);
	arena_free(a);
	return done();
}
