#include "registry/docker_config.h"

#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "diag/diag.h"
#include "format/doc.h"
#include "secret/audience.h"
#include "secret/base64.h"
#include "secret/secret.h"

/* A file that is being read. */
struct reading {
	struct logins *out;
	struct arena *arena;
	struct str text;
	const char *path;
	struct err *err;
};

static int
refuse_file(const struct reading *r, const char *why)
{
	(void)err_set(r->err, ERR_SPEC, "the registry logins in '%s' %s", r->path, why);
	return err_hint(r->err, "log in again (docker login), or set inputs 'registry', "
	                        "'registry-username' and 'registry-password'");
}

/* Overwrites the string after a key with 'x'; returns its end. */
static char *
cross_out(char *at)
{
	at += strspn(at, " \t\r\n:");
	if (*at != '"')
		return at;
	for (at++; *at && *at != '"'; at++) {
		if (*at == '\\' && at[1])
			*at++ = 'x';
		*at = 'x';
	}
	return at;
}

/* A copy in which the secrets are overwritten: the reader of JSON copies texts. */
static char *
crossed_out(struct arena *a, struct str text)
{
	static const char *const members[] = { "\"auth\"", "\"password\"", "\"identitytoken\"",
		"\"registrytoken\"" };
	char *copy = arena_cstr(a, text);

	for (size_t i = 0; i < COUNT_OF(members); i++)
		for (char *at = copy; (at = strstr(at, members[i])) != NULL;)
			at = cross_out(at + strlen(members[i]));
	return copy;
}

static struct str
text_of(const struct node *object, const char *key)
{
	return node_text(node_get(object, key));
}

/* The member's bytes in the file; false: it is not there, or has escapes. */
static bool
find_bytes(const struct reading *r, const struct node *entry, const char *key, struct str *out)
{
	const struct node *n = node_get(entry, key);

	if (!n || n->kind != NODE_STRING || n->at.len < 3)
		return false;
	*out = str_head(str_tail(r->text, n->at.offset + 1), n->at.len - 2);
	return str_find(*out, '\\') == out->len;
}

struct str
login_host(struct arena *a, struct str key, struct str *path)
{
	static const char *const hub[] = { "index.docker.io", "registry-1.docker.io",
		"registry.hub.docker.com" };
	struct str host;

	if (!str_take(&key, "https://"))
		(void)str_take(&key, "http://"); /* or neither */
	host = str_head(key, str_find(key, '/'));
	*path = str_tail(key, host.len + 1);
	while (str_ends(*path, "/"))
		path->len--;
	if (str_is(*path, "v1") || str_is(*path, "v2"))
		*path = STR("");
	host = arena_lower(a, host);
	if (str_is_any(host, hub, COUNT_OF(hub)))
		host = STR("docker.io");
	*path = arena_str(a, *path);
	return host;
}

void
logins_add(struct logins *l, struct arena *a, struct login one)
{
	for (size_t i = 0; i < l->count; i++)
		if (str_eq(l->list[i].host, one.host) && str_eq(l->list[i].path, one.path)
		    && (l->list[i].secret || !one.secret)) {
			secret_free(one.secret);
			return;
		}
	l->list = arena_grow(a, l->list, l->count, &l->room, sizeof(*l->list));
	l->list[l->count++] = one;
}

/* NAME:PASSWORD from its base64; NULL: it is not that. */
static struct secret *
decode_pair(const struct reading *r, struct str digits)
{
	unsigned char bytes[MAX_TOKEN_BYTES];
	struct secret *pair = NULL;
	size_t len;

	if (base64_read(digits, BASE64_PADDED, bytes, sizeof(bytes), &len) && len > 1) {
		while (len > 0 && bytes[len - 1] == '\0') /* old versions of docker pad it */
			len--;
		if (memchr(bytes, ':', len) && !memchr(bytes, '\0', len))
			pair = secret_of_bytes(
			    (struct str){ (char *)bytes, len }, "a registry login", r->err);
	}
	secret_wipe(bytes, sizeof(bytes));
	return pair;
}

