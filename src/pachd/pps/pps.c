#include "pachd/pps/pps.h"

#include "base/arena.h"
#include "pachd/pfs/pfs_private.h"
#include "pps.pb-c.h"
#include "pps_v2.pb-c.h"

static bool
is_1x(const struct pachd *p)
{
	return pachd_is_1x(&p->facts);
}

/* A request of the one line or the other. */
static ProtobufCMessage *
request_of(const struct pachd *p, struct arena *a, const ProtobufCMessageDescriptor *one,
    const ProtobufCMessageDescriptor *two)
{
	return message_new(a, is_1x(p) ? one : two);
}

void
pps_build_pipeline(const struct pachd *p, struct arena *a, ProtobufCMessage *message,
    const struct pachd_target *target)
{
	ProtobufCMessage *pipeline = build_message(a, message, "pipeline");

	build_string(a, pipeline, "name", target->name);
	if (p->facts.projects)
		build_string(a, build_message(a, pipeline, "project"), "name", target->project);
}

/* A call that changes something: sent once. */
static int
run_once(struct pachd *p, struct call *call, struct err *err)
{
	if (channel_run(p->channel, call, 1, p->arena, err) < 0)
		return -1;
	return call->status == GRPC_OK ? 0 : rpc_error(p, call, err);
}

static int
too_old(const struct pachd *p, const char *what, const char *since, struct err *err)
{
	(void)err_set(err, ERR_REFUSED, "pachd %.*s cannot %s", STR_FMT(p->facts.text), what);
	return err_hint(err, "upgrade the cluster to %s or later", since);
}

int
pps_run(struct pachd *p, const struct pachd_target *target, bool cron, struct err *err)
{
	ProtobufCMessage *m = cron ? request_of(p, p->arena, &pps__run_cron_request__descriptor,
	                          &pps_v2__run_cron_request__descriptor)
	                           : request_of(p, p->arena, &pps__run_pipeline_request__descriptor,
	                               &pps_v2__run_pipeline_request__descriptor);
	struct call call = { .method = cron ? is_1x(p) ? "/pps.API/RunCron" : "/pps_v2.API/RunCron"
		                       : is_1x(p) ? "/pps.API/RunPipeline"
		                                  : "/pps_v2.API/RunPipeline" };

	if (cron && p->facts.release < RELEASE(1, 9, 10))
		return too_old(p, "run a cron pipeline now", "1.9.10", err);
	if (p->facts.release < RELEASE(1, 9, 0))
		return too_old(p, "run a pipeline now", "1.9.0", err);
	pps_build_pipeline(p, p->arena, m, target);
	call.request = message_pack(p->arena, m);
	return run_once(p, &call, err);
}

int
pps_rerun(struct pachd *p, const struct pachd_target *target, bool reprocess, struct err *err)
{
	ProtobufCMessage *m = message_new(p->arena, &pps_v2__rerun_pipeline_request__descriptor);
	struct call call = { .method = "/pps_v2.API/RerunPipeline" };

	if (p->facts.release < RELEASE(2, 8, 0))
		return too_old(p, "rerun a pipeline", "2.8.0", err);
	pps_build_pipeline(p, p->arena, m, target);
	if (reprocess)
		build_flag(m, "reprocess");
	call.request = message_pack(p->arena, m);
	return run_once(p, &call, err);
}

const ProtobufCMessageDescriptor *
pps_job_info(const struct pachd *p)
{
	return is_1x(p) ? &pps__job_info__descriptor : &pps_v2__job_info__descriptor;
}

/* Both lines list the newest first. */
int
pps_last_job(struct pachd *p, struct arena *a, const struct pachd_target *target, bool *found,
    struct job *out, struct err *err)
{
	ProtobufCMessage *m = request_of(
	    p, a, &pps__list_job_request__descriptor, &pps_v2__list_job_request__descriptor);
	struct call call = { .method = is_1x(p) ? "/pps.API/ListJobStream" : "/pps_v2.API/ListJob",
		.streams = true };
	ProtobufCMessage *info;

	pps_build_pipeline(p, a, m, target);
	if (p->facts.release >= RELEASE(2, 5, 0))
		message_set_int(m, "number", 1);
	call.request = message_pack(a, m);
	if (pfs_ask(p, a, &call, err) < 0)
		return -1;
	*found = call.reply_count > 0;
	if (!*found)
		return 0;
	if (pfs_answer(&call, a, pps_job_info(p), &info, err) < 0)
		return -1;
	*out = job_read(a, info);
	return 0;
}

static void
build_job(const struct pachd *p, struct arena *a, ProtobufCMessage *message, const struct job *job)
{
	ProtobufCMessage *m = build_message(a, message, "job");
	struct pachd_target target = { job->project, job->pipeline };

	build_string(a, m, "id", job->id);
	if (!is_1x(p))
		pps_build_pipeline(p, a, m, &target);
}

