"""The pfs services of both interfaces: branches, commits, reading and writing files."""

import hashlib
import io
import re
import tarfile

import deletes
from commits import Hollow, check_path, clean, digest
from google.protobuf import wrappers_pb2
from protos import extra, pfs, pfs_v2
from rpc import rpc
from store import NOW
from versions import INVALID, NOT_FOUND, UNKNOWN, Fail

PIECE = 1 << 20


def commits(call):
    return call.server.store.commits


def need(call, right, key):
    auth, state = call.server.auth, call.server.store.state
    if auth.active and key in state.repos:
        auth.need(call.caller, state, right, key)


def fill_repo(call, repo, key):
    repo.name = key[1]
    if call.server.version.line == 2:
        repo.type = "user"
        if call.server.version.has_projects:
            repo.project.name = key[0]


def fill_commit(call, message, commit):
    message.id = commit.id
    if call.server.version.line == 1:
        message.repo.name = commit.key[1]
        return
    message.branch.name = commit.branch
    fill_repo(call, message.branch.repo, commit.key)
    if call.server.version.since("2.6.0"):
        fill_repo(call, message.repo, commit.key)


def target(call, commit):
    """(repo key, reference): what a Commit message of a request means."""
    store, version = call.server.store, call.server.version
    if version.line == 1:
        return store.repo_key(commit.repo), commit.id
    repo = commit.repo if version.since("2.6.0") and commit.HasField("repo") else commit.branch.repo
    if repo.type and repo.type != "user":
        raise commits(call).not_found(f"repo {repo.name}.{repo.type} not found")
    return store.repo_key(repo), commit.id or commit.branch.name


def find(call, message, right="r"):
    key, ref = target(call, message)
    need(call, right, key)
    return commits(call).find(key, ref)


# -- branches and commits ------------------------------------------------------------------------


def commit_info(call, commit):
    version = call.server.version
    module = pfs_v2 if version.line == 2 else pfs
    info = module.CommitInfo(description=commit.description)
    fill_commit(call, info.commit, commit)
    if commit.parent:
        fill_commit(call, info.parent_commit, commit.parent)
    info.started.seconds = NOW + commit.number
    size = sum(len(one) for one in commit.files.values())
    if commit.finished:
        info.finished.seconds = NOW + commit.number + 1
    if version.line == 2:
        info.origin.kind = module.OriginKind.Value(commit.origin)
        info.error, info.size_bytes_upper_bound = commit.error, size
        if commit.ended:
            info.finishing.seconds = NOW + commit.number + 1
        if commit.finished:
            info.details.size_bytes = size
        for one in commit.provenance:
            if version.since("2.6.0"):
                fill_commit(call, info.direct_provenance.add(), one)
            else:
                branch = info.branch_provenance.add(name=one.branch)
                fill_repo(call, branch.repo, one.key)
        return info
    info.size_bytes = size
    if version.since("1.9.0"):
        info.branch.name, info.branch.repo.name = commit.branch, commit.key[1]
        info.origin.kind = module.OriginKind.Value(commit.origin)
    for one in ancestors(commit):
        if version.since("1.9.0"):
            item = info.provenance.add()
            fill_commit(call, item.commit, one)
            item.branch.name, item.branch.repo.name = one.branch, one.key[1]
        else:
            fill_commit(call, info.early_provenance.add(), one)
    return info


def ancestors(commit):
    """All commits that it came from (1.x keeps them all)."""
    out = []
    for one in commit.provenance:
        for other in [one, *ancestors(one)]:
            if other not in out:
                out.append(other)
    return out


