"""Keys and values that pipelines, repos and projects carry beside what they are: EditMetadata of 2.10 and 2.11."""

from protos import metadata
from rpc import rpc
from versions import DENIED, UNKNOWN, Fail


class Notes:
    """`config`: the stand-in's `metadata`, {"repos": {"edges": {KEY: VALUE}}, "projects", "pipelines"}. A pipeline's are those
    of one version: createPipelineInfo makes the next one without (aps 2445-2514 of 2.11.6, where aps is
    src/server/pps/server/api_server.go). A repo's stay at an update, which only looks at the description
    (src/server/pfs/server/driver.go:193-210), and as long as the repo does."""

    def __init__(self, store, config):
        self.repos = {store.key_of(name): dict(one) for name, one in config.get("repos", {}).items()}
        self.projects = {name: dict(one) for name, one in config.get("projects", {}).items()}
        self.pipelines = {}
        for name, one in config.get("pipelines", {}).items():
            pipeline = store.state.pipelines[store.key_of(name)]
            self.pipelines[pipeline.key, pipeline.version] = dict(one)

    def forget_pipeline(self, key):
        """With all its versions."""
        self.pipelines = {one: held for one, held in self.pipelines.items() if one[0] != key}

    def dump(self, store):
        """What there is, for the state at the end."""
        named = [("repo", store.show(key), one) for key, one in self.repos.items()]
        named += [("project", name, one) for name, one in self.projects.items()]
        named += [("pipeline", f"{store.show(key)} v{version}", one)
                  for (key, version), one in self.pipelines.items()]
        return [f"{kind} {name}: {key} = {value}" for kind, name, one in sorted(named, key=str)
                for key, value in sorted(one.items())]


@rpc("metadata.API/EditMetadata", metadata.EditMetadataRequest, first="2.10.0")
def edit_metadata(call, request):
    """All edits are tried, in order; one that fails fails all (src/server/metadata/metadata.go:23 of 2.11.6)."""
    edits, wrong = [], []
    for i, edit in enumerate(request.edits):
        try:
            edits.append((_target(call, edit), edit))
        except Fail as fail:
            wrong.append(f"edit #{i}: {fail.text}")
    if wrong:  # src/server/metadata/server/api_server.go:45
        text = "\n".join(wrong)
        raise Fail(DENIED if "is not authorized" in text else UNKNOWN, f"apply edits: {text}")
    for held, edit in edits:
        if edit.HasField("edit_key"):
            held()[edit.edit_key.key] = edit.edit_key.value
    return metadata.EditMetadataResponse()


def _target(call, edit):
    """What is edited, as a function that makes its keys; metadata.go:59. Any user may edit a project."""
    store = call.server.store
    if edit.HasField("project"):
        name = edit.project.name
        if name not in store.projects:
            raise Fail(UNKNOWN, f'pick project: getting project by name: project "{name}" not found')
        return lambda: store.notes.projects.setdefault(name, {})
    if edit.HasField("repo"):
        picked = edit.repo.name
        key = (picked.project.name, picked.name)
        if key not in store.state.repos or picked.type not in ("", "user"):
            raise Fail(UNKNOWN, f"pick repo: picking repo: repo {store.show(key)}.user not found")
        _need_write(call, "repo", key)
        return lambda: store.notes.repos.setdefault(key, {})
    if edit.HasField("pipeline"):  # from 2.11.0; before, the field is unknown
        picked = edit.pipeline.name
        key = (picked.project.name or "default", picked.name)
        if key not in store.state.pipelines:
            raise Fail(UNKNOWN, f"pick pipeline: pipeline {store.show(key)} not found")
        _need_write(call, "repo", key)
        version = store.state.pipelines[key].version
        return lambda: store.notes.pipelines.setdefault((key, version), {})
    raise Fail(UNKNOWN, "unknown target <nil>")


def _need_write(call, kind, key):
    """The right that changing its description takes: REPO_WRITE (metadata.go:113, :146)."""
    if not call.server.auth.active:
        return
    try:
        call.server.auth.need(call.caller, call.server.store.state, "w", key)
    except Fail as fail:
        raise Fail(fail.code, f'check permissions on {kind} "{call.server.store.show(key)}": {fail.text}') from None
