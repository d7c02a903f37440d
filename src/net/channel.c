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

	if (opts->token && !opts->url.tls && !opts->url.is_loopback && !opts->allow_plaintext) {
		(void)err_set(
		    err, ERR_USAGE, "the token would be sent to '%s' in plaintext", opts->url.text);
		return err_hint(
		    err, "use grpcs://…, or set 'allow-plaintext' if the network is safe");
	}
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

	if (len == 0 || len > 253
	    || strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:")
	           != len) {
		(void)err_set(err, ERR_USAGE, "input 'server-name' is not a host name");
		return err_hint(
		    err, "use the name in the server's certificate, without scheme and port");
	}
	return 0;
}

/* "name:port" or "[v6]:port" */
static void
write_authority(char *out, size_t room, const char *before, const char *host, unsigned port)
{
	(void)snprintf(out, room, strchr(host, ':') ? "%s[%s]:%u" : "%s%s:%u", before, host, port);
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
	const char *name = opts->server_name ? opts->server_name : opts->url.host;
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
	write_authority(
	    c->base, sizeof(c->base), opts->url.tls ? "https://" : "http://", name, opts->url.port);
	write_authority(c->real, sizeof(c->real), "::", opts->url.host, opts->url.port);
	c->connect_to.data = c->real;
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
