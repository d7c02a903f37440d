/* provenance: shows which data, code and image made a commit, for audits. */
#include "base/arena.h"
#include "base/buf.h"
#include "cmd/command_table.h"
#include "data/arguments.h"
#include "data/lineage.h"
#include "data/place.h"
#include "data/show.h"
#include "format/json_builder.h"
#include "pachd/pachd.h"
#include "session/run.h"

#define EXAMPLE "provenance model@master"

enum { MAX_JSON = 16 << 20 };

static void
print_one(struct run *run, const struct ancestor *one)
{
	struct arena *a = run->arena;
	struct str title = place_title(a, &one->commit.at, STR(""));
	struct str when = time_text(a, one->commit.finished_s);

	if (!one->is_made) {
		ci_out(&run->ci, "%*s%.*s  put %.*s%s%.*s", (int)one->depth * 2, "", STR_FMT(title),
		    STR_FMT(when), one->commit.created_by.len ? " by " : "",
		    STR_FMT(one->commit.created_by));
		return;
	}
	ci_out(&run->ci, "%*s%.*s  made %.*s by version %llu%s%.*s%s%.*s", (int)one->depth * 2, "",
	    STR_FMT(title), STR_FMT(when), (unsigned long long)one->version,
	    one->git_commit.len ? ", git commit " : "", STR_FMT(one->git_commit),
	    one->image.len ? ", image " : "", STR_FMT(one->image));
}

static void
add_json(struct json *j, struct run *run, const struct ancestor *one)
{
	json_open(j, NULL, JSON_OBJECT);
	json_string(j, "project", one->commit.at.project);
	json_string(j, "repo", one->commit.at.repo);
	json_string(j, "commit", one->commit.at.ref);
	json_string(j, "branch", one->commit.branch);
	json_string(j, "started", time_text(run->arena, one->commit.started_s));
	json_string(j, "finished", time_text(run->arena, one->commit.finished_s));
	json_string(j, "created_by", one->commit.created_by);
	json_string(j, "job", one->job);
	json_string(j, "image", one->image);
	json_string(j, "git_commit", one->git_commit);
	json_string(j, "error", one->commit.error);
	if (one->is_made)
		json_uint(j, "pipeline_version", one->version);
	json_open(j, "inputs", JSON_ARRAY);
	for (size_t i = 0; i < one->commit.provenance_count; i++)
		json_string(j, NULL, place_title(run->arena, &one->commit.provenance[i], STR("")));
	json_close(j);
	json_close(j);
}

static int
print_lineage(struct run *run, const struct lineage *lineage, struct err *err)
{
	struct buf text = BUF_INIT(MAX_JSON);
	struct json j = JSON_TO(&text);

	json_open(&j, NULL, JSON_ROWS);
	for (size_t i = 0; i < lineage->count; i++) {
		if (output_is_json(&run->in))
			add_json(&j, run, &lineage->list[i]);
		else
			print_one(run, &lineage->list[i]);
	}
	json_close(&j);
	if (output_is_json(&run->in))
		return ci_raw_json(&run->ci, &j, "the provenance", err);
	buf_free(&text);
	return 0;
}

int
cmd_provenance(struct run *run, struct err *err)
{
	const char *const *words;
	size_t count = words_of(run, &words);
	struct lineage lineage;
	struct pachd *cluster;
	struct place place;
	int rc;

	if (count != 1)
		return usage_error(err,
		    count ? "the provenance of one commit is shown at once" : "no commit is named",
		    EXAMPLE);
	if (read_place(run, words[0], NEEDS_REF, &place, err) < 0)
		return -1;
	if (place.path.len > 0)
		return usage_error(err, "a commit is made as a whole: leave the path out", EXAMPLE);
	cluster = open_reader(run, err);
	if (!cluster)
		return -1;
	rc = lineage_read(run, cluster, &place, &lineage, err);
	if (rc == 0)
		rc = print_lineage(run, &lineage, err);
	pachd_close(cluster);
	return rc;
}
