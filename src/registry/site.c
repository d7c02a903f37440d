/* The first question to each registry: GET /v2/. */
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "registry/asking.h"

static bool
ends_in(struct str host, const char *label)
{
	size_t len = strlen(label);

	return str_ends(host, label) && (host.len == len || host.ptr[host.len - len - 1] == '.');
}

bool
registry_is_reserved(struct str host)
{
	static const char *const names[] = { "test", "example", "invalid", "localhost" };

	if (str_find(host, '[') == host.len)
		host = str_head(host, str_find(host, ':'));
	if (str_ends(host, "."))
		host.len--;
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (ends_in(host, names[i]))
			return true;
	return false;
}

/* Whether the registry is named by an address on loopback: then it may speak plain HTTP. */
static bool
is_loopback(const struct site *s)
{
	return str_starts(s->host, "127.0.0.1") || str_starts(s->host, "[::1]");
}

static void
take_answer(struct asking *all, struct site *s, const struct rest_turn *turn)
{
	s->answer = REGISTRY_FOUND;
	s->is_heard = turn->rc == 0;
	if (s->is_heard)
		s->reach = turn->reply.reach;
	if (turn->rc == 0 && turn->reply.status == 401)
		s->challenge = challenge_read(all->arena, str_of(turn->reply.challenge));
	else if (turn->rc < 0 || turn->reply.status != 200)
		s->answer = asking_refusal(turn, s->base, &s->why);
}

/* Asks the registries that have not been asked yet. */
static int
ask_sites(struct asking *all, int64_t until_ms, struct err *err)
{
	struct batch b = batch_new(all, all->site_count);
	const struct rest_request request = { .method = "GET", .path = "/v2/" };
	int rc;

	for (size_t i = 0; i < all->site_count; i++) {
		struct site *s = &all->sites[i];
		struct batch_way way = { .base = s->base, .deadline_ms = until_ms };

		if (s->is_asked)
			continue;
		s->is_asked = true;
		s->answer = REGISTRY_UNREACHABLE;
		if (all->opts->find_proxy(all->opts->ctx, s->base, &s->proxy, &s->why) < 0)
			continue;
		way.proxy = s->proxy;
		if (batch_add(all, &b, &way, &request, s, &s->why) < 0)
			continue;
	}
	rc = batch_send(all, &b, err);
	for (size_t i = 0; i < b.count; i++)
		take_answer(all, b.about[i], &b.turns[i]);
	batch_free(&b);
	return rc;
}

int
sites_ask(struct asking *all, struct err *err)
{
	int64_t until_ms = clock_ms() + all->opts->first_ms; /* for both rounds */

	if (ask_sites(all, until_ms, err) < 0)
		return -1;
	for (size_t i = 0; i < all->site_count; i++) {
		struct site *s = &all->sites[i];

		if (s->answer != REGISTRY_UNREACHABLE || s->is_heard || !is_loopback(s))
			continue;
		s->base = arena_fmt(all->arena, "http://%.*s", STR_FMT(s->host)).ptr;
		s->is_asked = false;
	}
	return ask_sites(all, until_ms, err);
}
