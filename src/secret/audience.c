#include "secret/audience.h"

#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "secret/secret.h"

static const char *const none[] = { NULL };

/* GitHub Docs, "GitHub's token formats". */
static const char *const github_prefixes[] = { "ghp_", "gho_", "ghu_", "ghs_", "ghr_",
	"github_pat_", NULL };
static const char *const github_domains[] = { "github.com", "ghe.com", NULL };

/* GitHub Docs, "Working with the Container registry", and that of GitHub Enterprise Server. */
static const char *const github_registries[] = { "ghcr.io", "containers.", NULL };

/* Azure DevOps Docs, "Allowed domain URLs". Its tokens have no beginning of their own. */
static const char *const azure_domains[] = { "dev.azure.com", "visualstudio.com", NULL };

/* GitLab Docs, "Token overview": a registry of its own, which takes its tokens, may be at any address. */
static const char *const gitlab_prefixes[] = { "glpat-", "gloas-", "gldt-", "glcbt-", "glptt-",
	NULL };
static const char *const gitlab_domains[] = { "gitlab.com", NULL };
static const char *const gitlab_registries[] = { "", NULL };

/* Docker Docs, "Personal access tokens" and "Organization access tokens". */
static const char *const registry_prefixes[] = { "dckr_pat_", "dckr_oat_", NULL };
/* Registries of the internet; each credential comes with the address of its own (is_beside). */
static const char *const registry_domains[] = { "docker.io", "ghcr.io", "quay.io", "azurecr.io",
	"gcr.io", "pkg.dev", "registry.gitlab.com", NULL };

const struct audience_row audiences[AUDIENCE_COUNT] = {
	[AUDIENCE_NOBODY] = { .host = "nobody", .prefixes = none, .domains = none },
	[AUDIENCE_PACHD] = { .host = "the cluster", .prefixes = none, .domains = none },
	[AUDIENCE_GITHUB] = { .host = "GitHub",
	    .place = "github",
	    .variable = "GH_TOKEN",
	    .input = "github-token",
	    .prefixes = github_prefixes,
	    .domains = github_domains,
	    .registries = github_registries },
	[AUDIENCE_AZURE] = { .host = "Azure DevOps",
	    .place = "azure",
	    .variable = "SYSTEM_ACCESSTOKEN",
	    .input = "azure-token",
	    .prefixes = none,
	    .domains = azure_domains },
	[AUDIENCE_GITLAB] = { .host = "GitLab",
	    .input = "gitlab-token",
	    .prefixes = gitlab_prefixes,
	    .domains = gitlab_domains,
	    .registries = gitlab_registries },
	[AUDIENCE_ISSUER] = { .host = "the issuer of ID tokens",
	    .prefixes = none,
	    .domains = none,
	    .is_beside = true },
	[AUDIENCE_REGISTRY] = { .host = "a registry",
	    .prefixes = registry_prefixes,
	    .domains = registry_domains,
	    .is_beside = true },
};

enum audience
audience_of_place(struct str word)
{
	for (enum audience i = 0; i < AUDIENCE_COUNT; i++)
		if (audiences[i].place && str_is(word, audiences[i].place))
			return i;
	return AUDIENCE_NOBODY;
}

static int
find_owner(void *ctx, struct str bytes)
{
	enum audience *owner = ctx;

	for (enum audience i = 0; i < AUDIENCE_COUNT; i++)
		for (const char *const *p = audiences[i].prefixes; *p; p++)
			if (str_starts(bytes, *p))
				*owner = i;
	return 0;
}

/* Whose the secret is by its first bytes; AUDIENCE_NOBODY: they do not show it. -1: its memory cannot be read. */
static int
read_owner(const struct secret *s, const char *what, enum audience *owner, struct err *err)
{
	*owner = AUDIENCE_NOBODY;
	if (secret_lend(s, find_owner, owner) == 0)
		return 0;
	return err_set(err, ERR_SYSTEM, "the memory of %s cannot be read", what);
}

int
secret_mean_for(struct secret *s, enum audience to, const char *what, struct err *err)
{
	enum audience owner;

	if (read_owner(s, what, &owner, err) < 0)
		return -1;
	if (owner != AUDIENCE_NOBODY && owner != to) {
		(void)err_set(err, ERR_USAGE, "%s holds a token of %s, and it would be sent to %s",
		    what, audiences[owner].host, audiences[to].host);
		return err_hint(err, "give the token that %s has made", audiences[to].host);
	}
	secret_set_audience(s, to);
	return 0;
}

/* Whether `name`, of the members `registries`, means the host. */
static bool
is_registry(const char *name, const char *host)
{
	size_t len = strlen(name);

	return len == 0
	       || (strncasecmp(host, name, len) == 0 && (name[len - 1] == '.' || !host[len]));
}

int
secret_mean_for_registry(struct secret *s, const char *host, const char *what, struct err *err)
{
	enum audience owner;

	if (read_owner(s, what, &owner, err) < 0)
		return -1;
	for (const char *const *one = audiences[owner].registries; one && *one; one++)
		if (is_registry(*one, host)) {
			secret_set_audience(s, AUDIENCE_REGISTRY);
			return 0;
		}
	return secret_mean_for(s, AUDIENCE_REGISTRY, what, err);
}

/* The host of a URL, without user info and port. */
static struct str
host_of(const char *url)
{
	const char *scheme = strstr(url, "://");
	struct str text = str_of(scheme ? scheme + 3 : url);
	size_t at;

	text = str_head(text, str_cspan(text, "/?#"));
	at = str_rfind(text, '@');
	if (at < text.len)
		text = str_tail(text, at + 1);
	text = str_head(text, str_find(text, ':'));
	if (str_ends(text, "."))
		text.len--;
	return text;
}

/* "github.com" and "api.github.com", not "notgithub.com". */
static bool
is_within(struct str host, const char *domain)
{
	size_t len = strlen(domain);

	return host.len >= len && str_is_like(str_tail(host, host.len - len), domain)
	       && (host.len == len || host.ptr[host.len - len - 1] == '.');
}

/* The audience with the longest domain that the URL's host is within; AUDIENCE_NOBODY: the host is within none. */
static enum audience
owner_of(const char *url)
{
	struct str host = host_of(url);
	enum audience owner = AUDIENCE_NOBODY;
	size_t longest = 0;

	for (enum audience i = 0; i < AUDIENCE_COUNT; i++)
		for (const char *const *d = audiences[i].domains; *d; d++)
			if (is_within(host, *d) && strlen(*d) > longest) {
				longest = strlen(*d);
				owner = i;
			}
	return owner;
}

int
audience_check(const struct secret *s, enum audience to, const char *url, struct err *err)
{
	enum audience meant = s ? secret_audience(s) : to, owner = owner_of(url);

	if (!s
	    || (meant == to && to != AUDIENCE_NOBODY
	        && (owner == AUDIENCE_NOBODY || owner == to || audiences[to].is_beside)))
		return 0;
	if (meant != to || to == AUDIENCE_NOBODY)
		(void)err_set(err, ERR_REFUSED, "a credential for %s is not sent to %s",
		    audiences[meant].host, audiences[to].host);
	else
		(void)err_set(err, ERR_REFUSED,
		    "a credential for %s is not sent to '%.*s', which is %s", audiences[to].host,
		    STR_FMT(str_head(host_of(url), 100)), audiences[owner].host);
	return err_hint(err, "check the addresses of this run: each credential goes only to the "
	                     "host that it is for");
}
