#include "net/channel.h"
#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "net/call.h"
#include "process/watch.h"

void
channel_grace(struct channel *c, int64_t grace_ms)
{
	c->is_grace = true;
	c->deadline_ms = clock_ms() + grace_ms;
	watch_allow(c->opts.watch, c->deadline_ms);
}

int
channel_stop_fd(const struct channel *c)
{
	return c->is_grace ? -1 : c->opts.stop_fd;
}

void
sigpipe_hold(sigset_t *before)
{
	sigset_t pipe_only;

	(void)sigemptyset(&pipe_only);
	(void)sigaddset(&pipe_only, SIGPIPE);
	(void)pthread_sigmask(SIG_BLOCK, &pipe_only, before);
}

void
sigpipe_release(const sigset_t *before)
{
	const struct timespec now = { 0, 0 };
	sigset_t pipe_only;

	(void)sigemptyset(&pipe_only);
	(void)sigaddset(&pipe_only, SIGPIPE);
	if (sigismember(before, SIGPIPE) == 0)
		(void)sigtimedwait(&pipe_only, NULL, &now);
	(void)pthread_sigmask(SIG_SETMASK, before, NULL);
}

static int
check_opts(const struct channel_opts *opts, struct err *err)
{
	int fd;

	if (opts->token && url_check_secret(&opts->url, opts->allow_plaintext, "token", err) < 0)
		return -1;
	if (!opts->ca_file || opts->ca_pem.len > 0)
		return 0;
	fd = open(opts->ca_file, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		(void)err_set(err, ERR_SYSTEM, "cannot read the certificates in '%s': %s",
		    opts->ca_file, strerror(errno));
		return err_hint(err, "check input 'ca-file'");
	}
	(void)close(fd); /* nothing was written */
	return 0;
}

/* The name goes into a URL, so it must not be able to change that URL's parts. */
static int
check_server_name(const char *name, struct err *err)
{
	size_t len = strlen(name);

	if (len == 0 || len > 253 || strspn(name, CHARS_ALNUM ".-_:") != len) {
		(void)err_set(err, ERR_USAGE, "input 'server-name' is not a host name");
		return err_hint(
		    err, "use the name in the server's certificate, without scheme and port");
	}
	return 0;
}

/* "name:port" or "[v6]:port". It fits: url_parse() or check_server_name() has limited `host`. */
static struct str
write_authority(char out[MAX_AUTHORITY_BYTES], const char *host, unsigned port)
{
	bool is_six = strchr(host, ':') != NULL;
	int len = snprintf(out, MAX_AUTHORITY_BYTES, "%s%s%s:%u", is_six ? "[" : "", host,
	    is_six ? "]" : "", port);

	return str_head(str_of(out), (size_t)len);
}

/* Where calls go: their URL holds the server's name, which the certificate must have; the
 * connection goes to the host of the address. */
static void
write_addresses(struct channel *c)
{
	const struct url *url = &c->opts.url;
	const char *name = c->opts.server_name ? c->opts.server_name : url->host;
	char text[MAX_AUTHORITY_BYTES];

	(void)snprintf(c->base, sizeof(c->base), "%s://%.*s", url->tls ? "https" : "http",
	    STR_FMT(write_authority(text, name, url->port)));
	(void)snprintf(c->redirect, sizeof(c->redirect), "::%.*s",
	    STR_FMT(write_authority(text, url->host, url->port)));
	c->connect_to.data = c->redirect;
}

static int
open_multi(struct channel *c, struct err *err)
{
	c->multi = curl_multi_init();
	if (!c->multi)
		return err_set(err, ERR_SYSTEM, "out of memory for the connection to the cluster");
	if (!(curl_version_info(CURLVERSION_NOW)->features & CURL_VERSION_HTTP2))
		return err_set(
		    err, ERR_SYSTEM, "this program was built with a libcurl without HTTP/2");
	(void)curl_multi_setopt(c->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_MULTIPLEX);
	(void)curl_multi_setopt(c->multi, CURLMOPT_MAX_HOST_CONNECTIONS, 1L);
	(void)curl_multi_setopt(c->multi, CURLMOPT_MAX_CONCURRENT_STREAMS, (long)MAX_RPC_STREAMS);
	return 0;
}

struct channel *
channel_open(const struct channel_opts *opts, struct err *err)
{
	struct channel *c;

	if (check_opts(opts, err) < 0
	    || (opts->server_name && check_server_name(opts->server_name, err) < 0))
		return NULL;
	c = calloc(1, sizeof(*c));
	if (!c || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		(void)err_set(err, ERR_SYSTEM, "out of memory for the connection to the cluster");
		free(c);
		return NULL;
	}
	c->opts = *opts;
	c->deadline_ms = opts->deadline_ms;
	c->connection.socket = CURL_SOCKET_BAD;
	write_addresses(c);
	if (open_multi(c, err) < 0) {
		channel_close(c);
		return NULL;
	}
	return c;
}

void
channel_close(struct channel *c)
{
	sigset_t before;

	if (!c)
		return;
	sigpipe_hold(&before);
	for (size_t i = 0; i < MAX_RPC_STREAMS; i++)
		stream_close(&c->streams[i]);
	(void)curl_multi_cleanup(c->multi);
	curl_global_cleanup();
	sigpipe_release(&before);
	free(c);
}
