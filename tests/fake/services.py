"""Version, health, login, cluster, repos, secrets, defaults."""

import json

from login import expiry
from protos import admin, admin_v2, auth, auth_v2, enterprise, enterprise_v2, extra
from protos import pfs, pfs_v2, pps
from protos import pps_v2
from protos import versionpb, versionpb_v2
from rpc import rpc
from store import NOW
from transactions import append, put_repo
from versions import NOT_FOUND, UNAVAILABLE, UNIMPLEMENTED, UNKNOWN, Fail, Version


@rpc("versionpb.API/GetVersion", extra.Empty, last="1.13.99")
@rpc("versionpb_v2.API/GetVersion", extra.Empty, first="2.0.0")
def get_version(call, _):
    real = call.server.version
    reported = Version(call.server.config.get("reports", real.text))
    module = versionpb_v2 if real.line == 2 else versionpb
    major, minor, micro = reported.number
    reply = module.Version(major=major, minor=minor, micro=micro, additional=reported.additional)
    if real.since("2.3.0"):
        reply.go_version, reply.platform = "go1.21", "linux"
    return reply


@rpc("health.Health/Health", extra.Empty, last="1.13.99")
def health_1(_, __):
    return extra.Empty()


@rpc("grpc.health.v1.Health/Check", extra.HealthCheckRequest, first="2.0.0")
def health_2(_, __):
    return extra.HealthCheckResponse(status=1)


@rpc("auth.API/WhoAmI", auth.WhoAmIRequest, last="1.13.99")
def who_am_i_1(call, _):
    if call.server.config.get("auth_partial"):
        raise Fail(UNAVAILABLE, "the auth service is only partially activated")
    name, left, record = call.server.auth.who_am_i(call.metadata)
    return auth.WhoAmIResponse(
        username=name, is_admin=record.get("admin", False), ttl=-1 if left is None else left
    )


@rpc("auth_v2.API/WhoAmI", auth_v2.WhoAmIRequest, first="2.0.0")
def who_am_i_2(call, _):
    name, left, record = call.server.auth.who_am_i(call.metadata)
    reply = auth_v2.WhoAmIResponse(username=name)
    if left is not None:
        reply.expiration.FromDatetime(expiry(record).replace(tzinfo=None))
    return reply


@rpc("auth_v2.API/GetPermissions", auth_v2.GetPermissionsRequest, first="2.0.0")
def get_permissions(call, request):
    _need_auth(call)
    auth_, resource = call.server.auth, request.resource
    if resource.type == auth_v2.CLUSTER:
        held = [auth_v2.PROJECT_CREATE] if auth_.creates_projects(call.caller) else []
    else:
        held = auth_.permissions_on_project(call.caller, call.server.store.state, resource.name)
    return auth_v2.GetPermissionsResponse(permissions=held)


@rpc("auth.API/GetAuthToken", auth.GetAuthTokenRequest, last="1.13.99")
def get_auth_token(call, request):
    _need_auth(call)
    token = call.server.auth.issue(call.caller, request.subject, request.ttl)
    return auth.GetAuthTokenResponse(token=token, subject=request.subject)


@rpc("auth_v2.API/GetRobotToken", auth_v2.GetRobotTokenRequest, first="2.0.0")
def get_robot_token(call, request):
    _need_auth(call)
    token = call.server.auth.issue(call.caller, request.robot, request.ttl)
    return auth_v2.GetRobotTokenResponse(token=token)


@rpc("auth.API/SetScope", extra.SetScopeRequest, last="1.13.99")
def set_scope(call, request):
    roles = {1: ["repoReader"], 2: ["repoWriter"], 3: ["repoOwner"]}.get(request.scope, [])
    _bind(call, request.username, request.repo, roles)
    return extra.Empty()


