#include "net/reach.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

static enum reach
reach_of_ipv4(const unsigned char b[4])
{
	if (b[0] == 127 || b[0] == 0)
		return REACH_LOOPBACK;
	if (b[0] == 169 && b[1] == 254)
		return REACH_LINK;
	if (b[0] == 10 || (b[0] == 172 && b[1] >= 16 && b[1] <= 31) || (b[0] == 192 && b[1] == 168)
	    || (b[0] == 100 && b[1] >= 64 && b[1] <= 127))
		return REACH_PRIVATE;
	return REACH_PUBLIC;
}

static enum reach
reach_of_ipv6(const unsigned char b[16])
{
	static const unsigned char nothing[15] = { 0 };
	/* ::ffff:0:0/96 and NAT64's 64:ff9b::/96 (RFC 6052) hold an address of IPv4 */
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };
	static const unsigned char nat64[12] = { 0, 0x64, 0xff, 0x9b };

	if (memcmp(b, nothing, sizeof(nothing)) == 0 && b[15] <= 1)
		return REACH_LOOPBACK;
	if (memcmp(b, mapped, sizeof(mapped)) == 0 || memcmp(b, nat64, sizeof(nat64)) == 0
	    || memcmp(b, nothing, sizeof(mapped)) == 0)
		return reach_of_ipv4(b + 12);
	if (b[0] == 0xfe && (b[1] & 0xc0) == 0x80)
		return REACH_LINK;
	/* fec0::/10 is deprecated, and was private */
	return (b[0] & 0xfe) == 0xfc || (b[0] == 0xfe && (b[1] & 0xc0) == 0xc0) ? REACH_PRIVATE
	                                                                        : REACH_PUBLIC;
}

enum reach
reach_of(const struct sockaddr *address)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	if (address->sa_family == AF_INET) {
		memcpy(&v4, address, sizeof(v4));
		return reach_of_ipv4((const unsigned char *)&v4.sin_addr);
	}
	if (address->sa_family == AF_INET6) {
		memcpy(&v6, address, sizeof(v6));
		return reach_of_ipv6((const unsigned char *)&v6.sin6_addr);
	}
	return REACH_LOOPBACK;
}

enum reach
reach_of_host(const char *host)
{
	static const char local[] = "localhost";
	unsigned char bytes[16];
	size_t len = strlen(host);

	if (inet_pton(AF_INET, host, bytes) == 1)
		return reach_of_ipv4(bytes);
	if (inet_pton(AF_INET6, host, bytes) == 1)
		return reach_of_ipv6(bytes);
	if (len > 0 && host[len - 1] == '.')
		len--;
	if (len >= strlen(local)
	    && strncasecmp(host + len - strlen(local), local, strlen(local)) == 0
	    && (len == strlen(local) || host[len - strlen(local) - 1] == '.'))
		return REACH_LOOPBACK;
	return REACH_PUBLIC;
}
