#include "tap.h"

#include <string.h>

#include "base/arena.h"
#include "base/base.h"
#include "pipeline/credential.h"

static void
test_credential_is_name__rows(void)
{
	static const char *const good[] = { "DB_PASSWORD", "db_password", "TOKEN", "GitHubToken",
		"AWS_SECRET_ACCESS_KEY", "API_KEY", "apiKey", "PRIVATE_KEY", "REGISTRY_PASS",
		"db_pass", "DB_PWD", "DSN" };
	static const char *const bad[] = { "", "MODE", "PRIMARY_KEY_COLUMN", "KEYSPACE",
		"PASSENGERS", "BYPASS", "PATH", "COMPASS" };

	for (size_t i = 0; i < COUNT_OF(good); i++)
		ok(credential_is_name(str_of(good[i])), "'%s' is one", good[i]);
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		ok(!credential_is_name(str_of(bad[i])), "'%s' is not refused", bad[i]);
}

static void
test_credential_is_text__rows(void)
{
	/* made up, and written apart so that no scanner takes them for real ones */
	static const char *const good[] = { "gh"
		                            "p_0123456789abcdef",
		"AK"
		"IA0123456789ABCDEF",
		"-----BEGIN RSA PRIVATE KEY-----\nx", "postgres://user:word@host/db",
		"see amqp://a:b@c", "a://b c://u:word@h", "postgres://u:wo/rd@h/db",
		"key=AK"
		"IA0123456789ABCDEF",
		"Authorization: Bearer 0123456789",
		"eyJhbGci"
		"OiJub25lIn0.e30." };
	static const char *const bad[] = { "", "ghp_", "AKIA", "reg.example:5000/a/b@sha256:00",
		"http://host:80/a@b", "ssh://git@host/a:b", "http://", "://", "user:word@host" };

	for (size_t i = 0; i < COUNT_OF(good); i++)
		ok(credential_is_text(str_of(good[i])), "row %zu is one", i);
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		ok(!credential_is_text(str_of(bad[i])), "'%s' is not refused", bad[i]);
}

static void
test_credential_hide_users(void)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{ "", "" },
		{ "https://host/o/r.git", "https://host/o/r.git" },
		{ "https://ann:word@host/o/r.git", "https://***@host/o/r.git" },
		{ "https://ann@host/o", "https://***@host/o" },
		{ "https://ann:w@rd@host", "https://***@host" },
		{ "https://ann:w/rd@host", "https://***@host" },
		{ "see ftp://a:b@c and ssh://d:e@f", "see ftp://***@c and ssh://***@f" },
		{ "ann:word@host", "ann:word@host" },
		{ "a://", "a://" },
		{ "a://@", "a://@" },
		{ "a:// b@c", "a:// b@c" },
		{ "://://x@y", "://***@y" },
	};
	struct arena *a = arena_new(no_memory);

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct str out = credential_hide_users(a, str_of(rows[i].in));

		ok(str_is(out, rows[i].out), "'%s' is shown as '%.*s'", rows[i].in, STR_FMT(out));
	}
	arena_free(a);
}

/* The largest file; in the square of its length this would take hours. */
static void
test_credential__long_text(void)
{
	enum { COUNT = (4 << 20) / 3 };
	struct arena *a = arena_new(no_memory);
	char *text = arena_alloc(a, COUNT * 3);
	struct str all = { text, COUNT * 3 };

	for (size_t i = 0; i < COUNT; i++)
		memcpy(text + i * 3, "://", 3);
	ok(!credential_is_text(all) && credential_hide_users(a, all).ptr == text, "4 MiB of '://'");
	text[COUNT * 3 - 2] = '@';
	ok(credential_is_text(all) && credential_hide_users(a, all).len < 10,
	    "a password at its end");
	arena_free(a);
}

int
main(void)
{
	test_credential__long_text();
	test_credential_hide_users();
	test_credential_is_name__rows();
	test_credential_is_text__rows();
	return done();
}
