#include "session/registries.h"

#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "registry/semver.h"
#include "registry/tags.h"
#include "secret/audience.h"
#include "secret/secret.h"
#include "session/connect.h"
#include "session/rest.h"
#include "session/run.h"

enum {
	CONNECT_MS = 4000, /* TCP and TLS */
	FIRST_MS = 5000,   /* until a registry answers at all */
};

/* One file of logins while it is read. */
struct reading {
	struct run *run;
	struct logins *logins;
	const char *path;
	struct err err;
};

static int
read_logins(void *ctx, struct str text)
{
	struct reading *r = ctx;

	return docker_config_read(r->logins, r->run->arena, text, r->path, &r->err);
}

/* Adds the logins of a file; nothing where `path` is NULL or there is no such file. */
static void
add_login_file(struct run *run, struct logins *logins, const char *path)
{
	struct reading r = { .run = run, .logins = logins, .path = path };
	struct secret *text;

	if (!path || access(path, F_OK) != 0)
		return;
	text = secret_read_bytes(path, "the logins of registries", &r.err);
	if (!text || secret_lend(text, read_logins, &r) < 0)
		ci_warn(&run->ci, "%s", r.err.text);
	else
		ci_debug(&run->ci, "logins of registries: %s", path);
	secret_free(text);
}

/* DIR/FILE, where the variable names the directory; else NULL. */
static const char *
file_in(struct run *run, const char *variable, const char *file)
{
	const char *dir = env_get(&run->env, variable);

	return dir ? arena_fmt(run->arena, "%s/%s", dir, file).ptr : NULL;
}

/* The run keeps its own secret; the list ends its copies. */
static int
copy_login(void *ctx, struct str bytes)
{
	struct login *one = ctx;
	struct err err;

	one->secret = secret_of_bytes(bytes, "the login for a registry", &err);
	return one->secret ? 0 : -1;
}

/* Adds the login of input `registry`. */
static void
add_given_login(struct run *run, struct logins *logins)
{
	struct login one = { .from = "input 'registry-password'", .helper = STR("") };

	if (!run->registry_login || secret_lend(run->registry_login, copy_login, &one) < 0)
		return;
	secret_keep_from_forks(one.secret);
	secret_set_audience(one.secret, AUDIENCE_REGISTRY);
	one.host = login_host(run->arena, str_of(run->opt.registry), &one.path);
	logins_add(logins, run->arena, one);
}

/* Ended with logins_free(). */
static void
open_registries(struct run *run, int64_t most_ms, struct registry_opts *out, struct logins *logins)
{
	int64_t until = clock_ms() + most_ms;

	*logins = (struct logins){ .store = STR("") };
	add_given_login(run, logins);
	add_login_file(run, logins, env_get(&run->env, "REGISTRY_AUTH_FILE"));
	/* a login step's DOCKER_CONFIG is a path of the runner's; an action in a container has the file in HOME */
	add_login_file(run, logins, file_in(run, "DOCKER_CONFIG", "config.json"));
	add_login_file(run, logins, file_in(run, "HOME", ".docker/config.json"));
	add_login_file(run, logins, file_in(run, "XDG_RUNTIME_DIR", "containers/auth.json"));
	add_login_file(run, logins, file_in(run, "HOME", ".config/containers/auth.json"));
	*out = (struct registry_opts){ .rest = token_rest(run),
		.first_ms = FIRST_MS,
		.find_proxy = token_proxy,
		.ctx = run,
		.logins = logins };
	out->rest.connect_ms = CONNECT_MS;
	if (most_ms > 0 && (out->rest.deadline_ms == 0 || until < out->rest.deadline_ms))
		out->rest.deadline_ms = until;
}

bool
registries_are_allowed(const struct run *run)
{
	return !run->event.untrusted || run->opt.allow_untrusted_event;
}

static int
check_event(const struct run *run, struct err *err)
{
	if (registries_are_allowed(run))
		return 0;
	(void)err_set(
	    err, ERR_REFUSED, "registries are not asked on this event: %s", run->event.untrusted);
	return err_hint(err, "leave out 'pin' and '--latest' on such events");
}

bool
registries_question(
    struct run *run, struct str image, bool wants_digest, struct registry_question *out)
{
	struct image im = image_split(image);

	if (image_fault(&im))
		return false;
	*out = (struct registry_question){ .home = image_home(run->arena, im.repo),
		.tag = im.tag,
		.digest = im.digest,
		.wants_digest = wants_digest };
	return true;
}

/* Says how to log in with the right that was missing. */
static void
hint_login(struct registry_question *q, const struct logins *logins)
{
	const struct login *login = q->login;
	struct str helper = login ? login->helper : logins->store;

	if (login && login->secret)
		(void)err_hint(
		    &q->why, "check the name, and that the login in %s may pull it", login->from);
	else if (helper.len > 0)
		(void)err_hint(&q->why,
		    "%s has the login in credential helper '%.*s', which cannot run here; set "
		    "inputs 'registry', 'registry-username' and 'registry-password'",
		    login ? login->from : logins->store_from, STR_FMT(str_head(helper, 60)));
	else
		(void)err_hint(&q->why,
		    "log in to '%.*s': docker login, or inputs 'registry', 'registry-username' "
		    "and 'registry-password'",
		    STR_FMT(str_head(q->home.host, 100)));
	q->has_login = login && login->secret;
	q->login = NULL;
}

