#include "net/url.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <strings.h>

#include "base/arena.h"

enum {
	DEFAULT_PORT = 30650, /* for every scheme, as in pachctl */
	MAX_HOST_BYTES = 253, /* RFC 1035 without the last dot */
	MAX_LABEL_BYTES = 63,
};

static const struct {
	const char *name;
	bool tls;
} schemes[] = { { "grpc", false }, { "grpcs", true }, { "http", false }, { "https", true } };

static int
refuse_url(struct err *err, const char *why)
{
	return err_set(err, ERR_USAGE, "it %s", why);
}

/* Cuts "scheme://" off `*rest`; without one it is grpc. */
static int
take_scheme(struct str *rest, struct url *out, struct err *err)
{
	size_t len = str_find(*rest, ':');

	if (!str_starts(str_tail(*rest, len), "://"))
		return 0;
	for (size_t i = 0; i < COUNT_OF(schemes); i++)
		if (str_is_like(str_head(*rest, len), schemes[i].name)) {
			out->tls = schemes[i].tls;
			*rest = str_tail(*rest, len + 3);
			return 0;
		}
	return refuse_url(err, "has another scheme than grpc, grpcs, http or https");
}

/* Refuses what no form of address may hold. The text is not repeated: it can hold a password or a
 * token. */
static int
refuse_extras(struct str *rest, struct err *err)
{
	if (str_find(*rest, '@') < rest->len)
		return refuse_url(err, "contains user info (before '@')");
	if (str_find(*rest, '?') < rest->len)
		return refuse_url(err, "contains a query ('?')");
	if (str_find(*rest, '#') < rest->len)
		return refuse_url(err, "contains a fragment ('#')");
	if (str_ends(*rest, "/"))
		*rest = str_head(*rest, rest->len - 1);
	if (str_find(*rest, '/') < rest->len)
		return refuse_url(err, "contains a path ('/')");
	return 0;
}

static int
parse_port(struct str text, uint16_t *port, struct err *err)
{
	unsigned value = 0;

	for (size_t i = 0; i < text.len && value <= UINT16_MAX; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return refuse_url(err, "has a port that is not a number");
		value = value * 10 + (unsigned)(text.ptr[i] - '0');
	}
	if (text.len == 0)
		return refuse_url(err, "has no port after ':'");
	if (value == 0 || value > UINT16_MAX)
		return refuse_url(err, "has a port outside 1 to 65535");
	*port = (uint16_t)value;
	return 0;
}

/* A label that makes resolvers read the whole as an IPv4 address: all digits, or "0x…" */
static bool
is_number_label(struct str label)
{
	return label.len > 0
	       && (str_digits(label) == label.len || str_starts(label, "0x")
	           || str_starts(label, "0X"));
}

static int
check_name(struct str host, struct err *err)
{
	struct str rest = host, label, last = { "", 0 };
	size_t good = str_span(host, CHARS_ALNUM "-_.");

	if (host.len == 0)
		return refuse_url(err, "has no host");
	if (good < host.len)
		return (unsigned char)host.ptr[good] < 0x80
		           ? refuse_url(err, "has an invalid character in its host name")
		           : refuse_url(err, "has a host name outside ASCII; use its xn-- form");
	if (str_ends(host, "."))
		rest = str_head(host, host.len - 1);
	if (rest.len > MAX_HOST_BYTES)
		return refuse_url(err, "has a host longer than 253 characters");
	while (str_split(&rest, '.', &label)) {
		if (label.len == 0 || label.len > MAX_LABEL_BYTES)
			return refuse_url(
			    err, "has a host with a part that is empty or longer than 63");
		last = label;
	}
	/* "127.1" and "0x7f.0.0.1" are addresses to a resolver, so they are refused as names */
	if (is_number_label(last))
		return refuse_url(err, "has a host that is neither a name nor a full IPv4 address");
	return 0;
}

