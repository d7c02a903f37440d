#include "tap.h"

#include <string.h>

#include "base/arena.h"
#include "net/url.h"

static void
test_url_parse__accepts(struct arena *a)
{
	static const struct {
		const char *in, *text;
		bool tls, is_loopback, has_port;
	} rows[] = {
		{ "grpc://pachd.example.com:30650", "grpc://pachd.example.com:30650", false, false,
		    true },
		{ "grpcs://pachd.example.com:443", "grpcs://pachd.example.com:443", true, false,
		    true },
		{ "http://pachd", "grpc://pachd:30650", false, false, false },
		{ "https://pachd", "grpcs://pachd:30650", true, false, false },
		{ "HTTPS://Pachd", "grpcs://Pachd:30650", true, false, false },
		{ "pachd.example.com:80", "grpc://pachd.example.com:80", false, false, true },
		{ "pachd", "grpc://pachd:30650", false, false, false },
		{ "grpcs://pachd:443/", "grpcs://pachd:443", true, false, true },
		{ "  grpcs://pachd:443\r\n", "grpcs://pachd:443", true, false, true },
		{ "localhost", "grpc://localhost:30650", false, true, false },
		{ "LocalHost:1", "grpc://LocalHost:1", false, true, true },
		{ "localhost.evil.example", "grpc://localhost.evil.example:30650", false, false,
		    false },
		{ "127.0.0.1:30650", "grpc://127.0.0.1:30650", false, true, true },
		{ "127.9.8.7", "grpc://127.9.8.7:30650", false, true, false },
		{ "128.0.0.1", "grpc://128.0.0.1:30650", false, false, false },
		{ "127.0.0.1.example", "grpc://127.0.0.1.example:30650", false, false, false },
		{ "[::1]:65535", "grpc://[::1]:65535", false, true, true },
		{ "::1", "grpc://[::1]:30650", false, true, false },
		{ "grpcs://[2001:db8::5]", "grpcs://[2001:db8::5]:30650", true, false, false },
		{ "2001:db8::5", "grpc://[2001:db8::5]:30650", false, false, false },
		{ "host_with_underscore.svc:1650", "grpc://host_with_underscore.svc:1650", false,
		    false, true },
		{ "pachd.example.com.:1650", "grpc://pachd.example.com.:1650", false, false, true },
		{ "0815.example:007", "grpc://0815.example:7", false, false, true },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct url url = { 0 };
		struct err err = { 0 };
		int rc = url_parse(a, str_of(rows[i].in), &url, &err);

		ok(rc == 0 && strcmp(url.text, rows[i].text) == 0 && url.tls == rows[i].tls
		        && url.is_loopback == rows[i].is_loopback
		        && url.has_port == rows[i].has_port,
		    "row %zu is '%s' %s", i, rc == 0 ? url.text : "", err.text);
	}
}

