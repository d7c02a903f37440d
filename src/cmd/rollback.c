#include <string.h>

#include "base/arena.h"
#include "cmd/command_table.h"
#include "deploy/apply/previous.h"
#include "deploy/apply/restore.h"
#include "deploy/deploy.h"
#include "deploy/gather/gather.h"
#include "deploy/plan/reprocess.h"
#include "deploy/report/report.h"
#include "deploy/report/summary.h"
#include "inputs/naming.h"
#include "pachd/pachd.h"
#include "pachd/pps/history.h"
#include "session/connect.h"
#include "session/run.h"
#include "session/scope.h"

/* The pipelines to put back, and what is known of each. */
struct undo {
	struct pachd_target *targets;
	struct deployed *live;
	struct pachd_version *versions;
	size_t count;
	uint64_t wanted; /* the version; 0: each one's previous */
};

static int
bad_name(const char *text, struct err *err)
{
	(void)err_set(err, ERR_USAGE, "invalid pipeline name '%.200s'", text);
	return err_hint(
	    err, "use PIPELINE or PROJECT/PIPELINE, for example: pachup rollback edges");
}

#define NAME_CHARS CHARS_ALNUM "_-"

static int
add_name(const struct run *run, const char *text, struct undo *out, struct err *err)
{
	struct str whole = str_of(text);
	size_t slash = str_find(whole, '/');
	struct pachd_target one = { scope_project(run), whole };

	if (slash < whole.len) {
		one.project = str_head(whole, slash);
		one.name = str_tail(whole, slash + 1);
	}
	if (!str_is_of(one.name, NAME_CHARS) || !str_is_of(one.project, NAME_CHARS))
		return bad_name(text, err);
	if (scope_check_project(run, one.project, whole, err) < 0)
		return -1;
	for (size_t i = 0; i < out->count; i++)
		if (str_eq(out->targets[i].name, one.name)
		    && str_eq(out->targets[i].project, one.project))
			return 0;
	out->targets[out->count++] = one;
	return 0;
}

/* The names are the arguments, or input `specs`; files for a push in PACHYDERM_PIPELINE_FILES do not count. */
static int
read_names(const struct run *run, struct undo *out, struct err *err)
{
	const char *from = run->in.from[IN_SPECS];
	size_t count = run->opt.specs.count;

	if (count == 0 || (from && strcmp(from, inputs[IN_SPECS].also[0]) == 0)) {
		(void)err_set(err, ERR_USAGE, "no pipelines given");
		return err_hint(err, "name the pipelines to roll back, for example: edges "
		                     "vision/montage");
	}
	out->targets = ARENA_ARRAY(run->arena, count, struct pachd_target);
	for (size_t i = 0; i < count; i++)
		if (add_name(run, run->opt.specs.list[i], out, err) < 0)
			return -1;
	return 0;
}

/* 0 for "previous". */
static int
read_version(const struct run *run, uint64_t *out, struct err *err)
{
	const char *text = run->opt.to;

	*out = 0;
	if (strcmp(text, "previous") == 0 || (str_number(str_of(text), out) && *out > 0))
		return 0;
	(void)err_set(err, ERR_USAGE, "invalid version '%.100s' in input 'to'", text);
	return err_hint(err, "use a version number from 1, or 'previous'");
}

static int
check_facts(const struct pachd_facts *facts, struct err *err)
{
	if (facts->versions)
		return 0;
	(void)err_set(err, ERR_REFUSED, "pachd %s does not return earlier versions of a pipeline",
	    facts->text.ptr);
	return err_hint(err, "check out the earlier commit and push it; 'on-failure: rollback' "
	                     "works on every release");
}