@rpc("pfs.API/InspectBranch", pfs.InspectBranchRequest, last="1.13.99")
@rpc("pfs_v2.API/InspectBranch", pfs_v2.InspectBranchRequest, first="2.0.0")
def inspect_branch(call, request):
    store, version = call.server.store, call.server.version
    key, name = store.repo_key(request.branch.repo), request.branch.name
    kept = commits(call)
    kept.need_repo(key)
    if name not in store.branches(key):
        raise kept.not_found(f"branch {name} not found in repo {kept.show(key)}")
    reply = (pfs_v2 if version.line == 2 else pfs).BranchInfo()
    reply.branch.name = name
    fill_repo(call, reply.branch.repo, key)
    if version.line == 1:
        reply.name = name
    head = kept.heads.get((key, name))
    if head:
        fill_commit(call, reply.head, head)
    if version.line == 1:
        for owner, branch in store.provenance(key, name):
            for items in (reply.provenance, reply.direct_provenance):
                items.add(name=branch).repo.name = owner
    elif kept.is_output(key, name):
        for owner, branch in kept.inputs(store.state.pipelines[key]):
            for items in (reply.provenance, reply.direct_provenance):
                item = items.add(name=branch)
                fill_repo(call, item.repo, owner)
    for owner, branch in deletes.readers(store, store.state, key):
        item = reply.subvenance.add(name=branch)
        fill_repo(call, item.repo, owner)
    return reply


def cut_output(call, key, request):
    """With provenance the output branch takes what its inputs bring, without nothing."""
    store = call.server.store
    state = store.state.copy()
    (state.cut.discard if request.provenance else state.cut.add)(key)
    store.state = state
    return extra.Empty()


@rpc("pfs.API/CreateBranch", pfs.CreateBranchRequest, last="1.13.99")
@rpc("pfs_v2.API/CreateBranch", pfs_v2.CreateBranchRequest, first="2.0.0")
def create_branch(call, request):
    kept, key = commits(call), call.server.store.repo_key(request.branch.repo)
    need(call, "w", key)
    kept.need_repo(key)
    if kept.is_output(key, request.branch.name) and call.server.version.line == 1:
        return cut_output(call, key, request)
    if (key, request.branch.name) not in kept.heads:
        kept.heads[key, request.branch.name] = None
        if call.server.version.line == 2:  # every branch has a head there
            kept.add(key, request.branch.name, {}, origin="AUTO")
    return extra.Empty()


def _spec_commit_info(call, commit):
    key = call.server.store.repo_key(commit.repo)
    need(call, "r", key)
    live = call.server.store.state.pipelines.get(key)
    for one in [live, *live.history] if live else []:
        if one.spec_commit == commit.id:
            info = pfs_v2.CommitInfo(commit=commit, created_by=one.author)
            info.started.seconds = NOW + one.version - 1
            return info
    raise commits(call).not_found(f"commit {commit.id} not found in repo {commit.repo.name}.spec")


@rpc("pfs.API/InspectCommit", pfs.InspectCommitRequest, last="1.13.99", waits=True)
@rpc("pfs_v2.API/InspectCommit", pfs_v2.InspectCommitRequest, first="2.0.0", waits=True)
def inspect_commit(call, request):
    if call.server.version.line == 2 and request.commit.repo.type == "spec":
        return [_spec_commit_info(call, request.commit)]
    with call.server.lock:
        commit = find(call, request.commit)
    wait = request.wait if call.server.version.line == 2 else request.block_state
    if wait >= (3 if call.server.version.line == 2 else 2):
        call.wait_until(lambda: _finish(commit))
    with call.server.lock:
        info = commit_info(call, commit)
        commit.finishing -= commit.ended
        return [info]


def _finish(commit):
    """Steps to the end of its job, and of those that it waits for."""
    commit.finishing = 0
    for one in [*ancestors(commit), commit]:
        if one.job:
            one.job.seen = len(one.job.script) - 1
    return commit.finished


@rpc("pfs_v2.API/InspectCommitSet", pfs_v2.InspectCommitSetRequest, first="2.0.0", waits=True)
def inspect_commit_set(call, request):
    with call.server.lock:
        found = [one for one in commits(call).all if one.id == request.commit_set.id]
    if not found:
        raise Fail(NOT_FOUND, f"no commits found for {request.commit_set.id}")
    for one in found if request.wait else []:
        call.wait_until(lambda one=one: _finish(one))
    with call.server.lock:
        return [commit_info(call, one) for one in found]


