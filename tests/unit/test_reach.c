/* net/reach.h: addresses of the internet, and those that are not. */
#include "tap.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/base.h"
#include "net/reach.h"
#include "registry/registry.h"

static enum reach
reach_of_text(const char *text)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };

	if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
		return reach_of((const struct sockaddr *)&v4);
	(void)inet_pton(AF_INET6, text, &v6.sin6_addr);
	return reach_of((const struct sockaddr *)&v6);
}

static void
test_reach_of__addresses(void)
{
	static const struct {
		const char *text;
		enum reach reach;
	} rows[] = {
		{ "8.8.8.8", REACH_PUBLIC },
		{ "127.0.0.1", REACH_LOOPBACK },
		{ "127.255.0.1", REACH_LOOPBACK },
		{ "0.0.0.0", REACH_LOOPBACK },
		{ "10.0.0.1", REACH_PRIVATE },
		{ "11.0.0.1", REACH_PUBLIC },
		{ "172.15.0.1", REACH_PUBLIC },
		{ "172.16.0.1", REACH_PRIVATE },
		{ "172.31.255.1", REACH_PRIVATE },
		{ "172.32.0.1", REACH_PUBLIC },
		{ "192.168.1.1", REACH_PRIVATE },
		{ "192.169.1.1", REACH_PUBLIC },
		{ "100.64.0.1", REACH_PRIVATE },
		{ "100.128.0.1", REACH_PUBLIC },
		{ "169.254.169.254", REACH_LINK },
		{ "::1", REACH_LOOPBACK },
		{ "::", REACH_LOOPBACK },
		{ "2001:db8::1", REACH_PUBLIC },
		{ "fe80::1", REACH_LINK },
		{ "febf::1", REACH_LINK },
		{ "fec0::1", REACH_PRIVATE },
		{ "fc00::1", REACH_PRIVATE },
		{ "fd00:ec2::254", REACH_PRIVATE },
		{ "::ffff:127.0.0.1", REACH_LOOPBACK },
		{ "::ffff:169.254.169.254", REACH_LINK },
		{ "::ffff:8.8.8.8", REACH_PUBLIC },
		{ "64:ff9b::10.0.0.1", REACH_PRIVATE },
		{ "::10.0.0.1", REACH_PRIVATE },
	};
	struct sockaddr_un local = { .sun_family = AF_UNIX };

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		ok(reach_of_text(rows[i].text) == rows[i].reach
		        && reach_of_host(rows[i].text) == rows[i].reach,
		    "%s", rows[i].text);
	ok(reach_of((const struct sockaddr *)&local) == REACH_LOOPBACK, "any other family");
}

static void
test_reach_of_host__names(void)
{
	ok(reach_of_host("localhost") == REACH_LOOPBACK
	        && reach_of_host("LOCALHOST.") == REACH_LOOPBACK
	        && reach_of_host("a.localhost") == REACH_LOOPBACK,
	    "localhost");
	ok(reach_of_host("mylocalhost") == REACH_PUBLIC && reach_of_host("ghcr.io") == REACH_PUBLIC
	        && reach_of_host("") == REACH_PUBLIC,
	    "other names");
}

static void
test_registry_is_reserved__names(void)
{
	static const char *const reserved[] = { "localhost", "localhost:5000", "reg.example",
		"example", "a.test", "x.invalid:443", "a.localhost", "reg.example." };
	static const char *const others[] = { "docker.io", "ghcr.io", "example.com", "notexample",
		"reg.tests", "127.0.0.1:5000", "[::1]:5000", "" };

	for (size_t i = 0; i < COUNT_OF(reserved); i++)
		ok(registry_is_reserved(str_of(reserved[i])), "%s", reserved[i]);
	for (size_t i = 0; i < COUNT_OF(others); i++)
		ok(!registry_is_reserved(str_of(others[i])), "not %s", others[i]);
}

int
main(void)
{
	test_reach_of__addresses();
	test_reach_of_host__names();
	test_registry_is_reserved__names();
	return done();
}
