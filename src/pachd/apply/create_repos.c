/* The input repos that a plan creates before its pipelines. */
#include "base/limits.h"
#include "pachd/apply/apply.h"
#include "pachd/apply/change.h"
#include "pachd/pps/poll.h"
#include "pachd/preflight.h"
#include "pachd/preflight_calls.h"
#include "wire/build.h"

ProtobufCMessage *
change_repo_request(const struct changes *all, size_t i)
{
	const struct pachd *p = all->pachd;
	ProtobufCMessage *m = rpc_request(p, p->arena, METHOD_CREATE_REPO);
	ProtobufCMessage *repo = build_message(p->arena, m, "repo");

	build_string(p->arena, repo, "name", all->repos[i].name);
	if (!is_1x(p))
		build_string(p->arena, repo, "type", STR("user"));
	if (p->facts.projects)
		build_string(p->arena, build_message(p->arena, repo, "project"), "name",
		    all->repos[i].project);
	return m;
}

int
change_repo_wrap(const struct changes *all, size_t i, struct err *err)
{
	struct str title = spec_title(all->pachd->arena, all->repos[i].project, all->repos[i].name);

	return err_wrap(err, "cannot create repo '%.*s'", STR_FMT(title));
}

/* After a lost answer: 0 the repo is there, whoever created it; -1: *err says what is known. */
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
		change_join(&call, id);
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
