#include "pachd/apply/change.h"

#include <assert.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "pachd/apply/apply.h"
#include "pachd/apply/lost_answer.h"
#include "pachd/compare.h"
#include "pachd/pps/output_branch.h"
#include "pachd/pps/poll.h"
#include "pachd/preflight_calls.h"
#include "pps_v2.pb-c.h"
#include "process/stop_wait.h"
#include "wire/build.h"
#include "wire/protojson.h"

enum { MOST_CONFLICTS = 4, CONFLICT_PAUSE_MS = 100 };

static struct str
title_of(const struct changes *all, size_t i)
{
	return spec_title(
	    all->pachd->arena, all->list[i].step->spec->project, all->list[i].step->spec->name);
}

int
change_wrap(const struct changes *all, size_t i, struct err *err)
{
	return err_wrap(err, "cannot %s pipeline '%.*s' (%zu of %zu)",
	    action_name(all->list[i].step->action), STR_FMT(title_of(all, i)), i + 1, all->count);
}

bool
change_json(const struct pachd *p, const struct node *tree, struct str *out)
{
	struct buf json = BUF_INIT(MAX_RPC_BYTES);
	bool fits;

	json_write(&json, tree);
	fits = !buf_is_full(&json);
	*out = buf_take(&json, p->arena);
	return fits;
}

/* The spec as JSON, for the server's own reader. */
static int
write_user_json(const struct pachd *p, struct change *one, struct err *err)
{
	struct node *tree = node_share(p->arena, one->step->tree);

	protojson_convert(p->arena, rpc_method(p, METHOD_CREATE_PIPELINE)->request, tree);
	one->user = tree;
	if (change_json(p, tree, &one->user_json))
		return 0;
	(void)err_set(err, ERR_SPEC, "%s: the spec is larger than %d MiB as JSON",
	    one->step->spec->file, MAX_RPC_BYTES >> 20);
	return err_hint(err, "make the spec smaller; pachd does not accept larger messages");
}

void
change_flag(ProtobufCMessage *request, const struct step *step)
{
	if (step->action == ACTION_UPDATE)
		build_flag(request, "update");
	if (step->reprocess)
		build_flag(request, "reprocess");
}

int
change_request(struct pachd *p, struct change *one, struct err *err)
{
	const struct step *step = one->step;
	const ProtobufCMessage *spec = step->request;

	if (p->generation->v2)
		return write_user_json(p, one, err);
	assert(spec); /* lint_request() has made it */
	one->request = message_copy_flat(p->arena, spec);
	change_flag(one->request, step);
	return 0;
}

struct str
change_v2_request(struct arena *a, const struct change *one, bool dry_run)
{
	PpsV2__CreatePipelineV2Request request = PPS_V2__CREATE_PIPELINE_V2_REQUEST__INIT;

	request.create_pipeline_request_json = arena_cstr(a, one->user_json);
	request.has_dry_run = request.dry_run = dry_run;
	if (!dry_run) {
		request.has_update = request.update = one->step->action == ACTION_UPDATE;
		request.has_reprocess = request.reprocess = one->step->reprocess;
	}
	return message_pack(a, &request.base);
}

void
change_join(struct call *call, const char *id)
{
	call->metadata[0] = id ? "pach-transaction" : NULL;
	call->metadata[1] = id;
}

struct call
change_call(const struct changes *all, size_t i, const char *id)
{
	struct pachd *p = all->pachd;
	const struct change *one = &all->list[i];
	struct call call =
	    rpc_call(p, p->generation->v2 ? METHOD_CREATE_PIPELINE_V2 : METHOD_CREATE_PIPELINE);

	call.request = p->generation->v2 ? change_v2_request(p->arena, one, false)
	                                 : message_pack(p->arena, one->request);
	change_join(&call, id);
	return call;
}

void
change_mark_done(struct step *step)
{
	step->new_version =
	    step->action == ACTION_UPDATE && step->live ? step->live->version + 1 : 1;
}

void
change_mark_all_done(const struct changes *all, struct pachd_result *out)
{
	for (size_t i = 0; i < all->count; i++)
		change_mark_done(all->list[i].step);
	out->done = all->count;
	out->repos += all->repo_count;
}

void
change_mark_unknown(const struct pachd_result *out, const struct change *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		list[i].step->unknown = out->unknown;
}

