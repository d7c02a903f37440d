#include "pachd/pps/pps.h"

#include "base/arena.h"
#include "pachd/pfs/pfs_private.h"
#include "pachd/pps/pps_private.h"

void
pps_build_pipeline(const struct pachd *p, struct arena *a, ProtobufCMessage *message,
    const struct pachd_target *target)
{
	ProtobufCMessage *pipeline = build_message(a, message, "pipeline");

	build_string(a, pipeline, "name", target->name);
	if (p->facts.projects)
		build_string(a, build_message(a, pipeline, "project"), "name", target->project);
}

static int
too_old(const struct pachd *p, const char *what, enum method_id id, struct err *err)
{
	const struct method *one = method_of(API_1, id), *two = method_of(API_2, id);
	struct str since = release_text(p->arena, one->path ? one->from : two->from);

	(void)err_set(err, ERR_REFUSED, "pachd %.*s cannot %s", STR_FMT(p->facts.text), what);
	return err_hint(err, "upgrade the cluster to %.*s or later", STR_FMT(since));
}

/* Sends a call about the pipeline, with `flag` set, where the release can `what`. */
static int
send_about(struct pachd *p, enum method_id id, const char *what, const struct pachd_target *target,
    const char *flag, struct err *err)
{
	ProtobufCMessage *m;
	struct call call;

	if (!rpc_exists(p, id))
		return too_old(p, what, id, err);
	m = rpc_request(p, p->arena, id);
	call = rpc_call(p, id);
	pps_build_pipeline(p, p->arena, m, target);
	if (flag)
		build_flag(m, flag);
	call.request = message_pack(p->arena, m);
	return rpc_send(p, p->arena, &call, err);
}

int
pps_run(struct pachd *p, const struct pachd_target *target, bool cron, struct err *err)
{
	if (cron)
		return send_about(p, METHOD_RUN_CRON, "run a cron pipeline now", target, NULL, err);
	return send_about(p, METHOD_RUN_PIPELINE, "run a pipeline now", target, NULL, err);
}

int
pps_rerun(struct pachd *p, const struct pachd_target *target, bool reprocess, struct err *err)
{
	return send_about(p, METHOD_RERUN_PIPELINE, "rerun a pipeline", target,
	    reprocess ? "reprocess" : NULL, err);
}

/* Both interfaces list the newest first. */
int
pps_last_job(struct pachd *p, struct arena *a, const struct pachd_target *target, bool *found,
    struct job *out, struct err *err)
{
	ProtobufCMessage *m = rpc_request(p, a, METHOD_LIST_JOB), *info;
	struct call call = rpc_call(p, METHOD_LIST_JOB);

	pps_build_pipeline(p, a, m, target);
	if (p->facts.release >= RELEASE(2, 5, 0))
		message_set_int(m, "number", 1);
	call.request = message_pack(a, m);
	if (rpc_ask(p, a, &call, err) < 0)
		return -1;
	*found = call.reply_count > 0;
	if (!*found)
		return 0;
	if (rpc_reply(p, a, METHOD_INSPECT_JOB, &call, &info, err) < 0)
		return -1;
	*out = job_read(a, info);
	return 0;
}

void
pps_build_job(
    const struct pachd *p, struct arena *a, ProtobufCMessage *message, const struct job *job)
{
	ProtobufCMessage *m = build_message(a, message, "job");
	struct pachd_target target = { job->project, job->pipeline };

	build_string(a, m, "id", job->id);
	if (!is_1x(p))
		pps_build_pipeline(p, a, m, &target);
}

int
pps_inspect_job(struct pachd *p, struct arena *a, const struct job *which, struct job *out,
    uint64_t *version, struct err *err)
{
	ProtobufCMessage *m = rpc_request(p, a, METHOD_INSPECT_JOB), *info;
	struct call call = rpc_call(p, METHOD_INSPECT_JOB);

	pps_build_job(p, a, m, which);
	call.request = message_pack(a, m);
	if (rpc_ask(p, a, &call, err) < 0
	    || rpc_reply(p, a, METHOD_INSPECT_JOB, &call, &info, err) < 0)
		return -1;
	*out = job_read(a, info);
	*version = (uint64_t)message_int(info, "pipeline_version");
	return 0;
}

int
pps_job(struct pachd *p, struct arena *a, const struct job *which, struct job *out, struct err *err)
{
	uint64_t version;

	return pps_inspect_job(p, a, which, out, &version, err);
}

/* Messages that are read one by one, each in an arena of its own. */
struct taking {
	struct pachd *p;
	pps_take_job *take_job;
	pps_take_line *take_line;
	pps_tick *tick;
	void *ctx;
};

static void
pass_tick(void *ctx)
{
	const struct taking *t = ctx;

	t->tick(t->ctx);
}

static int
take_job(void *ctx, struct str message, struct err *err)
{
	struct taking *t = ctx;
	struct arena *scratch = arena_like(t->p->arena);
	ProtobufCMessage *info =
	    message_read(scratch, rpc_method(t->p, METHOD_LIST_JOB)->reply, message);
	struct job job;
	int rc;

	if (info) {
		job = job_read(scratch, info);
		rc = t->take_job(t->ctx, &job, err);
	} else {
		rc = err_set(err, ERR_NETWORK, "the list of jobs cannot be read");
	}
	arena_free(scratch);
	return rc;
}