/* Says why the pipeline cannot be rolled back. */
static int
refuse_missing(const struct run *run, const struct undo *u, size_t i, struct err *err)
{
	const struct pachd_version *version = &u->versions[i];
	struct str name = spec_title(run->arena, version->target.project, version->target.name);
	unsigned long long now = u->live[i].version;

	if (!u->live[i].exists) {
		(void)err_set(err, ERR_REFUSED, "pipeline '%.*s' does not exist", STR_FMT(name));
		return err_hint(err, "check the name and the project: pachup status");
	}
	if (version->wanted > 0) {
		(void)err_set(err, ERR_REFUSED, "pipeline '%.*s' has no version %llu",
		    STR_FMT(name), (unsigned long long)version->wanted);
		return err_hint(err, "the current version is %llu; list all: pachup history %.*s",
		    now, STR_FMT(name));
	}
	if (now > 1) {
		(void)err_set(err, ERR_REFUSED,
		    "pipeline '%.*s' has no version before %llu that differs from it and was not "
		    "rolled back",
		    STR_FMT(name), now);
		return err_hint(err,
		    "leave it out, or name the version: --to VERSION; list all: pachup history "
		    "%.*s",
		    STR_FMT(name));
	}
	(void)err_set(
	    err, ERR_REFUSED, "pipeline '%.*s' has no version before %llu", STR_FMT(name), now);
	return err_hint(err, "leave it out; to remove a pipeline, stop or delete it");
}

/* Shows the error of each pipeline that cannot be rolled back; the last one is *err. */
static int
check_found(struct run *run, const struct undo *u, struct err *err)
{
	bool known = false;

	for (size_t i = 0; i < u->count; i++) {
		if (u->live[i].exists && u->versions[i].found.exists)
			continue;
		if (known) {
			err_name_inputs(&run->in, err);
			ci_error(&run->ci, err);
		}
		(void)refuse_missing(run, u, i, err);
		known = true;
	}
	return known ? -1 : 0;
}

static int
find_versions(struct run *run, struct pachd *cluster, struct undo *u, struct err *err)
{
	size_t count = 0;
	struct pachd_version *asked = ARENA_ARRAY(run->arena, u->count, struct pachd_version);

	u->live = ARENA_ARRAY(run->arena, u->count, struct deployed);
	u->versions = ARENA_ARRAY(run->arena, u->count, struct pachd_version);
	if (pachd_probe(cluster, u->targets, u->count, u->live, err) < 0)
		return -1;
	connect_log_cluster(run, pachd_facts(cluster));
	if (check_facts(pachd_facts(cluster), err) < 0)
		return -1;
	for (size_t i = 0; i < u->count; i++) {
		u->versions[i] =
		    (struct pachd_version){ .target = u->targets[i], .wanted = u->wanted };
		if (u->live[i].exists)
			asked[count++] = u->versions[i];
	}
	if (pachd_history(cluster, asked, count, err) < 0)
		return -1;
	for (size_t i = u->count; i > 0; i--)
		if (u->live[i - 1].exists)
			u->versions[i - 1] = asked[--count];
	for (size_t i = 0; i < u->count && u->wanted == 0; i++)
		if (u->live[i].exists)
			previous_find(run, cluster, &u->live[i], &u->versions[i]);
	return check_found(run, u, err);
}

static int
plan_rollback(struct run *run, struct pachd *cluster, const struct undo *u, struct work *work,
    struct plan *plan, struct err *err)
{
	struct reprocess reprocess;
	struct restore restore = { u->versions, u->live, u->count, &reprocess };

	if (reprocess_read(run, &reprocess, err) < 0)
		return -1;
	if (restore_plan(run, cluster, &restore, work, plan, err) < 0)
		return -1;
	return reprocess_check(run, &reprocess, &work->specs, err);
}

static int
roll_back(struct run *run, struct pachd *cluster, struct undo *u, bool planning, struct err *err)
{
	struct work work = { 0 };
	struct plan plan;
	struct outcome o = { .work = &work, .plan = &plan };

	if (find_versions(run, cluster, u, err) < 0
	    || plan_rollback(run, cluster, u, &work, &plan, err) < 0)
		return -1;
	o.facts = pachd_facts(cluster);
	connect_log_sequence(run, o.facts, &plan);
	report_plan(run, &o);
	return planning ? deploy_nothing(run, &o, err) : deploy_plan(run, cluster, &plan, &o, err);
}

int
cmd_rollback(struct run *run, struct err *err)
{
	struct undo u = { 0 };
	struct pachd *cluster;
	bool planning;
	int rc;

	if (read_names(run, &u, err) < 0 || read_version(run, &u.wanted, err) < 0
	    || connect_decide(run, &planning, err) < 0)
		return -1;
	if (connect_check_cluster(run, err) < 0 || summary_check_place(run, err) < 0)
		return -1;
	cluster = connect_open(run, err);
	if (!cluster)
		return -1;
	rc = roll_back(run, cluster, &u, planning, err);
	pachd_close(cluster);
	return rc;
}
