#include "net/proxy.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "net/url.h"

struct address {
	int family; /* AF_INET, AF_INET6; 0: not an address */
	unsigned char bytes[sizeof(struct in6_addr)];
	size_t bits;
};

static struct address
address_of(struct arena *a, struct str text)
{
	struct address address = { .family = 0 };
	const char *host;

	if (text.len > 2 && text.ptr[0] == '[' && text.ptr[text.len - 1] == ']')
		text = (struct str){ text.ptr + 1, text.len - 2 };
	host = arena_cstr(a, text);
	if (inet_pton(AF_INET, host, address.bytes) == 1) {
		address.family = AF_INET;
		address.bits = sizeof(struct in_addr) * 8;
	} else if (inet_pton(AF_INET6, host, address.bytes) == 1) {
		address.family = AF_INET6;
		address.bits = sizeof(struct in6_addr) * 8;
	}
	return address;
}

/* The length of a network's prefix, 0 to 128; SIZE_MAX for any other text. */
static size_t
bits_of(struct str text)
{
	uint64_t bits;

	return text.len <= 3 && str_number(text, &bits) && bits <= 128 ? (size_t)bits : SIZE_MAX;
}

static bool
begins_alike(const struct address *one, const struct address *other, size_t bits)
{
	unsigned mask = 0xffU << (8 - bits % 8) & 0xffU;

	if (memcmp(one->bytes, other->bytes, bits / 8) != 0)
		return false;
	return bits % 8 == 0 || ((one->bytes[bits / 8] ^ other->bytes[bits / 8]) & mask) == 0;
}

/* `network`: "10.0.0.0/8", "fd00::/8" or an address alone. */
static bool
is_in_network(struct arena *a, const struct address *host, struct str network)
{
	size_t slash = str_find(network, '/');
	struct address base = address_of(a, str_head(network, slash));
	size_t bits = slash < network.len ? bits_of(str_tail(network, slash + 1)) : base.bits;

	return base.family != 0 && base.family == host->family && bits <= base.bits
	       && begins_alike(host, &base, bits);
}

static struct str
without_last_dot(struct str name)
{
	return str_ends(name, ".") ? str_head(name, name.len - 1) : name;
}

/* "example.org", ".example.org" and "*.example.org" all mean the name and all names below it; a dot at the end
 * says that a name is whole (RFC 1034, 3.1). */
static bool
is_in_domain(struct str host, struct str domain)
{
	struct str end;

	if (str_starts(domain, "*."))
		domain = str_tail(domain, 1);
	if (str_starts(domain, "."))
		domain = str_tail(domain, 1);
	host = without_last_dot(host);
	domain = without_last_dot(domain);
	if (domain.len == 0 || host.len < domain.len)
		return false;
	end = str_tail(host, host.len - domain.len);
	return strncasecmp(end.ptr, domain.ptr, domain.len) == 0
	       && (end.len == host.len || host.ptr[host.len - domain.len - 1] == '.');
}

/* Takes ":443" off "host:443" and "[::1]:443"; empty when there is none. */
static struct str
take_port(struct str *word)
{
	size_t colon = str_rfind(*word, ':');
	struct str host = str_head(*word, colon), port;
	bool is_alone = str_find(host, ':') == host.len; /* an IPv6 address has more */

	if (colon >= word->len || !(is_alone || str_ends(host, "]")))
		return (struct str){ "", 0 };
	port = str_tail(*word, colon + 1);
	if (port.len == 0 || str_digits(port) != port.len)
		return (struct str){ "", 0 };
	*word = host;
	return port;
}

/* One word of NO_PROXY: "*", or a name, address or network, which may end in a port. */
static bool
is_excepted(struct arena *a, struct str word, const struct address *address, const struct url *to)
{
	struct str port;

	if (str_is(word, "*"))
		return true;
	port = take_port(&word);
	if (port.len > 0 && !str_eq(port, arena_fmt(a, "%u", (unsigned)to->port)))
		return false;
	return address->family ? is_in_network(a, address, word)
	                       : is_in_domain(str_of(to->host), word);
}

static bool
is_exception(struct arena *a, const char *exceptions, const struct url *to)
{
	struct str rest = str_of(exceptions ? exceptions : ""), part, word;
	struct address address = address_of(a, str_of(to->host));

	while (str_split(&rest, ',', &part))
		while (str_split(&part, ' ', &word))
			if (is_excepted(a, str_trim(word), &address, to))
				return true;
	return false;
}

static struct str
scheme_of(struct str proxy)
{
	const char *end = strstr(proxy.ptr, "://");

	return end ? str_head(proxy, (size_t)(end - proxy.ptr)) : STR("");
}

/* What follows "scheme://" and "user:password@". */
static struct str
host_part(struct str proxy)
{
	struct str scheme = scheme_of(proxy),
	           rest = scheme.len ? str_tail(proxy, scheme.len + 3) : proxy;
	const char *at = strrchr(rest.ptr, '@');

	return at ? str_tail(rest, (size_t)(at - rest.ptr) + 1) : rest;
}

struct str
proxy_shown(struct arena *a, const char *proxy)
{
	struct str text = str_of(proxy), scheme = scheme_of(text), host = host_part(text);

	return arena_fmt(a, "%.*s%s%.*s", STR_FMT(scheme), scheme.len ? "://" : "", STR_FMT(host));
}

int
proxy_choose(struct arena *a, const struct proxy_words *words, const struct url *to,
    const char **out, struct err *err)
{
	static const char *const kinds[] = { "", "http", "https", "socks4", "socks4a", "socks5",
		"socks5h" };
	struct str scheme;

	*out = NULL;
	if (!words->proxy || !to->tls || to->is_loopback || is_exception(a, words->exceptions, to))
		return 0;
	scheme = scheme_of(str_of(words->proxy));
	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		if (str_is_like(scheme, kinds[i])) {
			*out = words->proxy;
			return 0;
		}
	(void)err_set(err, ERR_USAGE, "the proxy '%.*s' is neither an HTTP nor a SOCKS proxy",
	    STR_FMT(str_head(proxy_shown(a, words->proxy), 200)));
	return err_hint(
	    err, "set HTTPS_PROXY to http://HOST:PORT, or NO_PROXY to the name of the cluster");
}