int
pps_flush(struct pachd *p, const struct pfs_ref *at, pps_take_job *take, pps_tick *tick, void *ctx,
    struct err *err)
{
	ProtobufCMessage *m = rpc_request(p, p->arena, METHOD_FLUSH_JOB);
	ProtobufCMessage *commit = build_element(p->arena, m, "commits");
	struct taking t = { .p = p, .take_job = take, .tick = tick, .ctx = ctx };
	struct call_sink sink = { take_job, tick ? pass_tick : NULL, &t };
	struct call call = rpc_call(p, METHOD_FLUSH_JOB);

	call.sink = &sink;
	build_string(p->arena, build_message(p->arena, commit, "repo"), "name", at->repo);
	build_string(p->arena, commit, "id", at->ref);
	call.request = message_pack(p->arena, m);
	return rpc_send(p, p->arena, &call, err);
}

static int
take_line(void *ctx, struct str message, struct err *err)
{
	struct taking *t = ctx;
	struct arena *scratch = arena_like(t->p->arena);
	ProtobufCMessage *m =
	    message_read(scratch, rpc_method(t->p, METHOD_GET_LOGS)->reply, message);
	int rc;

	if (m) {
		struct pps_line line = { .pipeline = message_string(m, "pipeline_name"),
			.job = message_string(m, "job_id"),
			.worker = message_string(m, "worker_id"),
			.datum = message_string(m, "datum_id"),
			.message = message_string(m, "message"),
			.time_s = message_int(message_message(m, "ts"), "seconds"),
			.is_user = message_flag(m, "user") };

		rc = t->take_line(t->ctx, &line, err);
	} else {
		rc = err_set(err, ERR_NETWORK, "a line of the logs cannot be read");
	}
	arena_free(scratch);
	return rc;
}

int
pps_read_logs(
    struct pachd *p, const struct pps_logs *logs, pps_take_line *take, void *ctx, struct err *err)
{
	ProtobufCMessage *m = rpc_request(p, p->arena, METHOD_GET_LOGS);
	struct taking t = { .p = p, .take_line = take, .ctx = ctx };
	struct call_sink sink = { .take = take_line, .ctx = &t };
	struct call call = rpc_call(p, METHOD_GET_LOGS);

	call.sink = &sink;
	if (logs->job)
		pps_build_job(p, p->arena, m, logs->job);
	else
		pps_build_pipeline(p, p->arena, m, logs->target);
	if (logs->follows)
		build_flag(m, "follow");
	if (logs->tail > 0)
		message_set_int(m, "tail", logs->tail);
	call.request = message_pack(p->arena, m);
	return rpc_send(p, p->arena, &call, err);
}

static int
check_secrets(const struct pachd *p, struct err *err)
{
	if (rpc_exists(p, METHOD_LIST_SECRET))
		return 0;
	(void)err_set(
	    err, ERR_REFUSED, "pachd %.*s does not manage secrets", STR_FMT(p->facts.text));
	return err_hint(
	    err, "upgrade to 1.10.0 or later, or use: kubectl create secret generic NAME");
}

int
pps_secrets(
    struct pachd *p, struct arena *a, struct pps_secret **out, size_t *count, struct err *err)
{
	struct call call = rpc_call(p, METHOD_LIST_SECRET);
	ProtobufCMessage *infos;

	if (check_secrets(p, err) < 0 || rpc_ask(p, a, &call, err) < 0
	    || rpc_reply(p, a, METHOD_LIST_SECRET, &call, &infos, err) < 0)
		return -1;
	*count = message_count(infos, "secret_info");
	*out = ARENA_ARRAY(a, *count, struct pps_secret);
	for (size_t i = 0; i < *count; i++) {
		const ProtobufCMessage *one = message_list(infos, "secret_info")[i];

		(*out)[i].name = message_string(message_message(one, "secret"), "name");
		(*out)[i].type = message_string(one, "type");
		(*out)[i].created_s =
		    message_int(message_message(one, "creation_timestamp"), "seconds");
	}
	return 0;
}

int
pps_has_secret(struct pachd *p, struct str name, bool *there, struct err *err)
{
	ProtobufCMessage *m = rpc_request(p, p->arena, METHOD_INSPECT_SECRET);
	struct call call = rpc_call(p, METHOD_INSPECT_SECRET);

	if (check_secrets(p, err) < 0)
		return -1;
	build_string(p->arena, build_message(p->arena, m, "secret"), "name", name);
	call.request = message_pack(p->arena, m);
	*there = rpc_ask(p, p->arena, &call, err) == 0;
	return *there || pfs_is_missing(&call) ? 0 : -1;
}

int
pps_create_secret(struct pachd *p, struct str request, struct err *err)
{
	struct call call = rpc_call(p, METHOD_CREATE_SECRET);

	call.request = request;
	call.is_secret = true;
	return rpc_send(p, p->arena, &call, err);
}

int
pps_delete_secret(struct pachd *p, struct str name, struct err *err)
{
	ProtobufCMessage *m = rpc_request(p, p->arena, METHOD_DELETE_SECRET);
	struct call call = rpc_call(p, METHOD_DELETE_SECRET);

	build_string(p->arena, build_message(p->arena, m, "secret"), "name", name);
	call.request = message_pack(p->arena, m);
	return rpc_send(p, p->arena, &call, err);
}