def _listed(call, request):
    key = call.server.store.repo_key(request.repo)
    need(call, "r", key)
    kept = commits(call)
    kept.need_repo(key)
    found = [one for one in reversed(kept.all) if one.key == key]
    if request.HasField("to"):
        found = list(kept.find(*target(call, request.to)).ancestry())
    return [commit_info(call, one) for one in found[: request.number or None]]


@rpc("pfs.API/ListCommit", pfs.ListCommitRequest, last="1.13.99")
def list_commit_1(call, request):
    return pfs.CommitInfos(commit_info=_listed(call, request))


@rpc("pfs.API/ListCommitStream", pfs.ListCommitRequest, last="1.13.99")
@rpc("pfs_v2.API/ListCommit", pfs_v2.ListCommitRequest, first="2.0.0")
def list_commit(call, request):
    return _listed(call, request)


@rpc("pfs_v2.API/GlobFile", pfs_v2.GlobFileRequest, first="2.0.0")
def glob_file(call, request):
    """What a pattern names: files and directories (glob.go: '*' stops at '/', '**' does not)."""
    commit = find(call, request.commit)
    _check_read(call, commit)
    tree = _tree(commit.files)
    parts = re.split(r"(\*\*|\*|\?)", clean(request.pattern))
    text = "".join({"**": ".*", "*": "[^/]*", "?": "[^/]"}.get(one) or re.escape(one) for one in parts)
    names = [one for one in [*tree, *commit.files] if re.fullmatch(text, one)
             and (one != "/" or text == "/")]
    return [file_info(call, commit, name, commit.files.get(name), tree) for name in sorted(names)]


@rpc("pfs.API/StartCommit", pfs.StartCommitRequest, last="1.13.99")
def start_commit(call, request):
    key = call.server.store.repo_key(request.parent.repo)
    need(call, "w", key)
    kept = commits(call)
    opened, files = kept.writable(key, request.branch)
    if opened:
        raise Fail(UNKNOWN, f"parent commit {opened.id} has not been finished")
    one = kept.add(key, request.branch, files, closed=False)
    reply = pfs.Commit()
    fill_commit(call, reply, one)
    return reply


def put_start(call, state, request, commit_id):
    """StartCommit of the 2.x line in a transaction: startCommit in driver.go:845 of 2.11.6. The commit's id is that of
    the transaction, a branch that is not there is created, and a head that is open is refused (linkParent, :800)."""
    store, kept = call.server.store, commits(call)
    key, branch = store.repo_key(request.branch.repo), request.branch.name
    if key not in state.repos:
        raise kept.not_found(f"repo {store.show(key)} not found")
    if call.server.auth.active:
        call.server.auth.need(call.caller, state, "w", key)
    if key in state.pipelines and branch == (state.pipelines[key].request.output_branch or "master"):
        raise Fail(UNKNOWN, f"cannot start a commit on an output branch: {store.show(key)}@{branch}")
    head = kept.heads.get((key, branch))
    if head and not head.ended:
        raise Fail(UNKNOWN, f"parent commit {store.show(key)}@{head.id} has not been finished")
    if any(one[:2] == (key, branch) for one in state.started):
        raise Fail(UNKNOWN, f"parent commit {store.show(key)}@{commit_id} has not been finished")
    if call.server.version.since("2.6.0") and any(one[0] == key for one in state.started):
        # a commit is its repo's and an id from 2.6 on: ErrInconsistentCommit of addCommit, driver.go:811 of 2.11.6
        raise Fail(UNKNOWN, f"inconsistent commit: {store.show(key)}@{commit_id} already exists")
    state.started.append((key, branch, request.description))