@rpc("auth_v2.API/ModifyRoleBinding", extra.ModifyRoleBindingRequest, first="2.0.0")
def modify_role_binding(call, request):
    resource = request.resource
    is_project = resource.type == auth_v2.PROJECT
    _bind(call, request.principal, f"project:{resource.name}" if is_project else resource.name,
          list(request.roles))
    return extra.Empty()


def _bind(call, user, name, roles):
    _need_auth(call)
    if not call.caller.get("admin"):
        raise Fail(call.server.version.code("not authorized"), f"{call.caller['user']} is not authorized to perform this"
                                                               " operation")
    call.server.auth.bound.setdefault(user, {})[name] = roles


@rpc("auth.API/RevokeAuthToken", auth.RevokeAuthTokenRequest, last="1.13.99")
def revoke_auth_token_1(call, request):
    _need_auth(call)
    call.server.auth.revoke_own(call.caller, request.token)
    return auth.RevokeAuthTokenResponse()


@rpc("auth_v2.API/RevokeAuthToken", auth_v2.RevokeAuthTokenRequest, first="2.0.0")
def revoke_auth_token_2(call, request):
    _need_auth(call)
    return auth_v2.RevokeAuthTokenResponse(number=call.server.auth.revoke(request.token))


@rpc("auth.API/Authenticate", auth.AuthenticateRequest, first="1.12.0", last="1.13.99")
@rpc("auth_v2.API/Authenticate", auth_v2.AuthenticateRequest, first="2.0.0")
def authenticate(call, request):
    _need_auth(call)
    module = auth_v2 if call.server.version.line == 2 else auth
    return module.AuthenticateResponse(pach_token=call.server.auth.exchange(request.id_token))


def _need_auth(call):
    if not call.server.auth.active:
        raise Fail(UNIMPLEMENTED, "the auth service is not activated")


@rpc("admin.API/InspectCluster", extra.Empty, last="1.13.99")
def inspect_cluster_1(_, __):
    return admin.ClusterInfo(id="fake", deployment_id="fake")


@rpc("admin_v2.API/InspectCluster", extra.InspectClusterRequest, first="2.0.0")
def inspect_cluster_2(call, request):
    config = call.server.config
    warnings = list(config.get("warnings", []))
    if call.server.version.since("2.4.4") and not request.HasField("client_version"):
        warnings.append("the client does not say its version")
    return admin_v2.ClusterInfo(
        id="fake", deployment_id="fake", warnings_ok=True, warnings=warnings,
        paused=bool(config.get("paused")),
    )


@rpc("enterprise.API/GetState", enterprise.GetStateRequest, last="1.13.99")
def get_state(call, _):
    """Active, where the configuration does not say NONE or EXPIRED."""
    state = enterprise.State.Value(call.server.config.get("license", "ACTIVE"))
    return enterprise.GetStateResponse(state=state)


@rpc("enterprise_v2.API/GetState", enterprise_v2.GetStateRequest, first="2.0.0")
def get_state_2(call, _):
    state = enterprise_v2.State.Value(call.server.config.get("license", "ACTIVE"))
    return enterprise_v2.GetStateResponse(state=state)


@rpc("enterprise_v2.API/PauseStatus", enterprise_v2.PauseStatusRequest, first="2.2.0")
def pause_status(call, _):
    return enterprise_v2.PauseStatusResponse(status=2 if call.server.config.get("paused") else 0)


# -- repos and projects --------------------------------------------------------------------------


def _repo_info(call, key):
    server, info = call.server, (pfs_v2 if call.server.version.line == 2 else pfs).RepoInfo()
    info.description = server.store.state.repos[key]
    info.repo.name = key[1]
    info.created.seconds = NOW
    if server.version.line == 2:
        info.repo.type = "user"
        if server.version.has_projects:
            info.repo.project.name = key[0]
        for name, value in sorted(server.store.notes.repos.get(key, {}).items()):
            info.metadata[name] = value
    for name in server.store.branches(key):
        branch = info.branches.add(name=name)
        branch.repo.CopyFrom(info.repo)
    server.auth.tell(call.caller, server.store.state, key, info.auth_info)
    return info


