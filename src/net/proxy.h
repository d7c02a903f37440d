/* proxy.h: whether a connection goes through a proxy, by the environment's words for that. */
#ifndef NET_PROXY_H
#define NET_PROXY_H

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

struct arena;
struct url;

/* The variables of the environment; NULL: not set. */
struct proxy_words {
	/* https_proxy, HTTPS_PROXY, all_proxy, ALL_PROXY: the first that is set */
	const char *proxy;
	const char *exceptions; /* no_proxy, NO_PROXY */
};

/*
 * The proxy on the way to `to`, as libcurl takes it, in *out; NULL: none. Only TLS goes through a
 * proxy, and never to loopback. `exceptions` are host names with all below them ("example.org",
 * ".example.org", "*.example.org"), addresses and networks (CIDR), names and addresses also with a
 * port, and "*" for all, separated by commas or blanks, as pachctl (Go's httpproxy) and curl read
 * them. -1 with ERR_USAGE: the proxy's scheme is neither HTTP's nor SOCKS's; the message never
 * shows a password.
 */
int proxy_choose(struct arena *a, const struct proxy_words *words, const struct url *to,
    const char **out, struct err *err) NODISCARD;

/* The proxy without its user and password, for the log; in `a`. */
struct str proxy_shown(struct arena *a, const char *proxy);

#endif
