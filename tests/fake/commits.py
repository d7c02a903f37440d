"""Commits, branches and files: what the pfs services of both interfaces keep, and the jobs that a commit starts."""

import base64
import hashlib
import re
from dataclasses import dataclass, field

import validate
from versions import INVALID, UNKNOWN, Fail

SMALL = 1 << 20  # below this a file is one piece, of which 2.x makes its hash
GLOBS = re.compile(r"[*?\[\]{}!()@+^]")


class Hollow:
    """A file of which only the size is kept: for measuring."""

    def __init__(self, size):
        self.size = size

    def __len__(self):
        return self.size

    def __add__(self, more):
        return Hollow(self.size + len(more))


@dataclass
class Commit:
    key: tuple
    branch: str
    id: str
    number: int
    parent: object = None
    content: dict = field(default_factory=dict)  # path -> bytes
    closed: bool = True
    origin: str = "USER"
    provenance: list = field(default_factory=list)
    job: object = None
    outputs: dict = field(default_factory=dict)
    description: str = ""
    finishing: int = 0  # so many looks see it ended and not yet finished (2.x)

    @property
    def ended(self):
        return self.job.done if self.job else self.closed

    @property
    def finished(self):
        return self.ended and self.finishing <= 0

    @property
    def error(self):
        return f"job {self.job.state}" if self.job and self.job.done and self.failed else ""

    @property
    def failed(self):
        return self.job.state in ("failure", "killed", "unrunnable")

    @property
    def files(self):
        if self.job:
            return self.outputs if self.job.done and not self.failed else {}
        return self.content

    def ancestry(self):
        at = self
        while at:
            yield at
            at = at.parent


def content(value):
    """A file of a configuration: text, {"base64"}, or {"size"} for so many zeros."""
    if isinstance(value, str):
        return value.encode()
    if "base64" in value:
        return base64.b64decode(value["base64"])
    return bytes(value["size"])


def digest(data, version):
    """The hash that the release gives for a file."""
    if isinstance(data, Hollow):
        return hashlib.sha256(b"%d" % len(data)).digest()
    if version.line == 1:
        return hashlib.sha256(hashlib.sha512(data).hexdigest().encode()).digest()
    pieces = [data] if len(data) < SMALL else [data[i:i + SMALL] for i in range(0, len(data), SMALL)]
    whole = hashlib.blake2b(digest_size=32)
    for piece in pieces:
        whole.update(hashlib.blake2b(piece, digest_size=32).digest())
    return whole.digest()


def clean(path):
    return "/" + "/".join(part for part in path.split("/") if part)


def check_path(path):
    """What no release takes as the name of a file."""
    if not re.fullmatch("[ -~]+", path):
        raise Fail(INVALID, f"path ({path}) invalid: only printable ASCII characters allowed")
    found = GLOBS.search(path)
    if found:
        raise Fail(INVALID, f"path ({path}) invalid: globbing character ({found.group()}) not"
                            " allowed in path")