/* What runs under the name of the change `i`. -1: that is unknown. */
static int
read_deployed(const struct changes *all, size_t i, struct deployed *now)
{
	struct pachd *p = all->pachd;
	const struct step *step = all->list[i].step;
	struct pachd_target target = { step->spec->project, step->spec->name };
	struct call call = rpc_call(p, METHOD_INSPECT_PIPELINE);
	struct err ignored;
	ProtobufCMessage *info;

	*now = (struct deployed){ 0 };
	call.request = inspect_request(p->arena, p->generation->api, &target);
	if (channel_ask(p->channel, &call, 1, p->arena, &ignored) < 0)
		return -1;
	if (is_missing_pipeline(&call, &target))
		return 0;
	info = rpc_answer(p, p->arena, METHOD_INSPECT_PIPELINE, &call);
	if (!info)
		return -1;
	deployed_read(p->arena, p->generation->api, info, now);
	return 0;
}

static uint64_t
version_before(const struct step *step)
{
	return step->live && step->live->exists ? step->live->version : 0;
}

/* One look at what became of the change `i`. */
static enum sighting
look_once(const struct changes *all, size_t i)
{
	const struct step *step = all->list[i].step;
	struct deployed now;
	bool answered = read_deployed(all, i, &now) == 0;
	bool is_same =
	    answered && now.exists
	    && pachd_compare(all->pachd, step->tree, step->request, step->spec->file, &now).same;

	return lost_answer_see(answered, version_before(step), answered ? now.version : 0, is_same);
}

/* Looks until the outcome cannot change any more. */
static enum sighting
look_until_settled(const struct changes *all, size_t i)
{
	enum sighting last;
	size_t looks = 0;

	channel_grace(all->pachd->channel, CLEANUP_MS);
	do
		last = look_once(all, i);
	while (lost_answer_may_still_come(last) && pause_and_retry(&looks));
	return last;
}

/* Whether the output repo exists, and no pipeline: the server makes the repo first. */
static bool
has_only_repo(const struct changes *all, const struct pachd_output *output)
{
	struct pachd *p = all->pachd;
	struct call call = rpc_call(p, METHOD_INSPECT_REPO);
	struct err ignored;

	call.request = inspect_repo_request(p->arena, p->generation->api, &output->target);
	return !output->live->exists && rpc_ask(p, p->arena, &call, &ignored) == 0;
}

/* Below 1.12: after a failure, whether the server has stopped in the middle of the change; the step and `out` then
 * say so. */
static enum middle
look_half_done(const struct changes *all, size_t i, struct pachd_result *out)
{
	struct step *step = all->list[i].step;
	struct deployed now;
	struct pachd_output output = { { step->spec->project, step->spec->name }, &now, false };
	struct err ignored;

	if (all->pachd->facts.transactions)
		return MIDDLE_NOT;
	channel_grace(all->pachd->channel, CLEANUP_MS);
	if (read_deployed(all, i, &now) < 0
	    || pachd_check_outputs(all->pachd, &output, 1, &ignored) < 0) {
		out->unknown = true;
		return MIDDLE_UNKNOWN;
	}
	if (!output.is_cut && !has_only_repo(all, &output))
		return MIDDLE_NOT;
	out->half_done = step->half_done = true;
	if (now.version > version_before(step))
		step->new_version = now.version;
	return MIDDLE_STOPPED;
}

static int
half_done(const struct changes *all, size_t i, const struct call *call, struct err *err)
{
	const struct step *step = all->list[i].step;
	const char *what = step->new_version > 0
	                       ? "the new spec is stored, but the pipeline does not run"
	                   : step->action == ACTION_CREATE
	                       ? "its repo was created, but not the pipeline"
	                       : "the old spec is still there, but the pipeline does not run";

	(void)err_wrap(err, "the server stopped in the middle of it: %s", what);
	return err_hint(err, "%s",
	    call->answered
	        ? "correct the spec and push it again; until then the pipeline does not run"
	        : "push again: that completes it");
}

/* Finds out what became of a change whose answer was lost, and adds that to *err. 0: it happened. */
static int
change_resolve(const struct changes *all, size_t i, const struct call *call,
    struct pachd_result *out, struct err *err)
{
	enum sighting last = call->sent ? look_until_settled(all, i) : SIGHTING_NONE;
	bool may_be_half = last == SIGHTING_BEFORE || last == SIGHTING_OURS;
	enum middle middle = may_be_half ? look_half_done(all, i, out) : MIDDLE_NOT;