def put_finish(call, state, request):
    """FinishCommit of the 2.x line: finishCommit in driver.go:929 of 2.11.6."""
    one = find(call, request.commit, "w")
    if one.ended:
        raise Fail(UNKNOWN, f"commit {one.id} has already finished")
    state.finished.append((one, request.description))


def settle(call, state, commit_id):
    """What a transaction's starts and finishes come to, when it is done."""
    kept = commits(call)
    for key, branch, description in state.started:
        head = kept.heads.get((key, branch))
        kept.add(key, branch, dict(head.files) if head else {}, commit_id, closed=False,
                 description=description)
    for one, description in state.finished:
        one.description = description or one.description
    kept.closed(*[one for one, _ in state.finished])
    state.started, state.finished = [], []


@rpc("pfs.API/FinishCommit", pfs.FinishCommitRequest, last="1.13.99")
def finish_commit(call, request):
    commits(call).closed(find(call, request.commit, "w"))
    return extra.Empty()


@rpc("pfs.API/DeleteCommit", pfs.DeleteCommitRequest, last="1.13.99")
def delete_commit(call, request):
    kept, one = commits(call), find(call, request.commit, "w")
    kept.all.remove(one)
    kept.heads[one.key, one.branch] = one.parent
    return extra.Empty()


# -- reading files -------------------------------------------------------------------------------


def _tree(files):
    """{directory: {name: None for a directory, or its content}}"""
    tree = {"/": {}}
    for path, data in files.items():
        parts = path.strip("/").split("/")
        for depth in range(len(parts)):
            folder = clean("/".join(parts[:depth]))
            last = depth == len(parts) - 1
            tree.setdefault(folder, {}).setdefault(parts[depth], data if last else None)
    return tree


def _missing(call, commit, path):
    version = call.server.version
    return Fail(version.code("repo not found"), f"file {path} not found in repo"
                f" {commits(call).show(commit.key)} at commit {commit.id}")


def _check_read(call, commit):
    if commit.finished:
        return
    if commit.job and call.server.version.line == 1:
        raise Fail(UNKNOWN, f"output commit {commit.id} not finished")
    if commit.job:
        raise Fail(UNKNOWN, f"commit {commit.id} not finished")


def file_info(call, commit, path, data, tree):
    version = call.server.version
    info = (pfs_v2 if version.line == 2 else pfs).FileInfo()
    fill_commit(call, info.file.commit, commit)
    is_dir = data is None
    info.file.path = path + ("/" if is_dir and version.line == 2 and path != "/" else "")
    info.file_type = 2 if is_dir else 1
    if is_dir:
        prefix = path.rstrip("/") + "/"
        inside = [one for name, one in commit.files.items() if name.startswith(prefix)]
        info.size_bytes = sum(len(one) for one in inside)
        info.hash = hashlib.sha256(path.encode()).digest()
        if version.line == 1:
            info.children.extend(sorted(tree.get(path, {})))
    else:
        info.size_bytes, info.hash = len(data), digest(data, version)
    if version.line == 2 or version.since("1.8.1"):
        info.committed.seconds = NOW + commit.number + 1
    return info


def _entries(call, file):
    """(the commit, the infos of what is at the path: a directory's content, or the file itself)"""
    commit, path = find(call, file.commit), clean(file.path)
    _check_read(call, commit)
    tree = _tree(commit.files)
    if path in commit.files:
        return [file_info(call, commit, path, commit.files[path], tree)]
    if path not in tree:
        raise _missing(call, commit, path)
    return [file_info(call, commit, clean(f"{path}/{name}"), data, tree)
            for name, data in sorted(tree[path].items())]


@rpc("pfs.API/ListFile", pfs.ListFileRequest, last="1.13.99")
def list_file_1(call, request):
    return pfs.FileInfos(file_info=_entries(call, request.file))


