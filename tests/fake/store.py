"""What the cluster holds, and creating pipelines in it, all or nothing."""

import copy
import json
import re
import time
from dataclasses import dataclass, field, replace

import defaults
import protos
import validate
from commits import Commits
from notes import Notes
from versions import NOT_FOUND, UNKNOWN, Fail

NOW = 1704067200  # 2024-01-01T00:00:00Z: the stand-in's clock, so that its answers never change


@dataclass(frozen=True)
class Pipeline:
    project: str
    name: str
    version: int
    request: object  # CreatePipelineRequest with all defaults filled in
    spec_commit: str
    salt: str
    user_json: str = ""
    effective_json: str = ""
    created_by: str = ""
    author: str = ""  # of this version; from 2.11 on created_by is the first one's
    stopped: bool = False
    salt_changed: bool = False
    history: tuple = ()  # older versions, newest first
    harmed: str = ""  # why an old release left it half-written

    @property
    def key(self):
        return self.project, self.name


@dataclass
class Job:
    key: tuple
    id: str
    version: int
    spec_commit: str
    script: list
    number: int  # they are started a second apart
    seen: int = 0
    killed: bool = False
    reason: str = ""

    @property
    def state(self):
        return "killed" if self.killed else self.script[min(self.seen, len(self.script) - 1)]

    @property
    def done(self):
        return self.state in ("failure", "success", "killed", "unrunnable")

    def look(self):
        """The present state; the next look sees the next one of the script."""
        state = self.state
        self.seen += 1
        return state


@dataclass
class Transaction:
    id: str
    requests: list = field(default_factory=list)  # (what, request, keywords for create_pipeline)


class State:
    """One consistent content; copies are cheap, for all that it refers to is never changed."""

    def __init__(self):
        self.repos = {}  # (project, name) -> description
        self.pipelines = {}  # (project, name) -> Pipeline
        self.roles = {}  # subject -> {"project/repo": [role]}
        self.cut = set()  # keys of pipelines whose output branch takes nothing from its inputs
        self.written = []  # keys written since the copy was made
        self.started, self.finished = [], []  # commits of the transaction that made the copy

    def copy(self):
        other = State()
        other.repos, other.pipelines = dict(self.repos), dict(self.pipelines)
        other.roles, other.cut = copy.deepcopy(self.roles), set(self.cut)
        return other