static void
test_url_parse__refuses(struct arena *a)
{
	static const struct {
		const char *in, *why;
	} rows[] = {
		{ "", "is empty" },
		{ " \n", "is empty" },
		{ "grpc://", "has no host" },
		{ "/", "has no host" },
		{ ":30650", "has no host" },
		{ "ftp://pachd:1", "another scheme" },
		{ "unix:///run/pachd.sock", "another scheme" },
		{ "://pachd", "another scheme" },
		{ "grpcs://pachd:443//", "a path" },
		{ "grpcs://pachd/api", "a path" },
		{ "https://pachd?x=hunter2", "a query" },
		{ "https://pachd#hunter2", "a fragment" },
		{ "grpcs://robot:hunter2@pachd:443", "user info" },
		{ "hunter2@pachd", "user info" },
		{ "grpcs://a/hunter2@pachd", "user info" },
		{ "pachd:hunter2", "not a number" },
		{ "pachd:+80", "not a number" },
		{ "pachd: 80", "not a number" },
		{ "pachd:", "no port after" },
		{ "pachd:0", "outside 1 to 65535" },
		{ "pachd:65536", "outside 1 to 65535" },
		{ "pachd:99999999999999999999", "outside 1 to 65535" },
		{ "[::1", "without its ']'" },
		{ "[::1]80", "after ']'" },
		{ "[pachd]:80", "IPv6" },
		{ "[127.0.0.1]:80", "IPv6" },
		{ "2001:db8::5::1", "IPv6" },
		{ "[fe80::1%eth0]:80", "IPv6" },
		{ "pa chd", "an invalid character in its host name" },
		{ "pachd\x01", "an invalid character in its host name" },
		{ "p\xc3\xa4"
		  "chd",
		    "outside ASCII" },
		{ "pachd..example", "empty" },
		{ ".pachd", "empty" },
		{ "1234", "full IPv4" },
		{ "127.1", "full IPv4" },
		{ "0x7f.0.0.1", "full IPv4" },
		{ "a.0x7f", "full IPv4" },
		{ "256.1.1.1", "full IPv4" },
		{ "127.0.0.1.", "full IPv4" },
		{ "grpc://grpc://pachd", "a path" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct url url = { .port = 7 };
		struct err err = { 0 };
		int rc = url_parse(a, str_of(rows[i].in), &url, &err);

		ok(rc < 0 && err.kind == ERR_USAGE && strstr(err.text, rows[i].why)
		        && strstr(err.hint, "grpcs://host:port") && url.port == 7
		        && !strstr(err.text, "hunter2") && !strstr(err.hint, "hunter2"),
		    "row %zu is refused: %s", i, err.text);
	}
}

static void
test_url_parse__bytes(struct arena *a)
{
	struct url url;
	struct err err = { 0 };
	char lots[300];

	ok(url_parse(a, (struct str){ "pachd\0x", 7 }, &url, &err) < 0, "a NUL inside");
	ok(url_parse(a, (struct str){ "127.0.0.1\0.evil", 15 }, &url, &err) < 0,
	    "a NUL after loopback");
	ok(url_parse(a, (struct str){ "[::1\0]", 6 }, &url, &err) < 0, "a NUL in brackets");
	memset(lots, 'a', sizeof(lots));
	ok(url_parse(a, (struct str){ lots, sizeof(lots) }, &url, &err) < 0,
	    "a host that is too long");
	ok(url_parse(a, (struct str){ lots, 64 }, &url, &err) < 0, "a label that is too long");
	ok(url_parse(a, (struct str){ lots, 63 }, &url, &err) == 0 && url.port == 30650,
	    "the longest label");
}

/* One rule for every secret, whoever sends it. */
static void
test_url_check_secret__only_where_nobody_listens(struct arena *a)
{
	static const struct {
		const char *url;
		bool is_allowed, is_sent;
	} rows[] = {
		{ "grpcs://pachd.example", false, true },
		{ "https://192.0.2.1:443", false, true },
		{ "grpc://127.0.0.1", false, true },
		{ "grpc://[::1]:7", false, true },
		{ "grpc://localhost", false, true },
		{ "grpc://pachd.example", false, false },
		{ "192.0.2.1:30650", false, false },
		{ "grpc://localhost.example", false, false },
		{ "grpc://[::ffff:127.0.0.1]", false, false },
		{ "grpc://pachd.example", true, true },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct err err = { 0 };
		struct url url;
		int rc = url_parse(a, str_of(rows[i].url), &url, &err);

		ok(rc == 0, "%s: %s", rows[i].url, err.text);
		rc = url_check_secret(&url, rows[i].is_allowed, "token", &err);
		ok((rc == 0) == rows[i].is_sent && (rc == 0 || strstr(err.text, "the token would")),
		    "%s: %s", rows[i].url, rc ? "refused" : "sent");
	}
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_url_parse__accepts(a);
	test_url_parse__refuses(a);
	test_url_parse__bytes(a);
	test_url_check_secret__only_where_nobody_listens(a);
	arena_free(a);
	return done();
}
