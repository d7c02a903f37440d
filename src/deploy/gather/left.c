#include "deploy/gather/left.h"

#include <unistd.h>

#include "base/arena.h"
#include "files/paths.h"
#include "git/repo.h"
#include "git/since.h"
#include "pipeline/spec.h"
#include "session/run.h"
#include "session/scope.h"

/* How far back the commit is looked for that took a pipeline out, and through how many moves from file to file. */
enum { MAX_STEPS = 2000, MAX_MOVES = 5 };

struct search {
	struct run *run;
	struct repo *repo;
	struct str head;
	struct left *list;
	size_t count;
	struct err *err;
};

/* Whether the text, a file of a commit, has the pipeline's spec. */
static bool
has_spec(struct run *run, struct str file, struct str text, const struct left *one)
{
	struct arena *a;
	struct specs specs = { 0 };
	bool found;

	if (!str_holds(text, one->name))
		return false;
	a = arena_like(run->arena);
	specs_read_text(&specs, a, arena_cstr(a, file), arena_str(a, text), scope_project(run));
	found = specs_find(&specs, one->project, one->name) < specs.count;
	arena_free(a);
	return found;
}

/* Looks through one file of a commit for those that are wanted and not found yet. */
static int
look_into(const struct search *s, struct since *since, const struct since_file *file,
    const bool *wanted, struct str *files)
{
	struct arena *scratch = arena_like(s->run->arena);
	struct str text;
	bool is_held;
	int rc = since_blob(since, scratch, file, &text, &is_held, s->err);

	for (size_t i = 0; rc == 0 && is_held && i < s->count; i++)
		if (wanted[i] && files[i].len == 0
		    && has_spec(s->run, file->name, text, &s->list[i]))
			files[i] = arena_str(s->run->arena, file->name);
	arena_free(scratch);
	return rc;
}

/* Which file of the commit has each of the wanted ones; that of the others stays. */
static int
search_commit(const struct search *s, struct str sha, const bool *wanted, struct str *files)
{
	struct arena *scratch = arena_like(s->run->arena);
	struct since *since = since_open(s->repo, sha, s->err);
	struct since_files all = { 0 };
	int rc = since ? since_files(since, scratch, STR(""), &all, s->err) : -1;

	for (size_t i = 0; i < s->count; i++)
		if (wanted[i])
			files[i] = STR("");
	for (size_t i = 0; rc == 0 && i < all.count; i++)
		if (path_is_spec(all.list[i].name) && !path_is_hidden(all.list[i].name))
			rc = look_into(s, since, &all.list[i], wanted, files);
	since_close(since);
	arena_free(scratch);
	return rc;
}

/* Which file of its own commit has each; one without a commit has none. Each commit is looked through once. */
static int
search_commits(const struct search *s, const struct str *commits, struct str *files)
{
	bool *wanted = ARENA_ARRAY(s->run->arena, s->count, bool);

	for (size_t i = 0; i < s->count; i++) {
		bool is_first = commits[i].len > 0;

		files[i] = commits[i].len > 0 ? files[i] : STR("");
		for (size_t k = 0; k < s->count; k++) {
			wanted[k] = str_eq(commits[k], commits[i]);
			is_first = is_first && !(k < i && wanted[k]);
		}
		if (is_first && search_commit(s, commits[i], wanted, files) < 0)
			return -1;
	}
	return 0;
}

static int
find_files(const struct search *s)
{
	struct str *commits = ARENA_ARRAY(s->run->arena, s->count, struct str);
	struct str *files = ARENA_ARRAY(s->run->arena, s->count, struct str);

	for (size_t i = 0; i < s->count; i++)
		commits[i] = s->list[i].commit;
	if (search_commits(s, commits, files) < 0)
		return -1;
	for (size_t i = 0; i < s->count; i++)
		s->list[i].file = files[i];
	return 0;
}

/* One pipeline on the way back from HEAD to the commit that took it out of its file. */
struct way {
	const struct left *one;
	struct str file,
	    id; /* what the file last held, which does not have the spec: 40 digits, or empty */
	struct str gone; /* the commit that took it out; HEAD where the way does not lead there */
	bool is_wanted, is_open;
};

/* Whether the commit has the spec in the file of the way, which holds mostly what it held before. */
static int
look_back(const struct search *s, struct since *since, struct arena *scratch, struct way *way,
    bool *found)
{
	struct since_files files = { 0 };
	struct str text, id = STR("");
	bool is_held = false;
	int rc = since_files(since, scratch, way->file, &files, s->err);

	*found = false;
	if (rc == 0 && files.count == 1 && str_eq(files.list[0].name, way->file))
		id = files.list[0].id;
	if (rc < 0 || str_eq(id, way->id))
		return rc;
	way->id = arena_str(s->run->arena, id);
	if (id.len > 0)
		rc = since_blob(since, scratch, &files.list[0], &text, &is_held, s->err);
	*found = rc == 0 && is_held && has_spec(s->run, way->file, text, way->one);
	return rc;
}

/* Ends the ways whose specs `parent`, which comes before `at`, has. */
static int
step_back(const struct search *s, struct way *ways, struct str at, struct str parent)
{
	struct arena *scratch = arena_like(s->run->arena);
	struct since *since = since_open(s->repo, parent, s->err);
	int rc = since ? 0 : -1;

	for (size_t i = 0; rc == 0 && i < s->count; i++) {
		bool found = false;

		if (!ways[i].is_open)
			continue;
		rc = look_back(s, since, scratch, &ways[i], &found);
		if (found) {
			ways[i].gone = at;
			ways[i].is_open = false;
		}
	}
	since_close(since);
	arena_free(scratch);
	return rc;
}