@rpc("pfs.API/ListFileStream", pfs.ListFileRequest, last="1.13.99")
@rpc("pfs_v2.API/ListFile", pfs_v2.ListFileRequest, first="2.0.0")
def list_file(call, request):
    return _made_up(call, request.file) or _entries(call, request.file)


def _made_up(call, file):
    """So many entries as the configuration says, of all repos or of one; None: it says nothing."""
    many = call.server.config.get("entries")
    commit = find(call, file.commit)
    if isinstance(many, dict):
        many = many.get("/".join(commit.key))
    return many and (file_info(call, commit, f"/entry-{i:06}", b"x", {}) for i in range(many))


@rpc("pfs.API/InspectFile", pfs.InspectFileRequest, last="1.13.99")
@rpc("pfs_v2.API/InspectFile", pfs_v2.InspectFileRequest, first="2.0.0")
def inspect_file(call, request):
    commit, path = find(call, request.file.commit), clean(request.file.path)
    _check_read(call, commit)
    tree = _tree(commit.files)
    if path not in commit.files and path not in tree:
        raise _missing(call, commit, path)
    return file_info(call, commit, path, commit.files.get(path), tree)


def _walk(call, file):
    commit, path = find(call, file.commit), clean(file.path)
    _check_read(call, commit)
    tree = _tree(commit.files)
    if path in commit.files:
        return [file_info(call, commit, path, commit.files[path], tree)]
    if path not in tree:
        raise _missing(call, commit, path)
    prefix = path.rstrip("/") + "/"
    names = [name for name in [*tree, *commit.files] if name == path or name.startswith(prefix)]
    return [file_info(call, commit, name, commit.files.get(name), tree) for name in sorted(names)]


@rpc("pfs.API/WalkFile", pfs.WalkFileRequest, first="1.8.0", last="1.13.99")
@rpc("pfs_v2.API/WalkFile", pfs_v2.WalkFileRequest, first="2.0.0")
def walk_file(call, request):
    return _made_up(call, request.file) or _walk(call, request.file)


def _pieces(data):
    if isinstance(data, Hollow):
        zeros = bytes(PIECE)
        for at in range(0, len(data), PIECE):
            yield wrappers_pb2.BytesValue(value=zeros[: len(data) - at])
        return
    for at in range(0, len(data), PIECE):
        yield wrappers_pb2.BytesValue(value=data[at:at + PIECE])


@rpc("pfs.API/GetFile", pfs.GetFileRequest, last="1.13.99")
@rpc("pfs_v2.API/GetFile", pfs_v2.GetFileRequest, first="2.0.0")
def get_file(call, request):
    commit, path = find(call, request.file.commit), clean(request.file.path)
    _check_read(call, commit)
    if path not in commit.files:
        if path in _tree(commit.files):
            raise Fail(UNKNOWN, f"cannot get directory {path}")
        raise _missing(call, commit, path)
    return _pieces(commit.files[path])


class _Pipe(io.RawIOBase):
    """Takes what tarfile writes, and gives it away."""

    def __init__(self):
        super().__init__()
        self.parts = []

    def write(self, data):
        self.parts.append(bytes(data))
        return len(data)

    def take(self):
        parts, self.parts = self.parts, []
        return wrappers_pb2.BytesValue(value=b"".join(parts))


@rpc("pfs_v2.API/GetFileTAR", pfs_v2.GetFileRequest, first="2.0.0")
def get_file_tar(call, request):
    lies = call.server.config.get("tar_names")  # what a server must not be able to do to a client
    commit = find(call, request.file.commit)
    infos = _walk(call, request.file)
    _check_read(call, commit)
    return _tar(commit, infos, lies or {})


