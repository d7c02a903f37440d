/* Image lines that match nothing, and a tag that no line is there for: what the specs have instead. */
#include "base/arena.h"
#include "base/nearest.h"
#include "deploy/gather/gather.h"
#include "format/doc.h"
#include "pipeline/credential.h"
#include "pipeline/image.h"
#include "session/run.h"

enum { MAX_NAMED = 8 };

/* The repositories of the specs' images, each once, in their order. */
struct repos {
	const char **list;
	size_t count;
};

static void
add_repo(struct arena *a, struct repos *repos, struct str text)
{
	struct image image = image_split(credential_hide_users(a, text));

	for (size_t i = 0; i < repos->count; i++)
		if (str_is(image.repo, repos->list[i]))
			return;
	if (image.repo.len > 0)
		repos->list[repos->count++] = arena_cstr(a, image.repo);
}

static struct repos
repos_of(struct arena *a, const struct specs *specs)
{
	struct repos repos = { ARENA_ARRAY(a, specs->count, const char *), 0 };

	for (size_t i = 0; i < specs->count; i++)
		if (specs->list[i].image)
			add_repo(a, &repos, specs->list[i].image->text);
	return repos;
}

/* "a, b and 3 more" */
static struct str
listed_repos(struct arena *a, const struct repos *repos)
{
	struct str text = STR("");

	for (size_t i = 0; i < repos->count && i < MAX_NAMED; i++)
		text = arena_listed(a, text, str_of(repos->list[i]));
	if (repos->count > MAX_NAMED)
		text = arena_fmt(a, "%.*s and %zu more", STR_FMT(text), repos->count - MAX_NAMED);
	return text;
}

int
gather_hint_repos(
    const struct run *run, const struct specs *specs, struct str wanted, struct err *err)
{
	struct repos repos = repos_of(run->arena, specs);
	struct nearest near = nearest_to(wanted);

	for (size_t i = 0; i < repos.count; i++)
		nearest_offer(&near, repos.list[i]);
	if (repos.count == 0)
		return -1;
	return err_hint(err,
	    "%s%s%sthe specs have: %.*s; a line that may match nothing needs input "
	    "'allow-unmatched'",
	    near.found ? "did you mean '" : "", near.found ? near.found : "",
	    near.found ? "'? " : "", STR_FMT(listed_repos(run->arena, &repos)));
}

/* By a flag or an input of this run: a plan file and a project file give tags for whatever images there are. */
static bool
is_given_here(const char *from)
{
	return from && (str_starts(str_of(from), "--") || str_starts(str_of(from), "INPUT_"));
}

int
gather_check_tag(const struct run *run, const struct specs *specs, struct err *err)
{
	struct repos repos = repos_of(run->arena, specs);

	if (!is_given_here(run->in.from[IN_TAG]) || run->opt.set.count > 0 || repos.count == 0)
		return 0;
	(void)err_set(err, ERR_USAGE, "input 'tag' changes nothing: no image line is given");
	return err_hint(err, "name the images to tag in input 'images': %.*s",
	    STR_FMT(listed_repos(run->arena, &repos)));
}
