#include "deploy/preview/choose.h"

#include "base/arena.h"
#include "base/buf.h"
#include "deploy/gather/gather.h"
#include "deploy/gather/sound.h"
#include "files/glob.h"
#include "pipeline/dag.h"
#include "session/config_preview.h"
#include "session/run.h"

enum { NAMES_BYTES = 4 << 10 };

static bool
is_excluded(const struct preview_keys *keys, const struct spec *spec)
{
	for (size_t i = 0; i < keys->exclude.count; i++)
		if (glob_match(str_of(keys->exclude.list[i]), spec->name))
			return true;
	return false;
}

static int
refuse_unused(
    const struct run *run, const char *key, const char *text, const char *what, struct err *err)
{
	(void)err_set(err, ERR_USAGE, "'%s' of target '%s' names '%.100s', which is no %s", key,
	    run->target_name, text, what);
	return err_hint(err, "correct the name, or remove it from the project file");
}

static bool
reads_repo(const struct work *work, struct str repo)
{
	struct str project = str_head(repo, 0), name = repo;
	size_t slash = str_find(repo, '/');

	if (slash < repo.len) {
		project = str_head(repo, slash);
		name = str_tail(repo, slash + 1);
	}
	for (size_t i = 0; i < work->specs.count; i++) {
		const struct spec *spec = &work->specs.list[i];

		for (size_t k = 0; k < spec->input_count; k++)
			if (str_eq(spec->inputs[k].repo, name)
			    && (project.len == 0 || str_eq(spec->inputs[k].project, project)))
				return true;
	}
	return false;
}

/* A pipeline that the pull request removes counts: the file is the base commit's, and cannot change with it. */
static bool
excludes_any(const struct work *work, const char *glob)
{
	for (size_t i = 0; i < work->specs.count; i++)
		if (glob_match(str_of(glob), work->specs.list[i].name))
			return true;
	for (size_t i = 0; i < work->gone_count; i++)
		if (glob_match(str_of(glob), work->gone[i].name))
			return true;
	return false;
}

static int
check_keys(const struct run *run, const struct work *work, const struct preview_keys *keys,
    struct err *err)
{
	for (size_t i = 0; i < keys->exclude.count; i++)
		if (!excludes_any(work, keys->exclude.list[i]))
			return refuse_unused(
			    run, "exclude", keys->exclude.list[i], "pipeline", err);
	for (size_t i = 0; i < keys->source_count; i++)
		if (!reads_repo(work, keys->sources[i].repo))
			return refuse_unused(run, "inputs",
			    arena_cstr(run->arena, keys->sources[i].repo), "input of a pipeline",
			    err);
	return 0;
}

/* Whether the spec reads from a chosen one. Excluded ones are not chosen, so their readers do not follow from them. */
static bool
follows_chosen(
    const struct work *work, const struct dag_reads *reads, size_t spec, const bool *chosen)
{
	for (size_t k = 0; k < work->specs.list[spec].input_count; k++) {
		size_t producer = reads->producer[reads->first[spec] + k];

		if (producer != DAG_OUTSIDE && chosen[producer])
			return true;
	}
	return false;
}

static void
note_excluded(struct run *run, const struct work *work, const bool *excluded)
{
	struct buf names = BUF_INIT(NAMES_BYTES);
	size_t count = 0;

	for (size_t i = 0; i < work->specs.count; i++)
		if (excluded[i])
			buf_fmt(&names, "%s'%.*s'", count++ ? ", " : "",
			    STR_FMT(work->specs.list[i].name));
	if (count > 0)
		ci_note(&run->ci, "target '%s' excludes %zu of the changed pipelines: %.*s",
		    run->target_name, count, STR_FMT(buf_str(&names)));
	buf_free(&names);
}

/* Leaves only the chosen specs in `work`, so that pictures and counts are of them alone. */
static void
forget_others(struct run *run, struct work *work)
{
	struct spec *list = ARENA_ARRAY(run->arena, work->all_count, struct spec);

	for (size_t i = 0; i < work->all_count; i++) {
		list[i] = *work->all[i].spec;
		work->all[i].spec = &list[i];
		work->order[i] = i;
	}
	work->specs = (struct specs){ .list = list,
		.count = work->all_count,
		.room = work->all_count,
		.skipped = work->specs.skipped };
	work->faulty = NULL; /* and what is faulty has not been chosen */
}

int
preview_choose(struct run *run, struct work *work, const struct preview_keys *keys, struct err *err)
{
	bool *chosen = ARENA_ARRAY(run->arena, work->specs.count, bool);
	bool *excluded = ARENA_ARRAY(run->arena, work->specs.count, bool);
	struct dag_reads reads = dag_reads(&work->specs, run->arena);
	size_t kept = 0;

	if (check_keys(run, work, keys, err) < 0)
		return -1;
	for (size_t i = 0; i < work->all_count; i++) {
		size_t at = (size_t)(work->all[i].spec - work->specs.list);

		chosen[at] = !work->all[i].is_left_out
		             || (keys->downstream && follows_chosen(work, &reads, at, chosen));
		excluded[at] = chosen[at] && is_excluded(keys, work->all[i].spec);
		chosen[at] =
		    chosen[at] && !excluded[at] && !sound_is_faulty(work, work->all[i].spec);
		if (!chosen[at])
			continue;
		work->all[kept] = work->all[i];
		work->all[kept++].is_left_out = false;
	}
	work->all_count = kept;
	work->gone_count = 0; /* what left git is production's matter */
	note_excluded(run, work, excluded);
	forget_others(run, work);
	return 0;
}
