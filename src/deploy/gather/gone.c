#include "deploy/gather/gone.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "deploy/gather/changed.h"
#include "deploy/gather/gather.h"
#include "deploy/gather/lists.h"
#include "files/glob.h"
#include "files/paths.h"
#include "git/since.h"
#include "session/run.h"
#include "session/scope.h"

struct search {
	struct run *run;
	struct since *since;
	struct work *work;
	const struct spec **now; /* work->specs, sorted by project and name */
	struct err *err;
};

static int
by_name(const void *left, const void *right)
{
	const struct spec *a = *(const struct spec *const *)left;
	const struct spec *b = *(const struct spec *const *)right;
	int order = str_cmp(a->name, b->name);

	return order ? order : str_cmp(a->project, b->project);
}

static const struct spec **
sorted_specs(struct arena *a, const struct specs *specs)
{
	const struct spec **out = ARENA_ARRAY(a, specs->count, const struct spec *);

	for (size_t i = 0; i < specs->count; i++)
		out[i] = &specs->list[i];
	if (specs->count > 1)
		qsort(out, specs->count, sizeof(*out), by_name);
	return out;
}

static bool
is_known(const struct search *s, const struct spec *spec)
{
	const struct work *work = s->work;

	if (work->specs.count > 0
	    && bsearch(&spec, s->now, work->specs.count, sizeof(*s->now), by_name))
		return true;
	for (size_t i = 0; i < work->gone_count; i++)
		if (str_eq(work->gone[i].name, spec->name)
		    && str_eq(work->gone[i].project, spec->project))
			return true;
	return false;
}

/* Notes each pipeline of an earlier text of a file that the files no longer have. */
static int
look_into(struct search *s, struct str name, bool is_unlisted)
{
	struct run *run = s->run;
	struct work *work = s->work;
	struct specs old = { 0 };
	struct str text;
	bool is_held;

	if (since_read(s->since, run->arena, name, &text, &is_held, s->err) < 0)
		return -1;
	if (!is_held)
		return 0;
	specs_read_text(&old, run->arena, name.ptr, text, scope_project(run));
	for (size_t i = 0; i < old.count; i++) {
		if (is_known(s, &old.list[i]))
			continue;
		work->gone = arena_grow(run->arena, work->gone, work->gone_count, &work->gone_room,
		    sizeof(*work->gone));
		work->gone[work->gone_count++] =
		    (struct gone){ old.list[i].project, old.list[i].name, name, is_unlisted };
	}
	return 0;
}

static int
look_at(struct search *s, const char *path, bool is_unlisted)
{
	struct str name;
	bool is_inside;

	if (since_name(s->since, s->run->arena, path, &name, &is_inside, s->err) < 0)
		return -1;
	return is_inside ? look_into(s, name, is_unlisted) : 0;
}

/* Whether a directory search or a glob would have found the file; `path` is what it says in the work tree. */
static bool
would_find(struct str path, struct str file)
{
	if (glob_is_pattern(path) && glob_match(path, file))
		return true;
	if (path.len > 0 && (!str_starts(file, path.ptr) || str_tail(file, path.len).ptr[0] != '/'))
		return false;
	return path_is_spec(file)
	       && !path_is_hidden(str_tail(file, path.len > 0 ? path.len + 1 : 0));
}

/* Files that the commit had where the PATHs of input `specs` look, and that are not there any more. */
static int
look_at_deleted(struct search *s)
{
	const struct items *paths = &s->run->opt.specs;
	struct str names, name;

	if (since_gone(s->since, s->run->arena, &names, s->err) < 0)
		return -1;
	for (size_t i = 0; i < paths->count; i++) {
		struct str path, rest = names;
		bool is_inside;

		if (strcmp(paths->list[i], "-") == 0)
			continue;
		if (since_name(s->since, s->run->arena, paths->list[i], &path, &is_inside, s->err)
		    < 0)
			return -1;
		while (is_inside && str_split(&rest, '\0', &name))
			if (name.len > 0 && would_find(path, name) && look_into(s, name, false) < 0)
				return -1;
	}
	return 0;
}

/* Files that have left a list. */
static int
look_at_unlisted(struct search *s, const struct changed *changed)
{
	for (size_t i = 0; i < changed->lists->count; i++)
		for (size_t k = 0; k < changed->before[i].count; k++) {
			const struct list *now = &changed->lists->list[i];
			const struct list_entry *old = &changed->before[i].entries[k];
			size_t at = 0;

			while (at < now->count && strcmp(now->entries[at].path, old->path) != 0)
				at++;
			if (at == now->count && look_at(s, old->path, true) < 0)
				return -1;
		}
	for (size_t i = 0; i < changed->unnamed_count; i++)
		for (size_t k = 0; k < changed->unnamed[i].count; k++)
			if (look_at(s, changed->unnamed[i].entries[k].path, true) < 0)
				return -1;
	return 0;
}

int
gone_find(struct run *run, struct since *since, const struct changed *changed, struct work *work,
    struct err *err)
{
	struct search s = { run, since, work, sorted_specs(run->arena, &work->specs), err };
	const struct specs *specs = &work->specs;

	for (size_t i = 0; i < specs->count; i++) {
		const char *file = specs->list[i].file;

		if (!changed->files[i] || specs->list[i].template || strcmp(file, STDIN_NAME) == 0
		    || (i > 0 && specs->list[i - 1].file == file))
			continue;
		if (look_at(&s, file, false) < 0)
			return -1;
	}
	return look_at_deleted(&s) < 0 ? -1 : look_at_unlisted(&s, changed);
}
