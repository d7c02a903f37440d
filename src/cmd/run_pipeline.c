/* run, rerun: start jobs of pipelines now. */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "cmd/command_table.h"
#include "data/arguments.h"
#include "data/follow.h"
#include "format/doc.h"
#include "format/json_builder.h"
#include "inputs/exit_code.h"
#include "pachd/grant.h"
#include "pachd/pachctl.h"
#include "pachd/pachd.h"
#include "pachd/pps/history.h"
#include "pachd/pps/poll.h"
#include "pachd/pps/pps.h"
#include "pipeline/deployed.h"
#include "pipeline/spec.h"
#include "process/stop_wait.h"
#include "session/connect.h"
#include "session/run.h"
#include "wire/release.h"

enum {
	MAX_JSON = 4 << 20,
	LOOKS = 10, /* for the new job where nobody waits: the server may take a moment */
	LOOK_MS = 200,
	LONGEST_LOOK_MS = 5000,
};

struct running {
	struct run *run;
	struct pachd *cluster;
	struct pachd_target *targets;
	struct deployed *live;
	struct job *jobs; /* of each, once it is known; id empty: none */
	size_t count;
	bool planning, waits, reruns;
};

static struct str
title(const struct running *r, size_t i)
{
	return spec_title(r->run->arena, r->targets[i].project, r->targets[i].name);
}

static int
read_names(struct running *r, struct err *err)
{
	const char *const *words;
	size_t count = words_of(r->run, &words);

	if (count == 0)
		return usage_error(err, "no pipeline is named",
		    r->reruns ? "rerun edges --reprocess always" : "run edges --wait jobs");
	r->targets = ARENA_ARRAY(r->run->arena, count, struct pachd_target);
	r->live = ARENA_ARRAY(r->run->arena, count, struct deployed);
	r->jobs = ARENA_ARRAY(r->run->arena, count, struct job);
	for (size_t i = 0; i < count; i++) {
		if (read_target(r->run, words[i], &r->targets[r->count], err) < 0)
			return -1;
		r->count++;
	}
	return 0;
}

static int
check_live(const struct running *r, size_t i, struct err *err)
{
	if (!r->live[i].exists) {
		(void)err_set(err, ERR_REFUSED, "pipeline '%.*s' not found", STR_FMT(title(r, i)));
		return err_hint(err, "check its name and project: pachup status");
	}
	if (r->live[i].stopped && !r->reruns) {
		(void)err_set(err, ERR_REFUSED, "pipeline '%.*s' is paused", STR_FMT(title(r, i)));
		return err_hint(err, "start it first: %.*s",
		    STR_FMT(pachctl_line(r->run->arena, pachd_facts(r->cluster), "start",
		        "pipeline", r->targets[i].project, r->targets[i].name, STR(""))));
	}
	return 0;
}

/* Whether one of the inputs, at any depth, is a cron. */
static bool
has_cron(const struct node *n)
{
	for (const struct node *m = n ? n->first : NULL; m; m = m->next)
		if (str_is(m->key, "cron") || has_cron(m))
			return true;
	return false;
}

/* From 2.0 pachd runs only cron pipelines now: RunPipeline answers "unimplemented". */
static int
check_runnable(const struct running *r, size_t i, struct err *err)
{
	const struct pachd_facts *facts = pachd_facts(r->cluster);
	const struct node *tree;

	if (pachd_is_1x(facts))
		return 0;
	tree = pachd_stored_spec(r->cluster, &r->live[i], err);
	if (!tree)
		return -1;
	if (has_cron(node_field(tree, "input")))
		return 0;
	(void)err_set(err, ERR_REFUSED,
	    "pachd %.*s cannot run pipeline '%.*s' now: it has no cron input", STR_FMT(facts->text),
	    STR_FMT(title(r, i)));
	if (facts->release < RELEASE(2, 8, 0))
		return err_hint(err,
		    "push its spec again: pachup push SPEC --reprocess %.*s=always",
		    STR_FMT(title(r, i)));
	return err_hint(err, "process its data again with: pachup rerun %.*s --reprocess always",
	    STR_FMT(title(r, i)));
}

static int
no_job(const struct running *r, size_t i, struct err *err)
{
	(void)err_set(err, ERR_TIMEOUT, "timed out after %s: pipeline '%.*s' has started no job",
	    value_text(&r->run->in, IN_TIMEOUT), STR_FMT(title(r, i)));
	return err_hint(err, "raise input 'timeout', or check the pipeline: pachup status");
}

/* Finds the job that the run has started: the last one, once its id is not `before` any more. Where the run waits, looks until
 * the timeout; else for a moment only, and there may be none. */
static int
find_job(struct running *r, size_t i, struct str before, struct err *err)
{
	int64_t pause_ms = LOOK_MS;

	for (int look = 0; r->waits || look < LOOKS; look++) {
		bool found;

		if (pps_last_job(
		        r->cluster, r->run->arena, &r->targets[i], &found, &r->jobs[i], err)
		    < 0)
			return r->waits && err->kind == ERR_TIMEOUT ? no_job(r, i, err) : -1;
		if (found && !str_eq(r->jobs[i].id, before))
			return 0;
		r->jobs[i] = (struct job){ .id = STR("") };
		if (!stop_pause(r->run->stop_fd, pause_ms, r->run->deadline_ms))
			return stop_is_set(r->run->stop_fd) ? err_set(
			           err, ERR_INTERRUPTED, "interrupted while looking for the job")
			                                    : no_job(r, i, err);
		if (look >= LOOKS)
			pause_ms = pause_ms * 2 < LONGEST_LOOK_MS ? pause_ms * 2 : LONGEST_LOOK_MS;
	}
	return 0;
}

