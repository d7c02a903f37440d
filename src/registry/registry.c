#include "registry/registry.h"

#include <string.h>

#include "base/arena.h"
#include "registry/asking.h"
#include "registry/manifest.h"
#include "registry/tags.h"

enum { MOST_PAGES = 2000 };

static struct str
reference_of(const struct registry_question *q)
{
	if (q->digest.len > 0 && !(q->wants_digest && q->tag.len > 0))
		return q->digest;
	return q->tag.len > 0 ? q->tag : STR("latest");
}

static void
contradict(struct registry_question *q, const struct err *why)
{
	q->answer = REGISTRY_STRANGE;
	q->why = *why;
}

/* The image exists: takes its digest, or finds that the answer contradicts itself. */
static void
take_digest(struct asking *all, struct registry_question *q, const struct rest_reply *reply)
{
	struct str said = arena_str(all->arena, str_of(reply->digest));
	bool is_asked = str_eq(reference_of(q), q->digest);
	struct err why;

	q->answer = REGISTRY_FOUND;
	if (is_asked && said.len > 0 && str_starts(q->digest, "sha256:")
	    && str_starts(said, "sha256:") && !str_eq(said, q->digest)) {
		(void)err_set(&why, ERR_REFUSED, "the registry answers with %.*s",
		    STR_FMT(str_head(said, 80)));
		contradict(q, &why);
		return;
	}
	q->found = said;
	if (q->wants_digest
	    && manifest_digest(all->arena, reply->body, str_of(reply->type),
	           is_asked ? q->digest : said, &q->found, &why)
	           < 0)
		contradict(q, &why);
}

/* Whether the answer names a way to log in that has not been tried, and that we have a login for. */
static bool
take_challenge(struct asking *all, struct repo *repo, const struct rest_reply *reply)
{
	struct challenge c;

	if (reply->status != 401 || repo->token)
		return false;
	c = challenge_read(all->arena, str_of(reply->challenge));
	if (c.scheme != CHALLENGE_BEARER
	    && (c.scheme != CHALLENGE_BASIC || repo->challenge.scheme == CHALLENGE_BASIC
	        || !repo->login))
		return false;
	repo->challenge = c;
	return true;
}

/* `is_first`: the question may be asked once more, with a login. */
static void
take_answer(
    struct asking *all, struct registry_question *q, const struct rest_turn *turn, bool is_first)
{
	struct repo *repo = asking_repo(all, &q->home);
	const struct rest_reply *reply = &turn->reply;

	if (is_first && turn->rc == 0 && take_challenge(all, repo, reply))
		return;
	if (turn->rc == 0 && reply->status == 200) {
		take_digest(all, q, reply);
	} else if (turn->rc == 0 && reply->status == 404) {
		q->answer = REGISTRY_NOT_FOUND;
		(void)err_set(&q->why, ERR_REFUSED, "'%s' does not have it", repo->site->base);
		(void)err_hint(
		    &q->why, "build and push the image first, or correct its name or tag");
	} else {
		q->answer = asking_refusal(turn, repo->site->base, &q->why);
	}
}

/* Asks the questions that have no answer yet, of repositories that may be asked. */
static int
ask_images(struct asking *all, struct registry_question *list, size_t count, bool is_first,
    struct err *err)
{
	const char *const headers[] = { manifest_accept, NULL };
	struct batch b = batch_new(all, count);
	int rc;

	for (size_t i = 0; i < count; i++) {
		struct registry_question *q = &list[i];
		struct repo *repo = asking_repo(all, &q->home);
		struct rest_request request = { .method = q->wants_digest ? "GET" : "HEAD" };
		struct batch_way way = { .headers = headers };

		if (!repo || q->answer != REGISTRY_SKIPPED)
			continue;
		q->login = repo->login;
		if (repo->answer != REGISTRY_FOUND) {
			q->answer = repo->answer;
			q->why = repo->why;
			continue;
		}
		asking_credential(repo, &way);
		request.path = arena_fmt(all->arena, "/v2/%.*s/manifests/%.*s", STR_FMT(repo->path),
		    STR_FMT(reference_of(q)))
		                   .ptr;
		if (batch_add(all, &b, &way, &request, q, &q->why) < 0)
			q->answer = REGISTRY_UNREACHABLE;
	}
	rc = batch_send(all, &b, err);
	for (size_t i = 0; i < b.count; i++)
		take_answer(all, b.about[i], &b.turns[i], is_first);
	batch_free(&b);
	return rc;
}

/* Copies the answer and the challenge of each registry to its repositories. */
static void
take_sites(struct asking *all)
{
	for (size_t i = 0; i < all->repo_count; i++) {
		struct repo *repo = &all->repos[i];

		repo->answer = repo->site->answer;
		repo->why = repo->site->why;
		repo->challenge = repo->site->challenge;
	}
}

