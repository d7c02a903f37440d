/* The input repos that a plan creates before its pipelines. */
#include "base/arena.h"
#include "base/limits.h"
#include "pachd/apply/apply.h"
#include "pachd/apply/change.h"
#include "pachd/preflight.h"
#include "pachd/preflight_calls.h"
#include "pfs.pb-c.h"
#include "pfs_v2.pb-c.h"

static ProtobufCMessage *
request_2(struct arena *a, bool projects, const struct plan_repo *one)
{
	PfsV2__CreateRepoRequest *request =
	    (PfsV2__CreateRepoRequest *)message_new(a, &pfs_v2__create_repo_request__descriptor);

	request->repo = (PfsV2__Repo *)message_new(a, &pfs_v2__repo__descriptor);
	request->repo->name = arena_cstr(a, one->name);
	request->repo->type = arena_cstr(a, STR("user"));
	if (projects) {
		request->repo->project =
		    (PfsV2__Project *)message_new(a, &pfs_v2__project__descriptor);
		request->repo->project->name = arena_cstr(a, one->project);
	}
	return &request->base;
}

ProtobufCMessage *
change_repo_request(const struct changes *all, size_t i)
{
	struct arena *a = all->pachd->arena;
	Pfs__CreateRepoRequest *request;

	if (all->pachd->generation->api == API_2)
		return request_2(a, all->pachd->facts.projects, &all->repos[i]);
	request = (Pfs__CreateRepoRequest *)message_new(a, &pfs__create_repo_request__descriptor);
	request->repo = (Pfs__Repo *)message_new(a, &pfs__repo__descriptor);
	request->repo->name = arena_cstr(a, all->repos[i].name);
	return &request->base;
}

int
change_repo_wrap(const struct changes *all, size_t i, struct err *err)
{
	struct str title = spec_title(all->pachd->arena, all->repos[i].project, all->repos[i].name);

	return err_wrap(err, "cannot create repo '%.*s'", STR_FMT(title));
}

/* After a lost answer: 0 the repo is there, whoever has made it; -1 with what is known of it in *err. */
static int
resolve_lost_repo(const struct changes *all, size_t i, struct pachd_result *out, struct err *err)
{
	struct pachd *p = all->pachd;
	struct pachd_target target = { all->repos[i].project, all->repos[i].name };
	struct str request = inspect_repo_request(p->arena, p->generation->api, &target);
	enum pachd_presence known;
	struct err ignored;
	size_t looks = 0;

	channel_grace(p->channel, CLEANUP_MS);
	do {
		struct call call = rpc_call(p, METHOD_INSPECT_REPO);

		call.request = request;
		known = channel_ask(p->channel, &call, 1, p->arena, &ignored) < 0
		            ? PACHD_UNKNOWN
		            : preflight_known(&call);
	} while (known == PACHD_MISSING && pause_and_retry(&looks));
	if (known == PACHD_PRESENT)
		return 0;
	if (known == PACHD_MISSING)
		return err_wrap(err, "the repo does not exist");
	out->unknown = true;
	return err_wrap(err, "it is unknown whether the cluster created it");
}

int
change_create_repos(
    const struct changes *all, const char *id, struct pachd_result *out, struct err *err)
{
	struct pachd *p = all->pachd;

	for (size_t i = 0; i < all->repo_count; i++) {
		struct call call = rpc_call(p, METHOD_CREATE_REPO);

		call.request = message_pack(p->arena, change_repo_request(all, i));
		if (id) {
			call.metadata[0] = "pach-transaction";
			call.metadata[1] = id;
		}
		if (change_send_call(all, &call, err) < 0) {
			if (id || !call.sent || resolve_lost_repo(all, i, out, err) < 0)
				return change_repo_wrap(all, i, err);
		} else if (call.status != GRPC_OK) {
			(void)rpc_error(p, &call, err);
			return change_repo_wrap(all, i, err);
		}
		if (!id)
			out->repos++;
	}
	return 0;
}
