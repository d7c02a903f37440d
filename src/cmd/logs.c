/* logs: prints what the code of a pipeline or a job wrote. */
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
#include "session/run.h"

#define EXAMPLE "logs edges"

enum { MAX_LINE = 4 << 20 };

struct printing {
	struct run *run;
	size_t count;
};

static int
print_json(struct printing *p, const struct pps_line *line, struct err *err)
{
	struct arena *scratch = arena_like(p->run->arena);
	struct buf text = BUF_INIT(MAX_LINE);
	struct json j = JSON_TO(&text);

	json_open(&j, NULL, JSON_OBJECT);
	json_string(&j, "time", time_text(scratch, line->time_s));
	json_string(&j, "pipeline", line->pipeline);
	json_string(&j, "job", line->job);
	json_string(&j, "worker", line->worker);
	json_string(&j, "datum", line->datum);
	json_string(&j, "message", str_trim(line->message));
	json_bool(&j, "user", line->is_user);
	json_close(&j);
	arena_free(scratch);
	p->count++;
	return ci_raw_json(&p->run->ci, &j, "a log line", err);
}

/* As text only the lines of the user's code; as JSON also those of Pachyderm itself. */
static int
print_line(void *ctx, const struct pps_line *line, struct err *err)
{
	struct printing *p = ctx;

	if (output_is_json(&p->run->in))
		return print_json(p, line, err);
	if (line->is_user) {
		ci_out(&p->run->ci, "%.*s", STR_FMT(str_trim(line->message)));
		p->count++;
	}
	return 0;
}

static bool
is_id(struct str text)
{
	return text.len == 32 && str_is_of(text, CHARS_HEX);
}

/* PIPELINE, PIPELINE@JOB or, in 1.x, JOB. */
static int
read_word(struct run *run, struct place *out, struct err *err)
{
	const char *const *words;
	size_t count = words_of(run, &words);

	if (count != 1)
		return usage_error(err,
		    count ? "the logs of one pipeline or job are read at once"
		          : "no pipeline or job is named",
		    EXAMPLE);
	if (read_place(run, words[0], NEEDS_REPO, out, err) < 0)
		return -1;
	return out->path.len ? usage_error(err, "a pipeline has no path", EXAMPLE) : 0;
}

static int
choose(struct run *run, struct pachd *cluster, const struct place *place, struct job *job,
    struct pachd_target *target, struct pps_logs *logs, struct err *err)
{
	bool is_1x = pachd_is_1x(pachd_facts(cluster));

	*target = (struct pachd_target){ place->at.project, place->at.repo };
	*job = (struct job){
		.project = place->at.project, .pipeline = place->at.repo, .id = place->at.ref
	};
	if (pachd_check_project(cluster, place->at.project, err) < 0)
		return -1;
	if (job->id.len == 0 && is_id(place->at.repo)) {
		job->id = place->at.repo;
		if (!is_1x) {
			(void)err_set(
			    err, ERR_USAGE, "from 2.0 on a job goes by its pipeline and id");
			return err_hint(err, "write PIPELINE@%.*s", STR_FMT(place->at.repo));
		}
	}
	logs->target = target;
	logs->job = job->id.len ? job : NULL;
	logs->follows = run->opt.follow;
	logs->tail = run->opt.tail;
	return 0;
}

static int
read_logs(struct run *run, struct pachd *cluster, const struct place *place, struct err *err)
{
	struct printing p = { .run = run };
	struct pachd_target target;
	struct pps_logs logs = { 0 };
	struct job job;
	int rc;

	if (choose(run, cluster, place, &job, &target, &logs, err) < 0)
		return -1;
	rc = pps_read_logs(cluster, &logs, print_line, &p, err);
	if (rc < 0 && logs.follows && err->kind == ERR_TIMEOUT)
		rc = 0; /* that is its end */
	if (rc < 0)
		return err_wrap(err, "cannot read the logs of '%.*s'",
		    STR_FMT(place_title(run->arena, &place->at, STR(""))));
	if (p.count == 0)
		ci_note(&run->ci, "no log lines; without Loki only running workers have logs");
	return EXIT_DONE;
}

int
cmd_logs(struct run *run, struct err *err)
{
	struct pachd *cluster;
	struct place place = { .is_dir = false };
	int rc;

	if (read_word(run, &place, err) < 0)
		return -1;
	cluster = open_reader(run, err);
	if (!cluster)
		return -1;
	rc = read_logs(run, cluster, &place, err);
	pachd_close(cluster);
	return rc;
}