	switch (lost_answer_decide(call->sent, last, middle)) {
	case OUTCOME_NOT_SENT:
		return -1;
	case OUTCOME_HAPPENED:
		return 0;
	case OUTCOME_NOT_HAPPENED:
		return err_wrap(err, "the cluster has not changed");
	case OUTCOME_HALF_DONE:
		return half_done(all, i, call, err);
	case OUTCOME_UNKNOWN:
		break;
	}
	out->unknown = true;
	(void)err_wrap(err, "it is unknown whether the cluster applied the change");
	return err_hint(err, "check the cluster with 'pachup status', then push again; unchanged "
	                     "pipelines are kept");
}

/* Whether the call met another writer and the server has applied nothing of it: several calls changed one open
 * transaction (up to 2.11 in those words); or PostgreSQL could not serialize the server's own transaction (40001),
 * which 2.4 reports for the statement after that one (25P02). */
static bool
is_conflict(const struct call *call)
{
	static const char *const texts[] = { "concurrent modifications", "(SQLSTATE 25P02)",
		"(SQLSTATE 40001)" };

	if (!call->answered || call->status == GRPC_OK)
		return false;
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		if (call_says(call, texts[i]))
			return true;
	return call->status == GRPC_ABORTED;
}

/* Whether the call met another writer and may be sent again, for the `i`-th time; sleeps before that. */
static bool
may_send_again(const struct pachd *p, const struct call *call, int i)
{
	return i < MOST_CONFLICTS && is_conflict(call)
	       && stop_pause(p->opts.stop_fd, (int64_t)CONFLICT_PAUSE_MS << i, p->opts.deadline_ms);
}

int
change_send_call(const struct changes *all, struct call *call, struct err *err)
{
	const struct pachd *p = all->pachd;
	int rc = channel_run(p->channel, call, 1, p->arena, err);

	for (int i = 0; may_send_again(p, call, i); i++)
		rc = channel_run(p->channel, call, 1, p->arena, err);
	return rc;
}

/* The version that runs before the change, as far as this run knows. */
static uint64_t
version_known(const struct step *step)
{
	return step->new_version > 0 ? step->new_version : version_before(step);
}

const struct deployed *
change_poll(const struct changes *all)
{
	struct pachd *p = all->pachd;
	struct pachd_target *targets = ARENA_ARRAY(p->arena, all->count, struct pachd_target);
	struct deployed *now = ARENA_ARRAY(p->arena, all->count, struct deployed);
	struct err ignored;

	for (size_t i = 0; i < all->count; i++)
		targets[i] = (struct pachd_target){ all->list[i].step->spec->project,
			all->list[i].step->spec->name };
	return pachd_poll(p, p->arena, targets, all->count, now, &ignored) == 0 ? now : NULL;
}

/* -1 with ERR_SUPERSEDED where the other writer has changed one of these pipelines: the plan is for an older
 * version. 0 also where the cluster does not say. */
static int
check_others(const struct changes *all, struct err *err)
{
	const struct deployed *now = change_poll(all);

	if (!now)
		return 0;
	for (size_t i = 0; i < all->count; i++) {
		uint64_t planned = version_known(all->list[i].step);

		if (!now[i].exists || now[i].version <= planned)
			continue;
		(void)err_set(err, ERR_SUPERSEDED,
		    "superseded: another push changed '%.*s' first (version %llu, planned for "
		    "%llu)",
		    STR_FMT(title_of(all, i)), (unsigned long long)now[i].version,
		    (unsigned long long)planned);
		return err_hint(err,
		    "push again; unchanged pipelines are kept; let one workflow push at a time");
	}
	return 0;
}

int
change_send(const struct changes *all, size_t i, struct call *call, struct pachd_result *out,
    struct err *err)
{
	const struct pachd *p = all->pachd;
	int rc = channel_run(p->channel, call, 1, p->arena, err);

	for (int k = 0; may_send_again(p, call, k); k++) {
		if (check_others(all, err) < 0)
			return -1;
		rc = channel_run(p->channel, call, 1, p->arena, err);
	}
	if (rc < 0)
		return change_resolve(all, i, call, out, err);
	if (call->status == GRPC_OK)
		return 0;
	(void)rpc_error(all->pachd, call, err);
	if (err->kind != ERR_SUPERSEDED) /* else another writer may be at work on it */
		(void)look_half_done(all, i, out);
	return out->half_done ? half_done(all, i, call, err) : -1;
}
