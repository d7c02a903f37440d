#include "data/place.h"

#include <string.h>

#include "base/arena.h"

#define EXAMPLE "write [PROJECT/]REPO[@BRANCH[:/PATH]], as in images@master:/2024/"

#define NAME_CHARS CHARS_ALNUM "_-"

static int
wrong(const char *text, const char *what, struct err *err)
{
	(void)err_set(err, ERR_USAGE, "invalid place '%.200s': %s", text, what);
	return err_hint(err, EXAMPLE);
}

/* Names the part that is wrong. */
static int
wrong_name(const char *text, const char *what, struct str name, struct err *err)
{
	(void)err_set(err, ERR_USAGE,
	    name.len > 0 ? "invalid place '%.200s': invalid %s '%.*s'"
	                 : "invalid place '%.200s': no %s",
	    text, what, STR_FMT(str_head(name, 100)));
	return err_hint(err, EXAMPLE);
}

/* "images:/a": what is in front of the colon is right, and shown with a branch. */
static int
no_branch(const char *text, struct str repo, struct err *err)
{
	size_t colon = str_find(repo, ':');

	(void)err_set(err, ERR_USAGE, "invalid place '%.200s': no branch between '%.*s' and ':'",
	    text, STR_FMT(str_head(str_head(repo, colon), 100)));
	return err_hint(err, "write %.*s@master%.*s", STR_FMT(str_head(repo, colon)),
	    STR_FMT(str_head(str_tail(repo, colon), 100)));
}

const char *
path_check(struct str path)
{
	struct str rest = path, part;

	for (size_t i = 0; i < path.len; i++) {
		if (path.ptr[i] < ' ' || path.ptr[i] > '~')
			return "pachd takes only printable ASCII characters in a path";
		if (strchr("*?[]{}!()@+^", path.ptr[i]))
			return "pachd takes none of *?[]{}!()@+^ in a path";
	}
	(void)str_take(&rest, "/");
	while (str_split(&rest, '/', &part)) {
		if (part.len == 0)
			return "the path has an empty part";
		if (str_is(part, ".") || str_is(part, ".."))
			return "the path has a part '.' or '..'";
	}
	return NULL;
}

static int
take_path(struct arena *a, const char *text, struct str path, struct place *out, struct err *err)
{
	const char *why;

	if (!str_starts(path, "/"))
		path = arena_fmt(a, "/%.*s", STR_FMT(path));
	out->is_dir = path.ptr[path.len - 1] == '/';
	if (out->is_dir && path.len > 1)
		path = str_head(path, path.len - 1);
	out->path = arena_str(a, path);
	why = str_is(path, "/") ? NULL : path_check(path);
	return why ? wrong(text, why, err) : 0;
}

int
place_parse(
    struct arena *a, const char *text, struct str project, struct place *out, struct err *err)
{
	struct str whole = str_of(text), repo, ref = { "", 0 };
	size_t at = str_find(whole, '@'), colon, slash;

	*out = (struct place){ .at = { .project = project, .ref = STR("") }, .path = STR("") };
	repo = str_head(whole, at);
	if (at < whole.len) {
		ref = str_tail(whole, at + 1);
		colon = str_find(ref, ':');
		if (colon < ref.len && take_path(a, text, str_tail(ref, colon + 1), out, err) < 0)
			return -1;
		ref = str_head(ref, colon);
		if (!str_is_of(ref, NAME_CHARS ".^~"))
			return wrong_name(text, "branch or commit", ref, err);
	}
	if (str_find(repo, ':') < repo.len && str_find(repo, ':') > 0)
		return no_branch(text, repo, err);
	slash = str_find(repo, '/');
	if (slash < repo.len) {
		out->at.project = str_head(repo, slash);
		repo = str_tail(repo, slash + 1);
		if (!str_is_of(out->at.project, NAME_CHARS))
			return wrong_name(text, "project", out->at.project, err);
	}
	if (!str_is_of(repo, NAME_CHARS))
		return wrong_name(text, "repo", repo, err);
	out->at.project = arena_str(a, out->at.project);
	out->at.repo = arena_str(a, repo);
	out->at.ref = arena_str(a, ref);
	return 0;
}

struct str
place_title(struct arena *a, const struct pfs_ref *at, struct str path)
{
	bool is_default = at->project.len == 0 || str_is(at->project, "default");

	return arena_fmt(a, "%.*s%s%.*s%s%.*s%s%.*s", STR_FMT(is_default ? STR("") : at->project),
	    is_default ? "" : "/", STR_FMT(at->repo), at->ref.len ? "@" : "", STR_FMT(at->ref),
	    path.len ? ":" : "", STR_FMT(path));
}

struct str
path_join(struct arena *a, struct str dir, struct str rest)
{
	if (str_ends(dir, "/"))
		dir = str_head(dir, dir.len - 1);
	return arena_fmt(a, "%.*s/%.*s", STR_FMT(dir), STR_FMT(rest));
}