static struct secret *
join_pair(const struct reading *r, struct str name, struct str password)
{
	char bytes[MAX_TOKEN_BYTES];
	struct secret *pair;

	if (name.len + password.len + 1 > sizeof(bytes))
		return NULL;
	memcpy(bytes, name.ptr, name.len);
	bytes[name.len] = ':';
	memcpy(bytes + name.len + 1, password.ptr, password.len);
	pair = secret_of_bytes(
	    (struct str){ bytes, name.len + 1 + password.len }, "a registry login", r->err);
	secret_wipe(bytes, sizeof(bytes));
	return pair;
}

/* Sets one->secret where the entry has one. -1: it cannot be read. */
static int
read_secret(const struct reading *r, const struct node *entry, struct login *one)
{
	struct str bytes, name = text_of(entry, "username");

	if (find_bytes(r, entry, "identitytoken", &bytes)) {
		one->is_identity = true;
		one->secret = secret_new(bytes, "an identity token", r->err);
	} else if (text_of(entry, "auth").len > 0) {
		one->secret = find_bytes(r, entry, "auth", &bytes) ? decode_pair(r, bytes) : NULL;
	} else if (name.len > 0 && find_bytes(r, entry, "password", &bytes)) {
		one->secret = join_pair(r, name, bytes);
	} else {
		return 0;
	}
	if (!one->secret)
		return refuse_file(
		    r, arena_fmt(r->arena, "hold a login for '%.*s' that cannot be read",
		           STR_FMT(str_head(one->host, 100)))
		           .ptr);
	secret_keep_from_forks(one->secret);
	secret_set_audience(one->secret, AUDIENCE_REGISTRY);
	return 0;
}

static int
read_all(const struct reading *r, const struct node *config)
{
	const struct node *auths = node_get(config, "auths"), *helpers;

	helpers = node_get(config, "credHelpers");
	for (const struct node *n = helpers ? helpers->first : NULL; n; n = n->next) {
		struct login one = { .from = r->path, .helper = n->text };

		one.host = login_host(r->arena, n->key, &one.path);
		if (n->kind == NODE_STRING && n->text.len > 0)
			logins_add(r->out, r->arena, one);
	}
	for (const struct node *n = auths ? auths->first : NULL; n; n = n->next) {
		struct login one = { .from = r->path, .helper = STR("") };

		one.host = login_host(r->arena, n->key, &one.path);
		if (read_secret(r, n, &one) < 0)
			return -1;
		if (one.secret)
			logins_add(r->out, r->arena, one);
	}
	if (r->out->store.len == 0) {
		r->out->store = text_of(config, "credsStore");
		r->out->store_from = r->path;
	}
	return 0;
}

int
docker_config_read(
    struct logins *out, struct arena *a, struct str text, const char *path, struct err *err)
{
	struct reading r = { out, a, text, path, err };
	struct diags d = diags_in(a);
	const struct node *config;

	if (str_find(text, '\0') < text.len)
		return refuse_file(&r, "are not valid JSON");
	config = doc_parse_value(a, str_of(crossed_out(a, text)), &d);
	if (!config || d.errors > 0 || config->kind != NODE_OBJECT)
		return refuse_file(&r, "are not valid JSON");
	return read_all(&r, config);
}

/* "team" and "team/app" are above "team/app/web", "te" is not. */
static bool
is_above(struct str path, struct str repo)
{
	return path.len == 0
	       || (repo.len >= path.len && str_eq(str_head(repo, path.len), path)
	           && (repo.len == path.len || repo.ptr[path.len] == '/'));
}

const struct login *
logins_find(const struct logins *l, struct str host, struct str repo)
{
	const struct login *best = NULL;

	for (size_t i = 0; i < l->count; i++) {
		const struct login *one = &l->list[i];

		if (!str_eq(one->host, host) || !is_above(one->path, repo))
			continue;
		if (!best || (one->secret && !best->secret)
		    || (one->path.len > best->path.len && (one->secret || !best->secret)))
			best = one;
	}
	return best;
}

void
logins_free(struct logins *l)
{
	for (size_t i = 0; i < l->count; i++)
		secret_free(l->list[i].secret);
	l->count = 0;
}
