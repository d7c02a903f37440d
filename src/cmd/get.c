/* get: downloads a file or directory from a branch. */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "cmd/command_table.h"
#include "data/arguments.h"
#include "data/commit.h"
#include "data/get.h"
#include "data/show.h"
#include "format/json_builder.h"
#include "pachd/pachd.h"
#include "session/run.h"

#define EXAMPLE "get model@master:/ out/"

enum { MAX_JSON = 1 << 20 };

/* The source and the destination: the arguments, or inputs `files` and `to`. */
static int
read_words(struct run *run, const char **what, const char **dest, struct err *err)
{
	const struct options *opt = &run->opt;
	const char *const *words;
	size_t count = words_of(run, &words), used = 0;

	*what = opt->files.count > 0 ? opt->files.list[0] : NULL;
	if (!*what && used < count)
		*what = words[used++];
	if (!*what)
		return usage_error(err, "no file or directory to get", EXAMPLE);
	*dest = run->in.from[IN_TO] ? opt->to : NULL;
	if (!*dest && used < count)
		*dest = words[used++];
	if (used < count || opt->files.count > 1)
		return usage_error(err, "get takes one file or directory at a time", EXAMPLE);
	return 0;
}

static int
print_result(struct run *run, const struct place *place, const struct pfs_commit *commit,
    const struct got *got, struct err *err)
{
	struct str title = place_title(run->arena, &place->at, place->path);
	struct buf json = BUF_INIT(MAX_JSON);
	struct json j = JSON_TO(&json);

	if (!output_is_json(&run->in)) {
		ci_out(&run->ci, "%.*s: %zu file%s (%.*s) downloaded to %s, commit %.*s",
		    STR_FMT(title), got->files, got->files == 1 ? "" : "s",
		    STR_FMT(size_text(run->arena, got->bytes)), got->dest, STR_FMT(commit->at.ref));
		return 0;
	}
	json_open(&j, NULL, JSON_OBJECT);
	json_string(&j, "place", title);
	json_string(&j, "commit", commit->at.ref);
	json_text(&j, "dest", got->dest);
	json_uint(&j, "files", got->files);
	json_uint(&j, "bytes", got->bytes);
	json_close(&j);
	return ci_raw_json(&run->ci, &j, "the result", err);
}

static int
get_place(struct run *run, struct pachd *cluster, const struct place *place, const char *dest,
    struct err *err)
{
	bool waits = false, is_stdout = dest && strcmp(dest, "-") == 0;
	struct pfs_commit commit;
	struct got got;

	if (read_wait(run, &waits, err) < 0
	    || commit_resolve(run, cluster, place, waits, &commit, err) < 0)
		return -1;
	if ((is_stdout ? get_to_stdout(run, cluster, &commit.at, place->path, &got, err)
	               : get_to_disk(run, cluster, &commit.at, place->path, dest, &got, err))
	    < 0)
		return -1;
	if ((!is_stdout && print_result(run, place, &commit, &got, err) < 0)
	    || ci_output(&run->ci, "commit", commit.at.ref, err) < 0)
		return -1;
	return ci_output_number(&run->ci, "changed", got.files, err);
}

int
cmd_get(struct run *run, struct err *err)
{
	const char *what, *dest = NULL;
	struct pachd *cluster;
	struct place place;
	int rc;

	if (read_words(run, &what, &dest, err) < 0
	    || read_place(run, what, NEEDS_REF, &place, err) < 0)
		return -1;
	if (place.path.len == 0)
		place.path = STR("/");
	if (dest && strcmp(dest, "-") == 0 && ci_is_runner(&run->ci)) {
		(void)err_set(err, ERR_USAGE,
		    "a runner reads standard output: a file's bytes could "
		    "be commands to it");
		return err_hint(err, "name a file or directory instead of '-'");
	}
	cluster = open_reader(run, err);
	if (!cluster)
		return -1;
	rc = get_place(run, cluster, &place, dest, err);
	pachd_close(cluster);
	return rc;
}
