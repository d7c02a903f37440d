/* secret/audience.h: each credential against each host, and against every kind of address. */
#include "../net/token.h"
#include "tap.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"

static const char *const names[AUDIENCE_COUNT] = { "nobody", "pachd", "github", "azure", "gitlab",
	"issuer", "registry" };

/* What is meant for one goes to that one, and to no other; what is meant for nobody goes nowhere. */
static void
test_check__each_against_each(void)
{
	for (enum audience meant = 0; meant < AUDIENCE_COUNT; meant++) {
		struct secret *s = token_for(meant, STR("0123456789abcdef"));

		for (enum audience to = 0; s && to < AUDIENCE_COUNT; to++) {
			struct err err = { 0 };
			bool is_sent = meant == to && to != AUDIENCE_NOBODY;
			int rc = audience_check(s, to, "https://host.example/x", &err);

			ok((rc == 0) == is_sent && (rc == 0 || err.kind == ERR_REFUSED),
			    "for %s, asked by %s: %s", names[meant], names[to],
			    rc ? err.text : "sent");
		}
		secret_free(s);
	}
}

/* A token of a code host is for its own registries, too, and for no other one. */
static void
test_secret_mean_for_registry__tokens(void)
{
	static const struct {
		const char *token, *registry;
		bool is_taken;
	} rows[] = {
		{ "ghp_0123456789", "ghcr.io", true },
		{ "ghs_0123456789", "GHCR.IO", true },
		{ "github_pat_01234", "containers.corp.example", true },
		{ "ghp_0123456789", "docker.io", false },
		{ "ghp_0123456789", "ghcr.io.evil.example", false },
		{ "ghp_0123456789", "notghcr.io", false },
		{ "dckr_pat_012345", "docker.io", true },
		{ "any-password", "registry.example", true },
		{ "glpat-0123456789", "registry.gitlab.com", true },
		{ "glpat-0123456789", "gitlab.corp.example:5050", true },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct secret *s = token_for(AUDIENCE_NOBODY, str_of(rows[i].token));
		struct err err = { 0 };
		bool is_taken =
		    s && secret_mean_for_registry(s, rows[i].registry, "the password", &err) == 0;

		ok(is_taken == rows[i].is_taken
		        && (!is_taken || secret_audience(s) == AUDIENCE_REGISTRY),
		    "%.4s… for %s: %s", rows[i].token, rows[i].registry, err.text);
		secret_free(s);
	}
}

static void
test_check__addresses(void)
{
	static const struct {
		enum audience to;
		const char *url;
		bool is_sent;
	} rows[] = {
		{ AUDIENCE_GITHUB, "https://api.github.com/repos/o/r", true },
		{ AUDIENCE_GITHUB, "https://ghes.corp.example/api/v3/user", true },
		{ AUDIENCE_GITHUB, "https://api.acme.ghe.com/", true },
		{ AUDIENCE_GITHUB, "https://dev.azure.com/org", false },
		{ AUDIENCE_GITHUB, "https://DEV.AZURE.COM:443/org", false },
		{ AUDIENCE_GITHUB, "https://dev.azure.com./org", false },
		{ AUDIENCE_GITHUB, "https://api.github.com@org.visualstudio.com/", false },
		{ AUDIENCE_AZURE, "https://dev.azure.com/org/p", true },
		{ AUDIENCE_AZURE, "https://org.visualstudio.com/p", true },
		{ AUDIENCE_AZURE, "https://tfs.corp.example/tfs/DefaultCollection", true },
		{ AUDIENCE_AZURE, "https://api.github.com/", false },
		{ AUDIENCE_AZURE, "https://notgithub.com/", true },
		{ AUDIENCE_GITLAB, "https://gitlab.com/api/v4", true },
		{ AUDIENCE_GITLAB, "https://git.corp.example/api/v4", true },
		{ AUDIENCE_GITLAB, "https://registry.gitlab.com/v2/", false },
		{ AUDIENCE_GITLAB, "https://api.github.com/", false },
		{ AUDIENCE_REGISTRY, "https://gitlab.com/jwt/auth", true },
		{ AUDIENCE_PACHD, "grpcs://pachd.example:443", true },
		{ AUDIENCE_PACHD, "grpcs://[::1]:30650", true },
		{ AUDIENCE_PACHD, "grpcs://github.com:443", false },
		{ AUDIENCE_ISSUER, "https://run.actions.githubusercontent.com/x", true },
		{ AUDIENCE_ISSUER, "https://dev.azure.com/org/_apis/oidc", true },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct secret *s = token_for(rows[i].to, STR("0123456789abcdef"));
		struct err err = { 0 };
		int rc = s ? audience_check(s, rows[i].to, rows[i].url, &err) : -1;

		ok(s && (rc == 0) == rows[i].is_sent, "%s to %s: %s", names[rows[i].to],
		    rows[i].url, rc ? err.text : "sent");
		secret_free(s);
	}
}

/* A token that shows whose it is cannot be meant for another host. */
static void
test_mean_for__known_beginnings(void)
{
	static const struct {
		const char *token;
		enum audience to;
		bool is_taken;
	} rows[] = {
		{ "ghp_0123456789", AUDIENCE_GITHUB, true },
		{ "ghs_0123456789", AUDIENCE_AZURE, false },
		{ "github_pat_0123456789", AUDIENCE_AZURE, false },
		{ "ghp_0123456789", AUDIENCE_PACHD, false },
		{ "glpat-0123456789", AUDIENCE_GITLAB, true },
		{ "glpat-0123456789", AUDIENCE_GITHUB, false },
		{ "glcbt-0123456789", AUDIENCE_PACHD, false },
		{ "0123456789", AUDIENCE_PACHD, true },
		{ "eyJ0eXAiOiJKV1Qi.x.y", AUDIENCE_AZURE, true },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct err err = { 0 };
		struct secret *s = token_for(AUDIENCE_NOBODY, str_of(rows[i].token));
		int rc = s ? secret_mean_for(s, rows[i].to, "input 'x'", &err) : -1;

		ok(s && (rc == 0) == rows[i].is_taken && !strstr(err.text, "0123"), "row %zu: %s",
		    i, err.text);
		ok(!s || (secret_audience(s) == rows[i].to) == rows[i].is_taken, "and so it is");
		secret_free(s);
	}
}

/* A row that is added must say everything. */
static void
test_table__is_whole(void)
{
	for (enum audience to = 0; to < AUDIENCE_COUNT; to++) {
		const struct audience_row *row = &audiences[to];

		ok(row->host && row->prefixes && row->domains, "%s has a name and lists",
		    names[to]);
		ok(!row->place == !row->variable, "%s: what keeps secrets has a variable",
		    names[to]);
		ok(!row->place || audience_of_place(str_of(row->place)) == to, "and is found");
	}
	ok(audience_of_place(STR("gitlab")) == AUDIENCE_NOBODY
	        && audience_of_place(STR("")) == AUDIENCE_NOBODY,
	    "other places are nobody's");
}

int
main(void)
{
	struct err err = { 0 };

	if (secret_guard_process(&err) < 0)
		return 2;
	test_check__each_against_each();
	test_secret_mean_for_registry__tokens();
	test_check__addresses();
	test_mean_for__known_beginnings();
	test_table__is_whole();
	return done();
}
