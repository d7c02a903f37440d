/* reach.h: how near an address is, so that an answer from the internet cannot lead a request into a
 * private network. */
#ifndef NET_REACH_H
#define NET_REACH_H

struct sockaddr;

enum reach {
	REACH_PUBLIC,
	REACH_PRIVATE,  /* RFC 1918, RFC 6598 (100.64.0.0/10), RFC 4193 (fc00::/7) */
	REACH_LINK,     /* 169.254.0.0/16, where clouds keep credentials; fe80::/10 */
	REACH_LOOPBACK, /* 127.0.0.0/8, ::1, and the unspecified address, which leads there, too */
};

/* Of an address of IPv4 or IPv6, also one of IPv4 within IPv6. Any other family: REACH_LOOPBACK. */
enum reach reach_of(const struct sockaddr *address);

/* Of a host that is written as an address or as "localhost" and below; any other name: REACH_PUBLIC. */
enum reach reach_of_host(const char *host);

#endif