def _tar(commit, infos, lies):
    pipe = _Pipe()
    with tarfile.open(fileobj=pipe, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        for info in infos:
            path = clean(info.file.path)
            entry = tarfile.TarInfo(lies.get(path, path))
            entry.mtime = NOW
            if path not in commit.files:
                entry.type, entry.mode = tarfile.DIRTYPE, 0o755
                tar.addfile(entry)
                continue
            data = commit.files[path]
            entry.size, entry.mode = len(data), 0o600
            data = bytes(len(data)) if isinstance(data, Hollow) else data
            tar.addfile(entry, io.BytesIO(data))
            if sum(map(len, pipe.parts)) >= PIECE:
                yield pipe.take()
    yield pipe.take()


# -- writing files -------------------------------------------------------------------------------


class Writing:
    """One stream of files: collects what it says, then changes the branch, all at once."""

    def __init__(self, call):
        self.call, self.steps, self.shown = call, [], []
        self.hollow = call.server.config.get("discard")

    def add(self, path, data):
        path = clean(path)
        check_path(path)
        if self.steps and self.steps[-1][:2] == ("add", path):
            self.steps[-1][2].append(data)
        else:
            self.steps.append(("add", path, [data]))

    def add_pieces(self, path, parts):
        """Behind the last one that there is: driver.go of 1.13.4 (applyWrite)."""
        self.steps.append(("append", clean(path), parts))

    def delete(self, path):
        """2.x takes a path as it is written: a file, or with a '/' at its end what is below: unordered_writer.go of 2.11.6."""
        below = self.call.server.version.line == 2 and path.endswith("/")
        self.steps.append(("delete", clean(path).rstrip("/") + "/" if below else clean(path), None))

    def copy(self, request):
        """The files below a path of another commit, under another name: driver_file.go:160 of 2.11.6 (copyFile), which
        asks for REPO_READ only."""
        source, dst = find(self.call, request.src.commit), clean(request.dst)
        _check_read(self.call, source)
        src = clean(request.src.path)
        found = {}
        for path, data in source.files.items():
            if path == src or path.startswith(src.rstrip("/") + "/"):
                found[clean(dst + "/" + path[len(src):])] = data
        shown = f"{commits(self.call).show(source.key)}@{source.id}:{src}"
        self.steps.append(("copy", f"{shown} to {dst}, {len(found)} files", found))

    def describe(self):
        """The steps as the call log shows them."""
        out = []
        for what, path, parts in self.steps:
            if what in ("add", "append"):
                size = sum(map(len, parts))
                whole = hashlib.sha256(b"".join(parts)).hexdigest()[:12] if not self.hollow else "-"
                what = what if what == "add" else f"append {len(parts)} pieces to"
                out.append(f"{what} {path} {size} bytes {whole}")
            else:
                out.append(f"{what} {path}")
        return out

    def change(self, files):
        for what, path, parts in self.steps:
            if what == "delete":
                is_deep = self.call.server.version.line == 1 or path.endswith("/")
                below = path.rstrip("/") + "/"
                for name in [one for one in files if one == path or (is_deep and one.startswith(below))]:
                    del files[name]
                continue
            if what == "copy":
                files.update(parts)
                continue
            if what == "append":
                below = [one for one in files if one.startswith(path + "/")]
                try:
                    first = int(max(below)[len(path) + 1:], 16) + 1 if below else 0
                except ValueError as error:
                    raise Fail(UNKNOWN, f"error parsing filename {max(below)} as int") from error
                files.update({f"{path}/{first + i:016x}": part for i, part in enumerate(parts)})
                continue
            data = Hollow(sum(map(len, parts))) if self.hollow else b"".join(parts)
            files[path] = files[path] + data if path in files else data


@rpc("pfs_v2.API/ModifyFile", pfs_v2.ModifyFileRequest, first="2.0.0", streams=True)
def modify_file(call, requests):
    writing, at = Writing(call), None
    try:
        for one in requests:
            body = one.WhichOneof("body")
            if body == "set_commit":
                at = target(call, one.set_commit)
                need(call, "w", at[0])
                at = _branch_of(call, *at)
                commits(call).writable(*at)
            elif at is None:
                raise Fail(UNKNOWN, "first request must be a set commit request")
            elif body == "add_file":
                if not one.add_file.HasField("raw"):
                    raise Fail(UNKNOWN, "unrecognized AddFile source")
                writing.add(one.add_file.path, one.add_file.raw.value)
            elif body == "delete_file":
                writing.delete(one.delete_file.path)
            elif body == "copy_file":
                with call.server.lock:
                    writing.copy(one.copy_file)
    except Fail:
        for _ in requests:  # a refusal is heard only by who has sent all
            pass
        raise
    finally:
        call.entry["request"] = {"commit": _at(call, at), "files": writing.describe()}
    if at is None:
        raise Fail(UNKNOWN, "no commit was set")
    with call.server.lock:
        commits(call).write(*at, writing.change)
    return extra.Empty()


def _branch_of(call, key, ref):
    """An id is that of an open commit: driver_file.go:30 of 2.11.6 (modifyFile)."""
    for one in commits(call).all:
        if one.key == key and one.id == ref:
            if one.ended:
                raise Fail(UNKNOWN, f"commit {one.id} has already finished")
            return key, one.branch
    return key, ref


def _at(call, at):
    return f"{commits(call).show(at[0])}@{at[1]}" if at else None


def _split(delimiter, data):
    text = data.decode()
    if delimiter == 2:
        return [line.encode() for line in re.findall(r"[^\n]*\n|[^\n]+$", text)]
    import json
    decoder, at, out = json.JSONDecoder(), 0, []
    while text[at:].strip():
        at += len(text[at:]) - len(text[at:].lstrip())
        _, end = decoder.raw_decode(text, at)
        out.append(text[at:end].encode())
        at = end
    return out


class _Put:
    """One file of a 1.x stream."""

    def __init__(self, request):
        self.file, self.parts = request.file, []
        self.replaces = request.HasField("overwrite_index")
        self.delimiter = request.delimiter


@rpc("pfs.API/PutFile", pfs.PutFileRequest, last="1.13.99", streams=True)
def put_file(call, requests):
    puts, writing, at = [], Writing(call), None
    try:
        for one in requests:
            if one.HasField("file"):
                at = target(call, one.file.commit)
                need(call, "w", at[0])
                puts.append(_Put(one))
            if not puts:
                raise Fail(UNKNOWN, "must specify file")
            puts[-1].parts.append(one.value)
        for put in puts:
            if put.replaces:
                writing.delete(put.file.path)
            data = b"".join(put.parts) if not writing.hollow else put.parts
            if put.delimiter and not put.replaces:
                writing.add_pieces(put.file.path, _split(put.delimiter, data))
            elif put.delimiter:
                for i, part in enumerate(_split(put.delimiter, data)):
                    writing.add(f"{put.file.path}/{i:016x}", part)
            else:
                writing.add(put.file.path, b"")
                for part in put.parts:
                    writing.add(put.file.path, part)
    except Fail:
        for _ in requests:
            pass
        raise
    finally:
        call.entry["request"] = {"commit": _at(call, at), "files": writing.describe()}
    with call.server.lock:
        kept = commits(call)
        opened = next((one for one in kept.all if at and one.key == at[0] and one.id == at[1]), None)
        if opened and opened.ended:
            raise Fail(UNKNOWN, f"commit {opened.id} in repo {at[0][1]} has already finished")
        if at:
            kept.write(at[0], opened.branch if opened else at[1], writing.change)
    return extra.Empty()


@rpc("pfs.API/DeleteFile", pfs.DeleteFileRequest, last="1.13.99")
def delete_file(call, request):
    key, ref = target(call, request.file.commit)
    need(call, "w", key)
    kept, writing = commits(call), Writing(call)
    opened = next((one for one in kept.all if one.key == key and one.id == ref), None)
    writing.delete(request.file.path)
    kept.write(key, opened.branch if opened else ref, writing.change)
    return extra.Empty()
