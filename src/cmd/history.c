/* history: lists the versions of a pipeline. */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "cmd/command_table.h"
#include "data/arguments.h"
#include "data/show.h"
#include "format/json_builder.h"
#include "inputs/exit_code.h"
#include "pachd/grant.h"
#include "pachd/pachd.h"
#include "pachd/pps/pps.h"
#include "pipeline/spec.h"
#include "session/run.h"

enum { MAX_JSON = 16 << 20, MAX_VERSIONS = 10000 };

static struct str
or_dash(struct str text)
{
	return text.len ? text : STR("-");
}

static void
print_text(struct run *run, const struct pps_version *list, size_t count)
{
	size_t width = strlen("by");

	for (size_t i = 0; i < count; i++)
		if (list[i].created_by.len > width)
			width = list[i].created_by.len;
	ci_out(&run->ci, "version  created               commit   last job  %-*s  image",
	    (int)width, "by");
	for (size_t i = 0; i < count; i++) {
		const struct pps_version *v = &list[i];

		ci_out(&run->ci, "%7llu  %-20.*s  %-7.*s  %-8.*s  %-*.*s  %.*s",
		    (unsigned long long)v->version, STR_FMT(time_text(run->arena, v->created_s)),
		    STR_FMT(str_head(or_dash(v->git_commit), 7)), STR_FMT(or_dash(v->job_state)),
		    (int)width, STR_FMT(or_dash(v->created_by)), STR_FMT(or_dash(v->image)));
	}
}

static int
print_json(struct run *run, const struct pps_version *list, size_t count, struct err *err)
{
	struct buf text = BUF_INIT(MAX_JSON);
	struct json j = JSON_TO(&text);

	json_open(&j, NULL, JSON_ROWS);
	for (size_t i = 0; i < count; i++) {
		const struct pps_version *v = &list[i];

		json_open(&j, NULL, JSON_OBJECT);
		json_uint(&j, "version", v->version);
		json_string(&j, "created", time_text(run->arena, v->created_s));
		json_string(&j, "created_by", v->created_by);
		json_string(&j, "commit", v->git_commit);
		json_string(&j, "image", v->image);
		json_string(&j, "last_job", v->job);
		json_string(&j, "last_job_state", v->job_state);
		json_close(&j);
	}
	json_close(&j);
	return ci_raw_json(&run->ci, &j, "the history", err);
}

static int
print_history(struct run *run, struct pachd *cluster, const struct pachd_target *target,
    int64_t most, struct err *err)
{
	const struct pps_past past = { .most = (size_t)most, .jobs = true };
	struct pps_version *list;
	size_t count;

	if (pachd_check_project(cluster, target->project, err) < 0)
		return -1;
	if (pps_versions(cluster, run->arena, target, &past, &list, &count, err) < 0)
		return err_wrap(err, "cannot read the history of '%.*s'",
		    STR_FMT(spec_title(run->arena, target->project, target->name)));
	if (!pachd_facts(cluster)->versions)
		ci_note(&run->ci, "pachd %.*s keeps only the live version",
		    STR_FMT(pachd_facts(cluster)->text));
	if (output_is_json(&run->in))
		return print_json(run, list, count, err);
	print_text(run, list, count);
	return EXIT_DONE;
}

int
cmd_history(struct run *run, struct err *err)
{
	const char *const *words;
	size_t count = words_of(run, &words);
	struct pachd_target target;
	struct pachd *cluster;
	int64_t most;
	int rc;

	if (count != 1)
		return usage_error(err,
		    count ? "the history of one pipeline is shown at once" : "no pipeline is named",
		    "history edges");
	if (read_target(run, words[0], &target, err) < 0)
		return -1;
	most = run->opt.history ? run->opt.history : MAX_VERSIONS;
	cluster = open_reader(run, err);
	if (!cluster)
		return -1;
	rc = print_history(run, cluster, &target, most, err);
	pachd_close(cluster);
	return rc;
}
