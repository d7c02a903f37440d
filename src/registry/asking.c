#include "registry/asking.h"

#include "base/arena.h"
#include "secret/secret.h"

struct batch
batch_new(struct asking *all, size_t most)
{
	return (struct batch){ .turns = ARENA_ARRAY(all->arena, most, struct rest_turn),
		.about = ARENA_ARRAY(all->arena, most, void *) };
}

int
batch_add(struct asking *all, struct batch *b, const struct batch_way *way,
    const struct rest_request *request, void *about, struct err *err)
{
	struct rest_opts opts = all->opts->rest;

	opts.base = way->base;
	opts.proxy = way->proxy;
	opts.token = way->secret;
	opts.is_pair = way->is_pair;
	opts.is_led = way->is_led;
	opts.led_by = way->led_by;
	opts.headers = way->headers;
	opts.audience = AUDIENCE_REGISTRY;
	opts.group = all->group;
	if (way->deadline_ms != 0 && (opts.deadline_ms == 0 || way->deadline_ms < opts.deadline_ms))
		opts.deadline_ms = way->deadline_ms;
	b->turns[b->count] = (struct rest_turn){ .request = *request };
	b->turns[b->count].rest = rest_open(&opts, err);
	if (!b->turns[b->count].rest)
		return -1;
	b->about[b->count++] = about;
	return 0;
}

int
batch_send(struct asking *all, struct batch *b, struct err *err)
{
	rest_group_send(all->group, b->turns, b->count, MOST_AT_ONCE);
	for (size_t i = 0; i < b->count; i++)
		if (b->turns[i].rc < 0 && b->turns[i].err.kind == ERR_INTERRUPTED) {
			*err = b->turns[i].err;
			return -1;
		}
	return 0;
}

void
batch_free(struct batch *b)
{
	for (size_t i = 0; i < b->count; i++)
		rest_close(b->turns[i].rest);
	b->count = 0;
}

enum registry_answer
asking_refusal(const struct rest_turn *turn, const char *base, struct err *why)
{
	int status = turn->reply.status;

	*why = turn->err;
	if (turn->rc < 0)
		return REGISTRY_UNREACHABLE;
	if (status == 401 || status == 403) {
		(void)err_set(
		    why, ERR_REFUSED, "'%s' refuses access (HTTP status %d)", base, status);
		return REGISTRY_DENIED;
	}
	if (status == 429) {
		(void)err_set(
		    why, ERR_REFUSED, "'%s' limits how often it is asked (HTTP status 429)", base);
		(void)err_hint(why, "log in to it, which has a higher limit, or run this later");
		return REGISTRY_LIMITED;
	}
	(void)err_set(why, ERR_NETWORK, "'%s' %s (HTTP status %d)", base,
	    status >= 500 ? "has trouble" : "does not answer as a registry", status);
	return REGISTRY_UNREACHABLE;
}

static struct site *
find_site(struct asking *all, struct str host)
{
	struct site *s = all->sites;

	for (size_t i = 0; i < all->site_count; i++, s++)
		if (str_eq(s->host, host))
			return s;
	*s = (struct site){ .host = host, .answer = REGISTRY_FOUND };
	all->site_count++;
	s->base = str_is(host, "docker.io")
	              ? "https://registry-1.docker.io"
	              : arena_fmt(all->arena, "https://%.*s", STR_FMT(host)).ptr;
	return s;
}

struct repo *
asking_repo(struct asking *all, const struct image_home *home)
{
	for (size_t i = 0; i < all->repo_count; i++)
		if (str_eq(all->repos[i].path, home->path)
		    && str_eq(all->repos[i].site->host, home->host))
			return &all->repos[i];
	return NULL;
}

int
asking_open(struct asking *all, const struct registry_question *list, size_t count, struct err *err)
{
	all->sites = ARENA_ARRAY(all->arena, count, struct site);
	all->repos = ARENA_ARRAY(all->arena, count, struct repo);
	all->group = rest_group_new(err);
	if (!all->group)
		return -1;
	for (size_t i = 0; i < count; i++) {
		const struct image_home *home = &list[i].home;
		const struct login *login;

		if (registry_is_reserved(home->host) || asking_repo(all, home))
			continue;
		login = logins_find(all->opts->logins, home->host, home->path);
		all->repos[all->repo_count++] = (struct repo){ .site = find_site(all, home->host),
			.path = home->path,
			.login = login,
			.answer = REGISTRY_FOUND };
	}
	return 0;
}

void
asking_close(struct asking *all)
{
	for (size_t i = 0; i < all->repo_count; i++)
		secret_free(all->repos[i].token);
	rest_group_free(all->group);
}

void
asking_credential(const struct repo *repo, struct batch_way *way)
{
	bool has_pair = repo->login && repo->login->secret && !repo->login->is_identity;

	way->base = repo->site->base;
	way->proxy = repo->site->proxy;
	way->secret = repo->token;
	if (repo->token || repo->challenge.scheme != CHALLENGE_BASIC || !has_pair)
		return;
	way->secret = repo->login->secret;
	way->is_pair = true;
}