int
registry_ask(struct arena *a, const struct registry_opts *opts, struct registry_question *list,
    size_t count, struct err *err)
{
	struct asking all = { .arena = a, .opts = opts };
	int rc = asking_open(&all, list, count, err);

	for (size_t i = 0; i < count; i++)
		list[i].answer = REGISTRY_SKIPPED;
	if (rc == 0)
		rc = sites_ask(&all, err);
	take_sites(&all);
	for (int round = 0; round < 2 && rc == 0; round++) {
		rc = tokens_get(&all, err);
		if (rc == 0)
			rc = ask_images(&all, list, count, round == 0, err);
	}
	asking_close(&all);
	return rc;
}

/* One page of tags. *next: the path of the next page; NULL: it is the last. */
static int
take_tags(const struct asking *all, struct repo *repo, const struct rest_turn *turn,
    struct registry_tags *out, const char **next, struct err *err)
{
	const struct rest_reply *reply = &turn->reply;

	*next = NULL;
	if (turn->rc < 0 || reply->status != 200) {
		repo->answer = asking_refusal(turn, repo->site->base, err);
		if (turn->rc == 0 && reply->status == 404)
			(void)err_set(
			    err, ERR_REFUSED, "'%s' has no such repository", repo->site->base);
		return -1;
	}
	/* the newest tag of the pages so far may not be the newest of all */
	if (reply->is_cut)
		return err_set(err, ERR_NETWORK,
		    "'%s' continues its list of tags at another address", repo->site->base);
	if (reply->next)
		*next = arena_cstr(all->arena, str_of(reply->next));
	return tags_read(all->arena, arena_str(all->arena, reply->body), out, err);
}

/* Reads the page at `path`; *next as in take_tags(). 1: the answer names a way to log in, as in take_challenge(). */
static int
read_page(struct asking *all, struct repo *repo, const char *path, struct registry_tags *out,
    const char **next, struct err *err)
{
	struct rest_request request = { .method = "GET", .path = path };
	struct batch b = batch_new(all, 1);
	struct batch_way way = { 0 };
	int rc = -1;

	asking_credential(repo, &way);
	if (batch_add(all, &b, &way, &request, repo, err) == 0 && batch_send(all, &b, err) == 0)
		rc = b.turns[0].rc == 0 && take_challenge(all, repo, &b.turns[0].reply)
		         ? 1
		         : take_tags(all, repo, &b.turns[0], out, next, err);
	batch_free(&b);
	return rc;
}

/* The tags of all pages; a page may be empty. 1: as read_page(). */
static int
read_pages(struct asking *all, struct repo *repo, struct registry_tags *out, struct err *err)
{
	const char *next,
	    *path = arena_fmt(all->arena, "/v2/%.*s/tags/list?n=1000", STR_FMT(repo->path)).ptr;

	for (int page = 0; path; page++) {
		int rc = read_page(all, repo, path, out, &next, err);

		if (rc != 0)
			return rc;
		if (next && (page == MOST_PAGES || strcmp(next, path) == 0))
			return err_set(err, ERR_NETWORK, "the list of tags of '%s' does not end",
			    repo->site->base);
		path = next;
	}
	return 0;
}

/* What asking.c has for the one repository. */
static int
list_tags(struct asking *all, struct registry_tags *out, struct err *err)
{
	struct repo *repo = all->repos;
	int rc = 1;

	for (int round = 0; round < 2 && rc == 1; round++) {
		*out = (struct registry_tags){ 0 };
		if (tokens_get(all, err) < 0)
			return -1;
		if (repo->answer != REGISTRY_FOUND) {
			*err = repo->why;
			return -1;
		}
		rc = read_pages(all, repo, out, err);
	}
	if (rc < 1)
		return rc;
	repo->answer = REGISTRY_DENIED;
	return err_set(err, ERR_REFUSED, "'%s' refuses access (HTTP status 401)", repo->site->base);
}

int
registry_list_tags(struct arena *a, const struct registry_opts *opts, struct registry_question *q,
    struct registry_tags *out, struct err *err)
{
	struct asking all = { .arena = a, .opts = opts };
	int rc;

	*out = (struct registry_tags){ 0 };
	q->answer = REGISTRY_SKIPPED;
	if (registry_is_reserved(q->home.host))
		return err_set(err, ERR_REFUSED, "'%.*s' is a reserved name, which no registry has",
		    STR_FMT(q->home.host));
	rc = asking_open(&all, q, 1, err);
	if (rc == 0)
		rc = sites_ask(&all, err);
	take_sites(&all);
	if (rc == 0)
		rc = list_tags(&all, out, err);
	if (all.repo_count > 0) {
		q->answer = all.repos[0].answer;
		q->login = all.repos[0].login;
	}
	asking_close(&all);
	return rc;
}
