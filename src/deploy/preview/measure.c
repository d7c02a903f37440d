#include "base/arena.h"
#include "deploy/preview/gates.h"
#include "deploy/preview/preview.h"
#include "pachd/pachd.h"
#include "pachd/pfs/pfs.h"
#include "pachd/pps/pps.h"
#include "pipeline/spec.h"
#include "session/run.h"

/* So long an output may take to count: the jobs are done, and a figure is missing. */
enum { COUNT_MS = 30000 };

static int
count_file(void *ctx, const struct pfs_file *file, struct err *err)
{
	struct preview_files *files = ctx;

	files->count += !file->is_dir;
	if (files->count <= PREVIEW_MAX_FILES)
		return 0;
	return err_set(err, ERR_REFUSED, "more than %d files", PREVIEW_MAX_FILES);
}

/* A job's output is the commit that has its id (2.x). One that failed or runs has written nothing yet. */
static void
add_walk(struct arena *a, struct pfs_walking *walks, size_t *count, const struct job *job,
    struct preview_files *files)
{
	struct pfs_ref *at;

	if (!str_is(job->state, "success"))
		return;
	at = ARENA_NEW(a, struct pfs_ref);
	*at = (struct pfs_ref){ job->project, job->pipeline, job->id };
	walks[(*count)++] = (struct pfs_walking){
		.at = at, .path = STR("/"), .take = count_file, .ctx = files, .timeout_ms = COUNT_MS
	};
}

static void
count_files(struct preview *preview, struct pachd *cluster)
{
	struct arena *a = preview->run->arena;
	struct pfs_walking *walks = ARENA_ARRAY(a, 2 * preview->member_count, struct pfs_walking);
	size_t count = 0;

	for (size_t i = 0; i < preview->member_count; i++) {
		struct preview_member *m = &preview->members[i];

		if (m->has_job)
			add_walk(a, walks, &count, &m->job, &m->files);
		if (m->has_before)
			add_walk(a, walks, &count, &m->before, &m->files_before);
	}
	if (count > 0)
		pfs_walk_all(cluster, walks, count);
	for (size_t i = 0; i < count; i++) {
		struct preview_files *files = walks[i].ctx;

		files->is_known = walks[i].is_done || files->count > PREVIEW_MAX_FILES;
	}
}

void
preview_measure(struct preview *preview, struct pachd *cluster)
{
	for (size_t i = 0; i < preview->member_count; i++) {
		struct preview_member *m = &preview->members[i];
		const struct pachd_target target = { preview->project, m->spec->name };
		struct err ignored;

		m->has_job = false;
		if (pps_last_job(
		        cluster, preview->run->arena, &target, &m->has_job, &m->job, &ignored)
		    < 0)
			m->has_job = false;
	}
	count_files(preview, cluster);
	gates_judge(preview, cluster);
}