@rpc("pfs.API/InspectRepo", pfs.InspectRepoRequest, last="1.13.99")
@rpc("pfs_v2.API/InspectRepo", pfs_v2.InspectRepoRequest, first="2.0.0")
def inspect_repo(call, request):
    key, store, v = call.server.store.repo_key(request.repo), call.server.store, call.server.version
    wrong_type = v.line == 2 and request.repo.type != "user"
    if key not in store.state.repos or wrong_type:
        kind = f".{request.repo.type}" if wrong_type else ""
        raise Fail(v.code("repo not found"), f"repo {store.show(key)}{kind} not found")
    return _repo_info(call, key)


@rpc("pfs.API/ListRepo", pfs.ListRepoRequest, last="1.13.99")
def list_repo_1(call, _):
    keys = sorted(call.server.store.state.repos)
    return pfs.ListRepoResponse(repo_info=[_repo_info(call, key) for key in keys])


@rpc("pfs_v2.API/ListRepo", pfs_v2.ListRepoRequest, first="2.0.0")
def list_repo_2(call, request):
    wanted = {project.name for project in request.projects}
    keys = sorted(call.server.store.state.repos)
    return [_repo_info(call, key) for key in keys if not wanted or key[0] in wanted]


@rpc("pfs.API/CreateRepo", pfs.CreateRepoRequest, last="1.13.99")
@rpc("pfs_v2.API/CreateRepo", pfs_v2.CreateRepoRequest, first="2.0.0")
def create_repo(call, request):
    if call.transaction and call.server.version.since("1.9.0"):
        append(call, [("create_repo", request, {})])
        return extra.Empty()
    state = call.server.store.state.copy()
    put_repo(call, state, request)
    call.server.store.commit(state, "")
    return extra.Empty()


# -- secrets and defaults ------------------------------------------------------------------------


def _secret_info(call, name):
    module = pps_v2 if call.server.version.line == 2 else pps
    info = module.SecretInfo(type="Opaque")
    info.secret.name = name
    info.creation_timestamp.seconds = NOW
    return info


@rpc("pps.API/InspectSecret", pps.InspectSecretRequest, first="1.10.0", last="1.13.99")
@rpc("pps_v2.API/InspectSecret", pps_v2.InspectSecretRequest, first="2.0.0")
def inspect_secret(call, request):
    name = request.secret.name
    call.server.auth.may_inspect_secret(call.caller, name)
    store = call.server.store
    if name not in store.secrets and name not in store.foreign_secrets:
        raise Fail(UNKNOWN, f'failed to get secret: secrets "{name}" not found')
    return _secret_info(call, name)


@rpc("pps.API/ListSecret", extra.Empty, first="1.10.0", last="1.13.99")
@rpc("pps_v2.API/ListSecret", extra.Empty, first="2.0.0")
def list_secret(call, _):
    module = pps_v2 if call.server.version.line == 2 else pps
    names = sorted(call.server.store.secrets)
    return module.SecretInfos(secret_info=[_secret_info(call, name) for name in names])


@rpc("pps_v2.API/GetClusterDefaults", pps_v2.GetClusterDefaultsRequest, first="2.8.0")
def get_cluster_defaults(call, _):
    text = json.dumps(call.server.defaults.cluster or {"createPipelineRequest": {}})
    return pps_v2.GetClusterDefaultsResponse(cluster_defaults_json=text)


@rpc("pps_v2.API/GetProjectDefaults", pps_v2.GetProjectDefaultsRequest, first="2.8.0")
def get_project_defaults(call, request):
    name = request.project.name or "default"
    if name not in call.server.store.projects:
        raise Fail(NOT_FOUND, f'project "{name}" not found')
    document = call.server.defaults.projects.get(name, {"createPipelineRequest": {}})
    return pps_v2.GetProjectDefaultsResponse(project_defaults_json=json.dumps(document))