class Store:
    def __init__(self, version, config):
        self.version, self.config = version, config
        self.state = State()
        self.jobs, self.transactions, self.looks = [], {}, {}
        self.moves = {}  # key -> [(when, state)]: where pachd's master moves pipelines in time
        self.counters = {}
        self.projects = {"default": {}}  # name -> {"description", "created_by"}
        for one in config.get("projects", []):
            record = {"name": one} if isinstance(one, str) else dict(one)
            self.projects[record.pop("name")] = record
        self.secrets, self.given_secrets = dict(config.get("secrets", {})), config.get("secrets", {})
        self.foreign_secrets = dict(config.get("foreign_secrets", {}))
        for one in config.get("repos", []):
            name, text = (one, "") if isinstance(one, str) else (one["name"], one["description"])
            self.state.repos[self.key_of(name)] = text
        for one in config.get("pipelines", []):
            self._configured(one)
        self.commits = Commits(self)
        for one in config.get("ran", []):  # with the jobs that they have had
            self.start_job(self.key_of(one), self.new_id("commit"))
            self.jobs[-1].seen = len(self.jobs[-1].script)
        self.notes = Notes(self, config.get("metadata", {}))

    def secrets_made(self):
        """What came to be different from the configuration."""
        now = {**self.secrets, **self.foreign_secrets}
        given = {**self.given_secrets, **self.config.get("foreign_secrets", {})}
        return {name: keys for name, keys in now.items() if given.get(name) != keys}

    def new_id(self, kind):
        """A fresh id in the shape of a UUID without dashes, the same in every run."""
        number = self.counters[kind] = self.counters.get(kind, 0) + 1
        digit = {"commit": "c", "transaction": "7", "job": "b", "salt": "5", "token": "a",
                 "put": "e", "output": "d"}[kind]
        return f"{digit}0000000000040008000{number:012x}"

    def key_of(self, text):
        """"repo" or "project/repo" as written in a configuration."""
        project, _, name = text.rpartition("/")
        return (project or "default") if self.version.has_projects else "", name

    def repo_key(self, repo):
        """Of a Repo message."""
        if not self.version.has_projects:
            return "", repo.name
        return repo.project.name or "default", repo.name

    def show(self, key):
        return f"{key[0]}/{key[1]}" if self.version.has_projects else key[1]

    def _configured(self, one):
        """A pipeline that is there from the start, `version` times created."""
        key = self.key_of(f"{one.get('project', 'default')}/{one['name']}")
        module = protos.pps_v2 if self.version.line == 2 else protos.pps
        past, history = one.get("past", []), ()
        for number in range(1, one.get("version", len(past) + 1) + 1):
            spec = past[number - 1] if number <= len(past) else one.get("spec", {})
            request = _from_spec(spec, module, key, self.version)
            kept = {"user_json": "", "effective_json": ""}
            if self.version.since("2.8.0"):
                text = json.dumps(spec, separators=(",", ":"))
                kept["user_json"] = one.get("user_json", text)
                kept["effective_json"] = one.get("effective_json", defaults.to_json(request))
            pipeline = Pipeline(
                *key, number, self.fill(request), self.new_id("commit"),
                one.get("salt", "salt-" + one["name"]),
                stopped=one.get("stopped", False), created_by=one.get("created_by", ""),
                author=dict(enumerate(one.get("authors", []), 1)).get(number, one.get("created_by", "")),
                history=history, **kept,
            )
            history = (replace(pipeline, history=()),) + history
        self.state.pipelines[key] = pipeline
        self.state.repos[key] = "output repo"
        if one.get("cut"):
            self.state.cut.add(key)
        for kind, leaf in validate.leaves(request.input) if request.HasField("input") else []:
            if kind == "cron":
                self.state.repos.setdefault((key[0], leaf.repo or f"{key[1]}_{leaf.name}"), "cron")
        self.looks[key] = [[one.get("state", "running")], 0]

    def branches(self, key):
        """Of a pipeline its output branch, else those of the configuration."""
        if key in self.state.pipelines:
            return [self.state.pipelines[key].request.output_branch or "master"]
        named = self.config.get("branches", {})
        given = named.get(self.show(key), named.get(key[1], []))
        return given + [one for one in self.commits.branches(key) if one not in given]

    def provenance(self, key, branch):
        """[(repo, branch)] that a branch takes what comes from."""
        one = self.state.pipelines.get(key)
        if not one or one.stopped or key in self.state.cut or _is_spout(one.request):
            return []
        leaves = validate.leaves(one.request.input) if one.request.HasField("input") else []
        found = [(leaf.name if kind == "git" else leaf.repo, getattr(leaf, "branch", "master"))
                 for kind, leaf in leaves]
        return [*found, ("__spec__", one.name)]

    # -- reading ---------------------------------------------------------------------------------

    def pipeline(self, project, name, state=None):
        """The pipeline; `name` may be an ancestry expression such as "edges^2" or "edges~2"."""
        base, *steps = re.split("[~^]", name) if self.version.since("1.8.0") else [name]
        key = (project or "default") if self.version.has_projects else "", base
        found = (state or self.state).pipelines.get(key)
        back = sum(int(one) if one.isdigit() else 1 for one in steps)
        if back and found:
            found = found.history[back - 1] if back <= len(found.history) else None
        if not found:
            raise Fail(self.version.code("pipeline not found"),
                       f'pipeline "{self.show((key[0], name))}" not found')
        return found

    def look(self, pipeline):
        """The pipeline's present state; the next look sees the next one of its script."""
        if pipeline.stopped:
            return "paused"
        if pipeline.key in self.moves:
            return [state for at, state in self.moves[pipeline.key] if at <= time.monotonic()][-1]
        script = self.looks.setdefault(pipeline.key, [["starting", "running"], 0])
        state = script[0][min(script[1], len(script[0]) - 1)]
        script[1] += 1
        return state

    # -- writing ---------------------------------------------------------------------------------

    def fill(self, request):
        """A copy with the defaults that a server stores."""
        filled, v = type(request)(), self.version
        filled.CopyFrom(request)
        for name, value in (("output_branch", "master"), ("datum_tries", 3),
                            ("reprocess_spec", "until_success")):
            self._default(filled, name, value)
        if filled.HasField("transform"):
            self._default(filled.transform, "image", defaults.stock_image(v))
        if v.line == 1:
            self._fill_cache(filled)
        services = [filled.service] if filled.HasField("service") else []
        if validate.has(filled, "spout") and validate.has(filled.spout, "service"):
            services.append(filled.spout.service)
        for service in services if v.since("1.9.0") else []:
            self._default(service, "type", "NodePort")
        if filled.HasField("input"):
            if v.line == 2:  # by the names as they were given: unnamed ones keep their order
                _sort_inputs(filled.input)
            self._fill_input(filled.input, filled.pipeline, {})
            if v.line == 1:
                _sort_inputs(filled.input)
        return filled

    def _default(self, message, name, value):
        """Fills in a field that this release has and that is not set."""
        field = message.DESCRIPTOR.fields_by_name.get(name)
        if field and protos.name_at(field.full_name, self.version) and not getattr(message, name):
            setattr(message, name, value)

    def _fill_cache(self, filled):
        self._default(filled, "cache_size", "64M")
        self._default(filled, "max_queue_size", 1)
        if not self.version.since("1.12.0") and not filled.HasField("resource_requests"):
            filled.resource_requests.memory = filled.cache_size

    def _fill_input(self, node, pipeline, triggers):
        project = pipeline.project.name if self.version.has_projects else ""
        for kind, leaf in validate.leaves(node):
            if kind == "cron":
                leaf.repo = leaf.repo or f"{pipeline.name}_{leaf.name}"
                if not leaf.HasField("start"):
                    leaf.start.seconds = NOW
            elif kind != "git":
                leaf.name = leaf.name or leaf.repo
                leaf.branch = leaf.branch or self._branch(leaf, pipeline, triggers)
                self._default(leaf, "repo_type", "user")
                if self.version.since("2.3.0") and leaf.glob:
                    leaf.glob = "/" + "/".join(
                        part for part in leaf.glob.split("/") if part not in ("", "."))
            if self.version.has_projects and kind in ("pfs", "cron") and not leaf.project:
                leaf.project = project

    @staticmethod
    def _branch(leaf, pipeline, triggers):
        """With a trigger one of its own, counted by repo."""
        if not validate.has(leaf, "trigger"):
            return "master"
        leaf.trigger.branch = leaf.trigger.branch or "master"
        triggers[leaf.repo] = triggers.get(leaf.repo, 0) + 1
        return f"{pipeline.name}-trigger-{triggers[leaf.repo]}"

    def sources(self, request):
        """Keys of the repos that the inputs read; cron inputs have repos of their own."""
        if not request.HasField("input"):
            return []
        return [
            (leaf.project if self.version.has_projects and kind == "pfs" else "", leaf.repo)
            for kind, leaf in validate.leaves(request.input)
            if kind in ("pfs", "atom")
        ]

    def create_repo(self, state, key, description, update):
        if key in state.repos and not update:
            raise Fail(self.version.code("repo exists"), f"repo {self.show(key)} already exists")
        if not validate.NAME.fullmatch(key[1]):
            raise Fail(UNKNOWN, f"repo name ({key[1]}) invalid")
        if self.version.has_projects and key[0] and key[0] not in self.projects:
            raise Fail(NOT_FOUND, f'project "{key[0]}" not found')
        state.repos[key] = description

    def create_pipeline(self, state, request, commit, authorize, **kept):
        """Creates or updates in `state`; `authorize(operation, key, sources, makes_repos)` may raise."""
        key, filled = self.check(state, request, authorize)
        self.put(state, request, filled, commit, **kept)
        self.join(state, key)

    def check(self, state, request, authorize):
        """(key, what will be stored); raises when the request is refused before anything is done."""
        v = self.version
        validate.request(request, v)
        filled = self.fill(request)
        key = (filled.pipeline.project.name if v.has_projects else "", filled.pipeline.name)
        old = state.pipelines.get(key)
        if request.update and not old and not v.since("1.8.7"):
            raise Fail(UNKNOWN, f'pipeline "{self.show(key)}" not found')
        sources = [self._source(state, one) for one in self.sources(filled)]
        authorize("update" if old or (request.update and not v.since("2.1.1")) else "create",
                  key, sources, self._makes_repos(filled, old))
        self._check_existence(state, request, key, old)
        validate.pipeline(filled, v)
        if not old and v.line == 1:
            self.check_license(filled)
        if key in state.written:
            raise Fail(UNKNOWN, f"pipeline {self.show(key)}: its spec commit of this set exists")
        return key, filled

    @staticmethod
    def _makes_repos(filled, old):
        """Creating them is asked for by every update of a pipeline with statistics or a cron input."""
        plain = not validate.has(filled, "service") and not validate.has(filled, "spout")
        return not old or plain or any(kind == "cron" for kind, _ in validate.leaves(filled.input))

    def check_license(self, filled):
        """The pipelines that there are outside of the transaction count, by name; 2.x only ask where one is created by
        its own call."""
        count = len({name for _, name in self.state.pipelines})
        active = self.config.get("license", "ACTIVE") == "ACTIVE"
        if self.version.since("1.12.0") and not active and count >= 16:
            raise Fail(UNKNOWN, "Community Edition requires an activation key to create more than 16"
                                f" total pipelines (you have {count}). Delete some to go on.\n\n"
                                "An activation key can be had on request.")
        workers = filled.parallelism_spec.constant
        if self.version.since("1.13.0") and not active and workers > 8:
            raise Fail(UNKNOWN, "Community Edition requires an activation key to create pipelines with"
                                " parallelism more than 8. Delete some to go on.\n\n"
                                "An activation key can be had on request.")

    def put(self, state, request, filled, commit, **kept):
        """Stores the spec; the output branch is as it was, or is not there yet."""
        key = (filled.pipeline.project.name if self.version.has_projects else "",
               filled.pipeline.name)
        old = state.pipelines.get(key)
        if old and validate.has(old.request, "enable_stats") and not filled.enable_stats:
            raise Fail(UNKNOWN, f"pipeline {self.show(key)} update error: cannot disable stats")
        salt, changed = self._salt(request, old)
        kept["author"] = kept.get("created_by", "")
        if old and self.version.since("2.11.0"):
            kept["created_by"] = old.created_by  # of the first version
        state.pipelines[key] = Pipeline(
            *key, old.version + 1 if old else 1, filled, commit, salt, salt_changed=changed,
            stopped=old.stopped if old else False, history=_history(old), **kept,
        )
        state.repos[key] = "output repo"
        state.written.append(key)
        for kind, leaf in validate.leaves(filled.input) if filled.HasField("input") else []:
            if kind == "cron":
                state.repos.setdefault((key[0], leaf.repo), "cron")

    def join(self, state, key):
        """Gives the output branch its provenance: from here on it takes what its inputs bring."""
        if key in self._all_sources(state, key):
            branch = state.pipelines[key].request.output_branch
            raise Fail(UNKNOWN, f"could not create/update output branch: branch {self.show(key)}@"
                                f"{branch} cannot be in its own provenance")
        state.cut.discard(key)

    def _all_sources(self, state, key):
        """Keys of all that brings something to a pipeline's output branch: pipelines whose output branch it reads, those
        that bring something to them, and so on; and its own repo on whatever branch. Branches, not repos, make a
        cycle: branchesProvenance of 2.11.6's src/internal/pfsdb/branches.go, driver.go of 1.13.4."""
        found = self._handed_on(state, key)
        if key in self.sources(state.pipelines[key].request):
            found.append(key)
        for one in found:
            if one in state.pipelines:
                found += [more for more in self._handed_on(state, one) if more not in found]
        return found

    def _handed_on(self, state, key):
        """Keys of the repos whose branch a pipeline reads, and gets what is made of it without anybody's doing."""
        request, found = state.pipelines[key].request, []
        for kind, leaf in validate.leaves(request.input) if request.HasField("input") else []:
            if kind not in ("pfs", "atom"):
                continue
            source = (leaf.project if self.version.has_projects and kind == "pfs" else "", leaf.repo)
            made = state.pipelines.get(source)
            output = (made.request.output_branch or "master") if made else None
            trigger = "trigger" in leaf.DESCRIPTOR.fields_by_name and leaf.HasField("trigger")
            if not trigger and output in (None, leaf.branch or "master"):
                found.append(source)
        return found

    def _source(self, state, key):
        if key in state.repos:
            return key
        if self.version.has_projects and not key[0] and ("default", key[1]) in state.repos:
            return "default", key[1]
        raise Fail(self.version.code("repo not found"), f"repo {self.show(key)} not found")

    def _check_existence(self, state, request, key, old):
        if old and not request.update:
            raise Fail(self.version.code("pipeline exists"),
                       f'pipeline "{self.show(key)}" already exists')
        # src/server/pps/server/api_server.go:1912 of v2.0.0; before, the repo is taken over (2693 of v1.13.4)
        if not old and key in state.repos and self.version.since("2.0.0"):
            raise Fail(UNKNOWN, f'pipeline "{self.show(key)}" cannot be created because a repo with'
                                " the same name already exists")
        if self.version.has_projects and key[0] and key[0] not in self.projects:
            raise Fail(NOT_FOUND, f'project "{key[0]}" not found')

    def _salt(self, request, old):
        if old and not request.reprocess:
            return old.salt, False
        return request.salt or self.new_id("salt"), bool(old)

    def other_push(self, name, image=None, spec=None):
        """Somebody else pushes the pipeline at this moment: what runs with `image`, or `spec`."""
        key, state = self.key_of(name), self.state.copy()
        old, kept = state.pipelines.get(key), {}
        if spec is None:
            request = type(old.request)()
            request.CopyFrom(old.request)
            request.transform.image = image
            spec = json.loads(old.user_json or "{}")
            spec.setdefault("transform", {})["image"] = image
        else:
            module = protos.pps_v2 if self.version.line == 2 else protos.pps
            request = _from_spec(spec, module, key, self.version)
        request.update = bool(old)
        if self.version.since("2.8.0"):
            kept = {"user_json": json.dumps(spec, separators=(",", ":")),
                    "effective_json": defaults.to_json(request)}
        commit = self.new_id("commit")
        self.create_pipeline(state, request, commit, lambda *_: None, **kept)
        self.commit(state, commit)

    # -- making it real --------------------------------------------------------------------------

    def commit(self, state, commit_id):
        """`state` becomes the content; the jobs of what it wrote begin."""
        written, state.written = state.written, []
        self.state = state
        for key in written:
            script = self.config.get("states", {}).get(key[1]) or self._script(key)
            self.looks[key] = [script, 0]
            self.moves.pop(key, None)
            for job in self.jobs:
                if job.key == key and not job.done:
                    job.killed = True
        self._move(written)
        for key in self.downstream(written):
            self.start_job(key, commit_id)

    def catch_up(self, key):
        """A pipeline that is started again: its branch has inputs again, and with them a commit and a job, if its spec or
        they have moved since its last one (StartPipeline, aps:3345 of 2.11.6)."""
        if self.commits.is_behind(key, self.state.pipelines[key]):
            commit_id = self.new_id("commit")
            for one in self.downstream([key]):
                self.start_job(one, commit_id)

    def _move(self, written):
        """1.11 to 1.13: one master takes the events of all pipelines in their order. An update is two: the old
        workers go (RESTARTING), which is an event behind those of the others, and then it runs."""
        step = self.config.get("master_ms", 0) / 1000
        if not step:
            return
        at = time.monotonic()
        for key in written:
            self.moves[key] = [(at, "starting")]
        updated = [key for key in written if self.state.pipelines[key].version > 1]
        for keys, state in ((written, None), (updated, "running")):
            for key in keys:
                at += step
                is_new = self.state.pipelines[key].version == 1
                self.moves[key].append((at, state or ("running" if is_new else "restarting")))

    def _script(self, key):
        """The states that it goes through; an image from a registry in .invalid cannot be pulled."""
        return ["starting", "crashing" if self._has_no_image(self.state.pipelines[key]) else "running"]

    def _has_no_image(self, pipeline):
        host = pipeline.request.transform.image.partition("/")[0]
        return host.endswith(".invalid") and self.version.since("1.11.0")

    def downstream(self, written):
        """The written pipelines and all that read from them, in topological order of discovery."""
        found = [key for key in written
                 if not self.state.pipelines[key].stopped and key not in self.state.cut]
        for key in found:
            for other, pipeline in sorted(self.state.pipelines.items()):
                if other not in found and not pipeline.stopped:
                    if key in self.sources(pipeline.request):
                        found.append(other)
        return [key for key in found if not _is_spout(self.state.pipelines[key].request)]

    def _job_script(self, pipeline):
        """The states of its next job, and a reason: `false` fails, and so does what reads from a job that fails."""
        script = self.config.get("jobs", {}).get(pipeline.name)
        if script:
            return script, ""
        for key in self.sources(pipeline.request):
            before = [job for job in self.jobs if job.key == key][-1:]
            if before and before[0].reason:  # else it is what the configuration says
                return ["starting", "unrunnable" if self.version.line == 2 else "failure"], f"inputs failed: {key[1]}"
        if self._has_no_image(pipeline):
            return ["created" if self.version.line == 2 else "starting"], ""
        if list(pipeline.request.transform.cmd) == ["false"]:
            return ["running", "failure"], "failed to process datum"
        return ["running", "success"], ""

    def start_job(self, key, commit_id):
        pipeline = self.state.pipelines[key]
        script, reason = self._job_script(pipeline)
        if isinstance(script[0], list):  # one for each of its jobs, the last one for all further
            before = sum(job.key == key for job in self.jobs)
            script = script[min(before, len(script) - 1)]
        job_id = commit_id if self.version.line == 2 else self.new_id("job")
        self.jobs.append(Job(key, job_id, pipeline.version, pipeline.spec_commit, list(script),
                             len(self.jobs), reason=reason))
        self.commits.output(self.jobs[-1], pipeline)


def _history(old):
    return (replace(old, history=()),) + old.history if old else ()


def _is_spout(request):
    return "spout" in request.DESCRIPTOR.fields_by_name and request.HasField("spout")


def _sort_inputs(node):
    """Members by their names, at every depth; one without a name of its own has its first one's."""
    for kind in validate.LISTS:
        children = getattr(node, kind, [])
        for child in children:
            _sort_inputs(child)
        if children:
            kept = [copy.deepcopy(child) for child in sorted(children, key=_name_of)]
            node.ClearField(kind)
            getattr(node, kind).extend(kept)


def _name_of(node):
    return next((leaf.name for _, leaf in validate.leaves(node)), "")


def _from_spec(spec, module, key, version):
    value = defaults.canonical(spec, module.CreatePipelineRequest.DESCRIPTOR, version)
    if version.since("2.8.0"):
        value = defaults.merge(defaults.BUILT_IN, value)
    request = defaults.to_message(value, module.CreatePipelineRequest)
    request.pipeline.name = key[1]
    if version.has_projects:
        request.pipeline.project.name = key[0]
    request.transform.SetInParent()
    return request