int
pps_job(struct pachd *p, struct arena *a, const struct job *which, struct job *out, struct err *err)
{
	ProtobufCMessage *m = request_of(p, a, &pps__inspect_job_request__descriptor,
	                     &pps_v2__inspect_job_request__descriptor),
	                 *info;
	struct call call = { .method =
		                 is_1x(p) ? "/pps.API/InspectJob" : "/pps_v2.API/InspectJob" };

	build_job(p, a, m, which);
	call.request = message_pack(a, m);
	if (pfs_ask(p, a, &call, err) < 0 || pfs_answer(&call, a, pps_job_info(p), &info, err) < 0)
		return -1;
	*out = job_read(a, info);
	return 0;
}

/* Messages that are read one by one, each in an arena of its own. */
struct taking {
	struct pachd *p;
	pps_take_job *take_job;
	pps_take_line *take_line;
	void *ctx;
};

static int
take_job(void *ctx, struct str message, struct err *err)
{
	struct taking *t = ctx;
	struct arena *scratch = arena_like(t->p->arena);
	ProtobufCMessage *info = message_read(scratch, pps_job_info(t->p), message);
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
pps_flush(struct pachd *p, const struct pfs_ref *at, pps_take_job *take, void *ctx, struct err *err)
{
	ProtobufCMessage *m = message_new(p->arena, &pps__flush_job_request__descriptor);
	ProtobufCMessage *commit = build_element(p->arena, m, "commits");
	struct taking t = { p, take, NULL, ctx };
	struct call_sink sink = { take_job, &t };
	struct call call = { .method = "/pps.API/FlushJob", .streams = true, .sink = &sink };

	build_string(p->arena, build_message(p->arena, commit, "repo"), "name", at->repo);
	build_string(p->arena, commit, "id", at->ref);
	call.request = message_pack(p->arena, m);
	return run_once(p, &call, err);
}

static int
take_line(void *ctx, struct str message, struct err *err)
{
	struct taking *t = ctx;
	struct arena *scratch = arena_like(t->p->arena);
	ProtobufCMessage *m = message_read(scratch,
	    is_1x(t->p) ? &pps__log_message__descriptor : &pps_v2__log_message__descriptor,
	    message);
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
	ProtobufCMessage *m = request_of(
	    p, p->arena, &pps__get_logs_request__descriptor, &pps_v2__get_logs_request__descriptor);
	struct taking t = { p, NULL, take, ctx };
	struct call_sink sink = { take_line, &t };
	struct call call = { .method = is_1x(p) ? "/pps.API/GetLogs" : "/pps_v2.API/GetLogs",
		.streams = true,
		.sink = &sink };

	if (logs->job)
		build_job(p, p->arena, m, logs->job);
	else
		pps_build_pipeline(p, p->arena, m, logs->target);
	if (logs->follows)
		build_flag(m, "follow");
	if (logs->tail > 0)
		message_set_int(m, "tail", logs->tail);
	call.request = message_pack(p->arena, m);
	return run_once(p, &call, err);
}

static int
check_secrets(const struct pachd *p, struct err *err)
{
	if (p->facts.release >= RELEASE(1, 10, 0))
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
	struct call call = { .method =
		                 is_1x(p) ? "/pps.API/ListSecret" : "/pps_v2.API/ListSecret" };
	ProtobufCMessage *infos;

	if (check_secrets(p, err) < 0 || pfs_ask(p, a, &call, err) < 0
	    || pfs_answer(&call, a,
	           is_1x(p) ? &pps__secret_infos__descriptor : &pps_v2__secret_infos__descriptor,
	           &infos, err)
	           < 0)
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
	ProtobufCMessage *m = request_of(p, p->arena, &pps__inspect_secret_request__descriptor,
	    &pps_v2__inspect_secret_request__descriptor);
	struct call call = { .method = is_1x(p) ? "/pps.API/InspectSecret"
		                                : "/pps_v2.API/InspectSecret" };

	if (check_secrets(p, err) < 0)
		return -1;
	build_string(p->arena, build_message(p->arena, m, "secret"), "name", name);
	call.request = message_pack(p->arena, m);
	*there = pfs_ask(p, p->arena, &call, err) == 0;
	return *there || pfs_is_missing(&call) ? 0 : -1;
}

int
pps_create_secret(struct pachd *p, struct str request, struct err *err)
{
	struct call call = { .method =
		                 is_1x(p) ? "/pps.API/CreateSecret" : "/pps_v2.API/CreateSecret",
		.request = request,
		.is_secret = true };

	return run_once(p, &call, err);
}

int
pps_delete_secret(struct pachd *p, struct str name, struct err *err)
{
	ProtobufCMessage *m = request_of(p, p->arena, &pps__delete_secret_request__descriptor,
	    &pps_v2__delete_secret_request__descriptor);
	struct call call = { .method =
		                 is_1x(p) ? "/pps.API/DeleteSecret" : "/pps_v2.API/DeleteSecret" };

	build_string(p->arena, build_message(p->arena, m, "secret"), "name", name);
	call.request = message_pack(p->arena, m);
	return run_once(p, &call, err);
}
