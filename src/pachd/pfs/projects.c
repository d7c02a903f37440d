#include "pachd/pfs/projects.h"

#include "auth_v2.pb-c.h"
#include "base/arena.h"
#include "pachd/pfs/pfs_private.h"
#include "pfs_v2.pb-c.h"

static void
read_project(const struct pachd *p, const ProtobufCMessage *info, struct pfs_project *out)
{
	const ProtobufCMessage *auth = message_message(info, "auth_info");

	*out = (struct pfs_project){
		.name = message_string(message_message(info, "project"), "name"),
		.description = message_string(info, "description"),
		.created_by = message_string(info, "created_by"),
		.says_creator = p->facts.has_login && p->facts.release >= RELEASE(2, 11, 0),
		.says_rights = p->facts.has_login && auth,
	};
	out->may_delete =
	    out->says_rights && holds_permission(auth, AUTH_V2__PERMISSION__PROJECT_DELETE);
}

int
pfs_project(struct pachd *p, struct arena *a, struct str name, bool *found, struct pfs_project *out,
    struct err *err)
{
	ProtobufCMessage *request = rpc_request(p, a, METHOD_INSPECT_PROJECT), *info;
	struct call call = rpc_call(p, METHOD_INSPECT_PROJECT);
	int rc;

	build_string(a, build_message(a, request, "project"), "name", name);
	call.request = message_pack(a, request);
	rc = rpc_ask(p, a, &call, err);
	*found = rc == 0;
	if (rc < 0)
		return pfs_is_missing(&call) ? 0 : -1;
	if (rpc_reply(p, a, METHOD_INSPECT_PROJECT, &call, &info, err) < 0)
		return -1;
	read_project(p, info, out);
	return 0;
}

int
pfs_projects(
    struct pachd *p, struct arena *a, struct pfs_project **out, size_t *count, struct err *err)
{
	ProtobufCMessage *request = rpc_request(p, a, METHOD_LIST_PROJECT);
	struct call call = rpc_call(p, METHOD_LIST_PROJECT);
	struct rpc_list infos;

	call.request = message_pack(a, request);
	if (rpc_ask(p, a, &call, err) < 0)
		return call.answered ? err_wrap(err, "cannot list the projects") : -1;
	if (!rpc_read_list(p, a, METHOD_LIST_PROJECT, NULL, &call, &infos))
		return err_set(err, ERR_NETWORK, "cannot parse the list of projects");
	*count = infos.count;
	*out = ARENA_ARRAY(a, infos.count, struct pfs_project);
	for (size_t i = 0; i < infos.count; i++)
		read_project(p, infos.list[i], &(*out)[i]);
	return 0;
}

static int
send_project(struct pachd *p, struct str name, struct str description, bool is_update,
    struct call *call, struct err *err)
{
	ProtobufCMessage *request = rpc_request(p, p->arena, METHOD_CREATE_PROJECT);

	*call = rpc_call(p, METHOD_CREATE_PROJECT);
	build_string(p->arena, build_message(p->arena, request, "project"), "name", name);
	build_string(p->arena, request, "description", description);
	if (is_update)
		build_flag(request, "update");
	call->request = message_pack(p->arena, request);
	return rpc_send(p, p->arena, call, err);
}

int
pfs_make_described(
    struct pachd *p, struct str name, struct str description, bool *was_there, struct err *err)
{
	struct call call;
	int rc = send_project(p, name, description, false, &call, err);

	*was_there = rc < 0 && pfs_is_there(&call);
	return rc == 0 || *was_there ? 0 : -1;
}

int
pfs_describe_project(struct pachd *p, struct str name, struct str description, struct err *err)
{
	struct call call;

	return send_project(p, name, description, true, &call, err);
}

int
pfs_may_create_projects(struct pachd *p, bool *is_told, bool *may, struct err *err)
{
	ProtobufCMessage *request = rpc_request(p, p->arena, METHOD_GET_PERMISSIONS), *reply;
	struct call call = rpc_call(p, METHOD_GET_PERMISSIONS);

	*is_told = *may = false;
	if (!p->facts.has_login)
		return 0;
	message_set_int(
	    build_message(p->arena, request, "resource"), "type", AUTH_V2__RESOURCE_TYPE__CLUSTER);
	call.request = message_pack(p->arena, request);
	if (rpc_ask(p, p->arena, &call, err) < 0)
		return call.answered ? 0 : -1;
	if (rpc_reply(p, p->arena, METHOD_GET_PERMISSIONS, &call, &reply, err) < 0)
		return -1;
	*is_told = true;
	*may = holds_permission(reply, AUTH_V2__PERMISSION__PROJECT_CREATE);
	return 0;
}
