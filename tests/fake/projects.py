"""Projects (2.5+): made and deleted by their owners, never with something in them."""

import protos
from protos import extra, pfs_v2
from rpc import rpc
from store import NOW
from versions import INVALID, NOT_FOUND, UNKNOWN, Fail

EXISTS, PRECONDITION = 6, 9
MAX_NAME = 51


def _not_found(name):
    """pfsdb.ProjectNotFoundError: src/internal/pfsdb/projects.go:28 of 2.11.6."""
    return Fail(NOT_FOUND, f'project "{name}" not found')


@rpc("pfs_v2.API/CreateProject", pfs_v2.CreateProjectRequest, first="2.5.0")
def create_project(call, request):
    """src/server/pfs/server/driver.go:529 of 2.11.6: what exists is refused, whoever has made it."""
    name, projects = request.project.name, call.server.store.projects
    if not name or len(name) > MAX_NAME:
        raise Fail(INVALID, f"invalid project name: {name!r}")
    if name in projects and not request.update:
        raise Fail(EXISTS, f'project "{name}" already exists')
    if name not in projects:
        call.server.auth.may_create_project(call.caller, name)
    projects[name] = {"description": request.description, "created_by": call.caller.get("user", "")}
    return extra.Empty()


def _info(call, name):
    version, record = call.server.version, call.server.store.projects[name]
    info = pfs_v2.ProjectInfo(description=record.get("description", ""))
    info.project.name = name
    if version.since("2.6.0"):
        info.created_at.seconds = NOW
        if call.server.auth.active:
            held = call.server.auth.permissions_on_project(call.caller, call.server.store.state, name)
            info.auth_info.permissions.extend(held)
    for key, value in sorted(call.server.store.notes.projects.get(name, {}).items()):
        info.metadata[key] = value
    if version.since("2.11.0"):  # the caller of CreateProject, empty without authentication
        info.created_by = record.get("created_by", "")
    return protos.forget_zeros(info)


@rpc("pfs_v2.API/InspectProject", pfs_v2.InspectProjectRequest, first="2.5.0")
def inspect_project(call, request):
    if request.project.name not in call.server.store.projects:
        raise _not_found(request.project.name)
    return _info(call, request.project.name)


@rpc("pfs_v2.API/ListProject", pfs_v2.ListProjectRequest, first="2.5.0")
def list_project(call, _):
    return [_info(call, name) for name in sorted(call.server.store.projects)]


@rpc("pfs_v2.API/DeleteProject", pfs_v2.DeleteProjectRequest, first="2.5.0")
def delete_project(call, request):
    """driver.go:757 of 2.11.6: a project with repos stays, and each of them is named; 2.5.9 only counts them
    (driver.go of 2.5.9). With `force` repos would go, or stay behind without a project: nobody asks for that."""
    name, store = request.project.name, call.server.store
    if name not in store.projects:
        raise _not_found(name)
    if request.force:
        raise Fail(UNKNOWN, "the stand-in does not force")
    call.server.auth.may_delete_project(call.caller, store.state, name)
    left = sorted(key for key in store.state.repos if key[0] == name)
    if left and call.server.version.since("2.6.0"):
        names = "\n".join(f"repo {store.show(key)} still exists" for key in left)
        raise Fail(PRECONDITION, f"cannot delete project {name}: {names}")
    if left:
        raise Fail(UNKNOWN, f'project "{name}" contains {len(left)} repos')
    del store.projects[name]
    store.notes.projects.pop(name, None)
    for bound in call.server.auth.bound.values():
        bound.pop(f"project:{name}", None)
    return extra.Empty()