class Commits:
    def __init__(self, store):
        self.store, self.version = store, store.version
        self.heads, self.all = {}, []
        config = store.config
        for name, branches in config.get("files", {}).items():
            repo, _, branch = name.partition("@")
            key = store.key_of(repo)
            for files in branches if isinstance(branches, list) else [branches]:
                self.add(key, branch or "master",
                         {clean(path): content(one) for path, one in files.items()})
        for name in config.get("open", []):
            repo, _, branch = name.partition("@")
            self.add(store.key_of(repo), branch, {}, closed=False)

    # -- looking ---------------------------------------------------------------------------------

    def show(self, key):
        return self.store.show(key)

    def not_found(self, text):
        return Fail(self.version.code("repo not found"), text)

    def need_repo(self, key):
        if key not in self.store.state.repos:
            raise self.not_found(f"repo {self.show(key)} not found")

    def branches(self, key):
        return [branch for owner, branch in self.heads if owner == key]

    def find(self, key, ref):
        """By id, branch, or an expression such as master^2."""
        self.need_repo(key)
        base, steps = ref, 0
        match = re.fullmatch(r"([^^~]+)((?:\^+)|(?:[\^~]\d+))", ref)
        if match:
            base, tail = match.groups()
            steps = int(tail[1:]) if tail[1:].isdigit() else len(tail)
        found = self.heads.get((key, base)) or next(
            (one for one in self.all if one.key == key and one.id == base), None)
        if (key, base) in self.heads and not found:
            raise Fail(UNKNOWN, f"the branch \"{base}\" has no head (create one with 'start commit')")
        if not found and self.version.line == 2 and not self.version.since("2.6.0"):
            found = self._alias(key, base)
        for _ in range(steps):
            found = found and found.parent
        if not found:
            raise self.not_found(f"commit {ref} not found in repo {self.show(key)}")
        return found

    def _alias(self, key, set_id):
        """Until 2.5 a commit has an alias in every set that reads it."""
        for one in self.all:
            todo = [one] if one.id == set_id else []
            for other in todo:
                todo += other.provenance
                if other.key == key:
                    return other
        return None

    def readers(self, key, branch):
        """The pipelines that read the branch."""
        found = []
        for name, pipeline in sorted(self.store.state.pipelines.items()):
            if (key, branch) in self.inputs(pipeline) and not pipeline.stopped:
                found.append(name)
        return found

    def inputs(self, pipeline):
        """[(repo key, branch)]: what the pipeline reads."""
        out, request = [], pipeline.request
        for kind, leaf in validate.leaves(request.input) if request.HasField("input") else []:
            project = getattr(leaf, "project", "") if self.version.has_projects else ""
            if kind == "cron":
                out.append(((pipeline.project, leaf.repo), "master"))
            elif kind in ("pfs", "atom"):
                out.append(((project, leaf.repo), leaf.branch or "master"))
        return out

    def is_output(self, key, branch):
        pipeline = self.store.state.pipelines.get(key)
        return bool(pipeline) and branch == (pipeline.request.output_branch or "master")

    # -- writing ---------------------------------------------------------------------------------

    def add(self, key, branch, files, commit_id=None, **more):
        """A new head of the branch."""
        one = Commit(key, branch, commit_id or self.store.new_id("output" if "job" in more else "put"),
                     len(self.all),
                     self.heads.get((key, branch)), files, **more)
        if self.version.line == 2:
            one.finishing = self.store.config.get("finishing", 0)
        self.all.append(one)
        self.heads[key, branch] = one
        return one

    def output(self, job, pipeline):
        """The commit that a job writes into."""
        branch = pipeline.request.output_branch or "master"
        made = self.store.config.get("outputs", {}).get(pipeline.name, [{}])
        made = made if isinstance(made, list) else [made]
        number = sum(one.job is not None and one.key == job.key for one in self.all)
        files = made[min(number, len(made) - 1)]
        provenance = [self.heads[at] for at in self.inputs(pipeline) if self.heads.get(at)]
        commit_id = job.id if self.version.line == 2 else None
        return self.add(job.key, branch, {}, commit_id, origin="AUTO", provenance=provenance,
                        job=job, outputs={clean(p): content(v) for p, v in files.items()})

    def is_behind(self, key, pipeline):
        """Whether the last output is of another version, or of other inputs than those of now."""
        now = [self.heads[at] for at in self.inputs(pipeline) if self.heads.get(at)]
        last = [one for one in self.all if one.key == key and one.job is not None][-1:]
        return last[0].job.version != pipeline.version or last[0].provenance != now if last else bool(now)

    def closed(self, *ended):
        """Commits of a user are there: the jobs that they start begin, one for each pipeline that reads of a set."""
        for commit in ended:
            commit.closed = True
        todo = [(commit.key, commit.branch) for commit in ended]
        done = []
        for key, branch in todo:
            for reader in self.readers(key, branch):
                if reader not in done:
                    done.append(reader)
                    pipeline = self.store.state.pipelines[reader]
                    todo.append((reader, pipeline.request.output_branch or "master"))
        while done:  # each after those that it reads from
            pipelines = self.store.state.pipelines
            ready = [one for one in done
                     if not any(key in done for key, _ in self.inputs(pipelines[one]))]
            for reader in ready or list(done):
                done.remove(reader)
                self.store.start_job(reader, ended[0].id)

    def writable(self, key, branch):
        """(the open commit to write into or None, the files that are there)"""
        self.need_repo(key)
        if self.is_output(key, branch):
            raise Fail(UNKNOWN, f"cannot start a commit on an output branch: {self.show(key)}@{branch}")
        head = self.heads.get((key, branch))
        files = dict(head.files) if head else {}
        return (head if head and not head.ended else None), files

    def write(self, key, branch, change):
        """Changes the branch's files by `change(files)`: in the open commit, else in one of its own."""
        opened, files = self.writable(key, branch)
        change(files)
        if opened:
            opened.content = files
            return opened
        one = self.add(key, branch, files)
        self.closed(one)
        return one

    def dump(self):
        """For a test to compare: what each branch holds."""
        out = {}
        for (key, branch), head in sorted(self.heads.items()):
            if head and head.origin == "USER":
                out[f"{self.show(key)}@{branch}"] = {
                    "commits": len(list(head.ancestry())), "finished": head.finished,
                    "files": {path: f"{len(data)} bytes, sha256 "
                                    f"{hashlib.sha256(data).hexdigest()[:12]}"
                              for path, data in sorted(head.files.items())
                              if not isinstance(data, Hollow)}}
        return out