static int
run_one(struct running *r, size_t i, struct err *err)
{
	struct node *tree = pachd_stored_spec(r->cluster, &r->live[i], err);
	struct str before = STR("");
	struct job last;
	bool found;

	if (!tree)
		return -1;
	if (pps_last_job(r->cluster, r->run->arena, &r->targets[i], &found, &last, err) < 0)
		return -1;
	if (found)
		before = last.id;
	if (pps_run(r->cluster, &r->targets[i], has_cron(node_field(tree, "input")), err) < 0)
		return -1;
	return find_job(r, i, before, err);
}

/* A rerun is a new version, whose jobs have the id of its spec's commit. */
static int
rerun_one(struct running *r, size_t i, struct err *err)
{
	const struct items *items = &r->run->opt.reprocess;
	bool reprocess = false;

	for (size_t k = 0; k < items->count; k++)
		reprocess = reprocess || strcmp(items->list[k], "always") == 0;
	if (pps_rerun(r->cluster, &r->targets[i], reprocess, err) < 0
	    || pachd_inspect(r->cluster, r->run->arena, &r->targets[i], 1, &r->live[i], err) < 0)
		return -1;
	r->jobs[i] = (struct job){ .project = r->targets[i].project,
		.pipeline = r->targets[i].name,
		.id = r->live[i].spec_commit };
	return 0;
}

static void
print_one(const struct running *r, size_t i)
{
	const char *verb = r->planning ? r->reruns ? "would rerun" : "would run"
	                   : r->reruns ? "rerun"
	                               : "run";

	if (output_is_json(&r->run->in))
		return;
	ci_out(&r->run->ci, "%s  %.*s%s%.*s", verb, STR_FMT(title(r, i)),
	    r->jobs[i].id.len ? "  job " : "", STR_FMT(r->jobs[i].id));
}

static int
print_json(const struct running *r, struct err *err)
{
	struct buf text = BUF_INIT(MAX_JSON);
	struct json j = JSON_TO(&text);

	json_open(&j, NULL, JSON_ARRAY);
	for (size_t i = 0; i < r->count; i++) {
		json_open(&j, NULL, JSON_OBJECT);
		json_string(&j, "project", r->targets[i].project);
		json_string(&j, "pipeline", r->targets[i].name);
		json_string(&j, "job", r->jobs[i].id);
		json_close(&j);
	}
	json_close(&j);
	return ci_raw_json(&r->run->ci, &j, "the list of jobs", err);
}

static int
wait_for_one(struct running *r, size_t i, struct err *err)
{
	struct pfs_ref at = { r->targets[i].project, r->targets[i].name, r->jobs[i].id };
	size_t count = 0;

	if (at.ref.len == 0)
		return err_set(err, ERR_FAILED, "pipeline '%.*s' has started no job to wait for",
		    STR_FMT(title(r, i)));
	if (pachd_is_1x(pachd_facts(r->cluster)))
		return follow_job(r->run, r->cluster, &r->jobs[i], err);
	return follow_commit(r->run, r->cluster, &at, &count, err);
}

static int
check_all(struct running *r, struct err *err)
{
	if (pachd_probe(r->cluster, r->targets, r->count, r->live, err) < 0)
		return -1;
	connect_log_cluster(r->run, pachd_facts(r->cluster));
	for (size_t i = 0; i < r->count; i++)
		if (pachd_check_project(r->cluster, r->targets[i].project, err) < 0
		    || check_live(r, i, err) < 0 || (!r->reruns && check_runnable(r, i, err) < 0))
			return -1;
	return 0;
}

static int
run_all(struct running *r, struct err *err)
{
	if (check_all(r, err) < 0)
		return -1;
	for (size_t i = 0; i < r->count; i++) {
		if (!r->planning && (r->reruns ? rerun_one(r, i, err) : run_one(r, i, err)) < 0)
			return err_wrap(err, "cannot %s '%.*s'", r->reruns ? "rerun" : "run",
			    STR_FMT(title(r, i)));
		print_one(r, i);
	}
	if (output_is_json(&r->run->in) && print_json(r, err) < 0)
		return -1;
	for (size_t i = 0; i < r->count && r->waits && !r->planning; i++)
		if (wait_for_one(r, i, err) < 0)
			return -1;
	return EXIT_DONE;
}

static int
run_or_rerun(struct running *r, struct err *err)
{
	int rc;

	if (read_names(r, err) < 0 || read_wait(r->run, &r->waits, err) < 0
	    || connect_decide(r->run, &r->planning, err) < 0)
		return -1;
	r->cluster = connect_open(r->run, err);
	if (!r->cluster)
		return -1;
	rc = run_all(r, err);
	pachd_close(r->cluster);
	return rc;
}

int
cmd_run(struct run *run, struct err *err)
{
	struct running r = { .run = run };

	return run_or_rerun(&r, err);
}

int
cmd_rerun(struct run *run, struct err *err)
{
	struct running r = { .run = run, .reruns = true };

	return run_or_rerun(&r, err);
}