/* Sets host and is_loopback from a name or an IPv4 address. */
static int
parse_name(struct arena *a, struct str text, struct url *out, struct err *err)
{
	char *host;
	struct in_addr four;

	if (text.len > MAX_HOST_BYTES + 1)
		return refuse_url(err, "has a host longer than 253 characters");
	host = arena_cstr(a, text);
	if (inet_pton(AF_INET, host, &four) == 1 && str_is(text, host)) {
		out->is_loopback = ntohl(four.s_addr) >> 24 == 127;
	} else {
		if (check_name(text, err) < 0)
			return -1;
		out->is_loopback = strcasecmp(host, "localhost") == 0;
	}
	out->host = host;
	return 0;
}

static int
parse_ipv6(struct arena *a, struct str text, struct url *out, struct err *err)
{
	struct in6_addr six;
	char *host;

	if (text.len >= INET6_ADDRSTRLEN)
		return refuse_url(err, "has an IPv6 address that is too long");
	host = arena_cstr(a, text);
	if (!str_is(text, host) || inet_pton(AF_INET6, host, &six) != 1)
		return refuse_url(
		    err, "has no valid IPv6 address (one with a port needs '[' and ']')");
	out->is_loopback = IN6_IS_ADDR_LOOPBACK(&six);
	out->host = host;
	return 0;
}

/* "[v6]", "[v6]:port", "v6", "name", "name:port" */
static int
parse_authority(struct arena *a, struct str text, struct url *out, struct err *err)
{
	size_t colon = str_find(text, ':'), close = str_find(text, ']');
	struct str port = { NULL, 0 };
	bool is_six = true;

	if (str_starts(text, "[")) {
		struct str behind = str_tail(text, close + 1);

		if (close == text.len)
			return refuse_url(err, "has a '[' without its ']'");
		if (behind.len > 0 && behind.ptr[0] != ':')
			return refuse_url(err, "has something other than ':' and a port after ']'");
		if (behind.len > 0)
			port = str_tail(behind, 1);
		text = str_tail(str_head(text, close), 1);
	} else if (colon == text.len || colon == str_rfind(text, ':')) {
		is_six = false;
		if (colon < text.len)
			port = str_tail(text, colon + 1);
		text = str_head(text, colon);
	}
	out->has_port = port.ptr != NULL;
	out->port = DEFAULT_PORT;
	if ((is_six ? parse_ipv6(a, text, out, err) : parse_name(a, text, out, err)) < 0)
		return -1;
	return port.ptr ? parse_port(port, &out->port, err) : 0;
}

static int
parse_url(struct arena *a, struct str text, struct url *out, struct err *err)
{
	struct url url = { 0 };
	struct str rest = str_trim(text);
	bool is_six;

	if (rest.len == 0)
		return refuse_url(err, "is empty");
	if (take_scheme(&rest, &url, err) < 0 || refuse_extras(&rest, err) < 0
	    || parse_authority(a, rest, &url, err) < 0)
		return -1;
	is_six = str_find(str_of(url.host), ':') < str_of(url.host).len;
	url.text = arena_fmt(a, is_six ? "%s://[%s]:%u" : "%s://%s:%u", url.tls ? "grpcs" : "grpc",
	    url.host, (unsigned)url.port)
	               .ptr;
	*out = url;
	return 0;
}

int
url_parse(struct arena *a, struct str text, struct url *out, struct err *err)
{
	if (parse_url(a, text, out, err) == 0)
		return 0;
	(void)err_wrap(err, "invalid cluster address");
	return err_hint(err, "use grpcs://host:port, or grpc://host:port for plaintext");
}

int
url_parse_api(struct arena *a, struct str text, struct url *out, struct err *err)
{
	if (parse_url(a, text, out, err) == 0)
		return 0;
	(void)err_wrap(err, "invalid API address");
	return err_hint(err, "use for example https://api.example.com");
}

int
url_check_secret(const struct url *to, bool allow_plaintext, const char *what, struct err *err)
{
	if (to->tls || to->is_loopback || allow_plaintext)
		return 0;
	(void)err_set(err, ERR_USAGE, "the %s would be sent to %s unencrypted", what, to->text);
	return err_hint(err, "use grpcs://, or set input 'allow-plaintext' to true");
}
