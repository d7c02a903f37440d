/* provenance: the auditor's question: which data, which code, which image made this commit. */
#include "base/arena.h"
#include "base/buf.h"
#include "cmd/command_table.h"
#include "data/arguments.h"
#include "data/lineage.h"
#include "data/place.h"
#include "data/show.h"
#include "format/doc.h"
#include "inputs/exit_code.h"
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
add_json(struct run *run, struct buf *json, const struct ancestor *one)
{
	const struct {
		const char *key;
		struct str value;
	} members[] = { { "project", one->commit.at.project }, { "repo", one->commit.at.repo },
		{ "commit", one->commit.at.ref }, { "branch", one->commit.branch },
		{ "started", time_text(run->arena, one->commit.started_s) },
		{ "finished", time_text(run->arena, one->commit.finished_s) },
		{ "created_by", one->commit.created_by }, { "job", one->job },
		{ "image", one->image }, { "git_commit", one->git_commit },
		{ "error", one->commit.error } };

	for (size_t i = 0; i < COUNT_OF(members); i++) {
		buf_fmt(json, "%s\"%s\":", i ? "," : "{", members[i].key);
		json_write_string(json, members[i].value);
	}
	if (one->is_made)
		buf_fmt(json, ",\"pipeline_version\":%llu", (unsigned long long)one->version);
	buf_add(json, STR(",\"inputs\":["));
	for (size_t i = 0; i < one->commit.provenance_count; i++) {
		buf_add(json, i ? STR(",") : STR(""));
		json_write_string(
		    json, place_title(run->arena, &one->commit.provenance[i], STR("")));
	}
	buf_add(json, STR("]}"));
}

static void
print(struct run *run, const struct lineage *lineage)
{
	struct buf json = BUF_INIT(MAX_JSON);

	for (size_t i = 0; i < lineage->count; i++) {
		if (!output_is_json(&run->in)) {
			print_one(run, &lineage->list[i]);
			continue;
		}
		buf_add(&json, i ? STR(",\n") : STR("["));
		add_json(run, &json, &lineage->list[i]);
	}
	buf_add(&json, STR("]\n"));
	if (output_is_json(&run->in))
		ci_raw(&run->ci, buf_str(&json));
	buf_free(&json);
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
		print(run, &lineage);
	pachd_close(cluster);
	return rc < 0 ? -1 : EXIT_DONE;
}