int
registries_ask(
    struct run *run, int64_t most_ms, struct registry_question *list, size_t count, struct err *err)
{
	struct registry_opts opts;
	struct logins logins;
	int rc;

	if (count == 0)
		return 0;
	if (check_event(run, err) < 0)
		return -1;
	open_registries(run, most_ms, &opts, &logins);
	rc = registry_ask(run->arena, &opts, list, count, err);
	for (size_t i = 0; i < count && rc == 0; i++)
		if (list[i].answer == REGISTRY_DENIED)
			hint_login(&list[i], &logins);
	logins_free(&logins);
	return rc;
}

/* The questions about a list of images, each asked once. */
struct pinning {
	struct registry_question *questions;
	struct str *images; /* of the questions */
	size_t *question_of, count, room;
};

static size_t
question_for(struct run *run, struct pinning *p, struct str image)
{
	struct image im = image_split(image);

	if (im.digest.ptr && !im.tag.ptr)
		return SIZE_MAX;
	for (size_t i = 0; i < p->count; i++)
		if (str_eq(p->images[i], image))
			return i;
	p->questions =
	    arena_grow(run->arena, p->questions, p->count, &p->room, sizeof(*p->questions));
	if (!registries_question(run, image, true, &p->questions[p->count]))
		return SIZE_MAX;
	p->images[p->count] = image;
	return p->count++;
}

/* The image with its digest; *out: why not. */
static struct str
pin_one(
    struct run *run, const struct registry_question *q, struct str image, const struct err **out)
{
	struct image im = image_split(image);
	struct err *fault;

	if (q->answer == REGISTRY_FOUND && (!im.digest.ptr || str_eq(im.digest, q->found))) {
		im.digest = q->found;
		return image_text(run->arena, &im);
	}
	*out = fault = ARENA_NEW(run->arena, struct err);
	*fault = q->why;
	if (q->answer == REGISTRY_SKIPPED) {
		(void)err_set(fault, ERR_REFUSED,
		    "'%.*s' is a reserved name, which no registry has",
		    STR_FMT(str_head(q->home.host, 100)));
	} else if (q->answer == REGISTRY_FOUND) {
		(void)err_set(fault, ERR_REFUSED, "in the registry tag '%.*s' is %.*s",
		    STR_FMT(im.tag), STR_FMT(q->found));
		(void)err_hint(fault, "use the digest that the build step gives");
	}
	return image;
}

int
registries_pin(
    struct run *run, struct str *images, const struct err **faults, size_t count, struct err *err)
{
	struct pinning p = {
		.images = ARENA_ARRAY(run->arena, count, struct str),
		.question_of = ARENA_ARRAY(run->arena, count, size_t),
	};

	for (size_t i = 0; i < count; i++)
		p.question_of[i] = question_for(run, &p, images[i]);
	if (registries_ask(run, 0, p.questions, p.count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (p.question_of[i] != SIZE_MAX)
			images[i] =
			    pin_one(run, &p.questions[p.question_of[i]], images[i], &faults[i]);
	return 0;
}

int
registries_newest(
    struct run *run, struct str repo, struct str range, struct str *out, struct err *err)
{
	struct image im = image_split(repo);
	const char *fault = image_fault(&im);
	struct registry_opts opts;
	struct registry_question q = { .tag = STR("") };
	struct registry_tags tags;
	struct logins logins;
	int rc;

	if (fault || im.tag.ptr || im.digest.ptr) {
		(void)err_set(err, ERR_USAGE, "--latest '%.*s': %s", STR_FMT(str_head(repo, 200)),
		    fault ? fault : "it takes a repository without a tag");
		return err_hint(err, "use for example --latest ghcr.io/team/edges --semver '^1.2'");
	}
	if (semver_check_range(range, err) < 0 || check_event(run, err) < 0)
		return -1;
	open_registries(run, 0, &opts, &logins);
	q.home = image_home(run->arena, repo);
	rc = registry_list_tags(run->arena, &opts, &q, &tags, err);
	if (rc < 0 && q.answer == REGISTRY_DENIED) {
		q.why = *err;
		hint_login(&q, &logins);
		*err = q.why;
	}
	logins_free(&logins);
	if (rc < 0)
		return err_wrap(err, "--latest '%.*s'", STR_FMT(str_head(repo, 200)));
	im.tag = tags_newest(&tags, range);
	if (im.tag.len == 0) {
		(void)err_set(err, ERR_REFUSED,
		    "--latest '%.*s': none of %zu tags is a version in '%.*s'",
		    STR_FMT(str_head(repo, 200)), tags.count, STR_FMT(str_head(range, 100)));
		return err_hint(err, "use a range that has a tag; prereleases must be named in it");
	}
	*out = image_text(run->arena, &im);
	return 0;
}