/* Ends the ways that go no further back than `at`; whether one goes on. */
static bool
go_on(const struct search *s, struct way *ways, struct str at)
{
	bool is_open = false;

	for (size_t i = 0; i < s->count; i++) {
		ways[i].is_open = ways[i].is_open && !str_eq(ways[i].one->commit, at);
		is_open = is_open || ways[i].is_open;
	}
	return is_open;
}

/* All ways at once, each to the first commit from HEAD back whose first parent has the spec in the file. */
static int
walk_back(const struct search *s, struct way *ways)
{
	struct str at = s->head, parents[2];
	size_t count;

	for (size_t i = 0; i < s->count; i++) {
		ways[i].is_open = ways[i].is_wanted;
		ways[i].gone = s->head;
		ways[i].id = STR("");
	}
	for (size_t i = 0; i < MAX_STEPS && go_on(s, ways, at); i++) {
		if (repo_parents(s->repo, s->run->arena, at, parents, &count, s->err) < 0)
			return -1;
		if (count == 0 || !repo_has_commit(s->repo, parents[0]))
			return 0;
		if (step_back(s, ways, at, parents[0]) < 0)
			return -1;
		at = parents[0];
	}
	return 0;
}

/* Which commit took each out: where it only moved to another file then, what became of that. */
static int
find_gone(const struct search *s, const bool *wanted)
{
	struct way *ways = ARENA_ARRAY(s->run->arena, s->count, struct way);
	struct str *commits = ARENA_ARRAY(s->run->arena, s->count, struct str);
	struct str *files = ARENA_ARRAY(s->run->arena, s->count, struct str);

	for (size_t i = 0; i < s->count; i++)
		ways[i] = (struct way){
			.one = &s->list[i], .file = s->list[i].file, .is_wanted = wanted[i]
		};
	for (int moves = 0; moves < MAX_MOVES; moves++) {
		if (walk_back(s, ways) < 0)
			return -1;
		for (size_t i = 0; i < s->count; i++)
			commits[i] = ways[i].is_wanted ? ways[i].gone : STR("");
		if (search_commits(s, commits, files) < 0)
			return -1;
		for (size_t i = 0; i < s->count; i++) {
			if (!ways[i].is_wanted)
				continue;
			s->list[i].gone = ways[i].gone;
			s->list[i].file = ways[i].file;
			ways[i].file = files[i];
			ways[i].is_wanted = files[i].len > 0;
		}
	}
	return 0;
}

/* The path from here of a file's name in commits. */
static int
path_of(const struct search *s, struct since *since, struct str name, const char **path)
{
	struct str here, part, up = STR("");
	bool is_inside;

	*path = NULL;
	if (since_name(since, s->run->arena, ".", &here, &is_inside, s->err) < 0)
		return -1;
	while (is_inside && here.len > 0 && str_split(&here, '/', &part))
		up = arena_fmt(s->run->arena, "%.*s../", STR_FMT(up));
	if (is_inside)
		*path = arena_fmt(s->run->arena, "%.*s%.*s", STR_FMT(up), STR_FMT(name)).ptr;
	return 0;
}

/* What HEAD has still: in a file that is here, so that it has only left the target, or in one that is not. */
static int
find_still(const struct search *s)
{
	bool *wanted = ARENA_ARRAY(s->run->arena, s->count, bool);
	struct str *files = ARENA_ARRAY(s->run->arena, s->count, struct str);
	struct since *since;
	int rc = 0;

	for (size_t i = 0; i < s->count; i++)
		wanted[i] = s->list[i].file.len > 0;
	if (search_commit(s, s->head, wanted, files) < 0)
		return -1;
	since = since_open(s->repo, s->head, s->err);
	for (size_t i = 0; since && rc == 0 && i < s->count; i++) {
		const char *path = NULL;

		if (files[i].len == 0)
			continue;
		rc = path_of(s, since, files[i], &path);
		s->list[i].file = files[i];
		s->list[i].is_unchecked = !path || access(path, F_OK) != 0;
		wanted[i] = false;
	}
	since_close(since);
	if (!since || rc < 0)
		return -1;
	return find_gone(s, wanted);
}

static int
look_at_commits(const struct search *s, struct left_commits *commits)
{
	bool is_shallow = repo_is_shallow(s->repo);

	commits->history = LEFT_BEHIND;
	for (size_t i = 0; i < commits->count; i++) {
		struct str one = commits->list[i], base = STR("");
		bool is_here = repo_has_commit(s->repo, one);

		if (is_here
		    && repo_merge_base(s->repo, s->run->arena, one, s->head, &base, s->err) < 0)
			return -1;
		if (is_here && str_eq(base, one))
			continue;
		commits->lost = one;
		commits->history = is_shallow ? LEFT_CUT_OFF : LEFT_ELSEWHERE;
		return 0;
	}
	return 0;
}

int
left_find(
    struct run *run, struct left_commits *commits, struct left *list, size_t count, struct err *err)
{
	struct search s = { .run = run, .list = list, .count = count, .err = err };
	struct repo_head head;
	struct err unheard;
	int rc;

	commits->history = LEFT_NO_GIT;
	s.repo = repo_open(run->arena, ".", ci_workspace(&run->ci) != NULL, &unheard);
	if (!s.repo || repo_head(s.repo, run->arena, &head, &unheard) < 0) {
		repo_close(s.repo);
		return 0;
	}
	s.head = head.sha;
	rc = look_at_commits(&s, commits);
	if (rc == 0 && commits->history == LEFT_BEHIND)
		rc = find_files(&s) < 0 ? -1 : find_still(&s);
	repo_close(s.repo);
	return rc;
}
