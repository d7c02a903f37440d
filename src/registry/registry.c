#include "registry/registry.h"

#include <string.h>

#include "base/arena.h"
#include "registry/asking.h"
#include "registry/manifest.h"
#include "registry/tags.h"

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

/* The image is there: which one is it? */
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

/* Whether the answer says only now how to log in, and there is what it takes. */
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

/* `is_first`: the question may be asked again. */
static void
judge(struct asking *all, struct registry_question *q, const struct rest_turn *turn, bool is_first)
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

/* The questions that have no answer yet, and whose repository may be asked. */
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
		judge(all, b.about[i], &b.turns[i], is_first);
	batch_free(&b);
	return rc;
}

/* What its registry wants counts for each repository. */
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

/* One page of tags. *next: the path of the page behind it; NULL: it is the last. */
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
	/* the newest of a part may be older than the newest of all */
	if (reply->is_cut)
		return err_set(err, ERR_NETWORK,
		    "'%s' continues its list of tags at another address", repo->site->base);
	if (reply->next)
		*next = arena_cstr(all->arena, str_of(reply->next));
	return tags_read(all->arena, arena_str(all->arena, reply->body), out, err);
}

/* The tags of all pages. */
static int
read_pages(struct asking *all, struct repo *repo, struct registry_tags *out, struct err *err)
{
	struct batch_way way = { 0 };
	struct rest_request request = { .method = "GET" };
	size_t before = 1;

	asking_credential(repo, &way);
	request.path = arena_fmt(all->arena, "/v2/%.*s/tags/list?n=1000", STR_FMT(repo->path)).ptr;
	/* a page without a new tag would lead round in a circle */
	while (request.path && out->count != before) {
		struct batch b = batch_new(all, 1);
		int rc = -1;

		before = out->count;
		if (batch_add(all, &b, &way, &request, repo, err) == 0
		    && batch_send(all, &b, err) == 0)
			rc = take_tags(all, repo, &b.turns[0], out, &request.path, err);
		batch_free(&b);
		if (rc < 0)
			return -1;
	}
	return 0;
}

int
registry_list_tags(struct arena *a, const struct registry_opts *opts, struct image_home home,
    struct registry_tags *out, struct err *err)
{
	struct asking all = { .arena = a, .opts = opts };
	struct registry_question q = { .home = home };
	int rc;

	*out = (struct registry_tags){ 0 };
	if (registry_is_reserved(home.host))
		return err_set(err, ERR_REFUSED, "'%.*s' is a reserved name, which no registry has",
		    STR_FMT(home.host));
	rc = asking_open(&all, &q, 1, err);
	if (rc == 0)
		rc = sites_ask(&all, err);
	take_sites(&all);
	if (rc == 0)
		rc = tokens_get(&all, err);
	if (rc == 0 && all.repos[0].answer != REGISTRY_FOUND) {
		*err = all.repos[0].why;
		rc = -1;
	}
	if (rc == 0)
		rc = read_pages(&all, &all.repos[0], out, err);
	asking_close(&all);
	return rc;
}
